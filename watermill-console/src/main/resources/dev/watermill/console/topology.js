// How the mills hang together: whose output is whose input. Drawn where there is room, and in words anyway.

import { badge } from './badge.js';
import { attr, el, keyed, show, style, svg, text } from './dom.js';
import { place } from './format.js';
import { anchorOf } from './glance.js';
import { graphOf, topologyOf } from './topology-layout.js';

const FEW = 2;

const MAX_PLACE = 23;

export class Topology {

  constructor(node) {
    this.node = node;
    this.water = svg('svg', { class: 'diagram__water', 'aria-hidden': 'true', focusable: 'false' });
    this.parts = el('div', {});
    this.canvas = el('div', { class: 'diagram__canvas' }, this.water, this.parts);
    this.picture = el('div', { class: 'diagram topology__picture', role: 'group', 'aria-label': 'Mills and what they read and write' }, this.canvas);
    this.words = el('ul', { class: 'topology__list' });
    this.node.append(this.picture,
      el('details', { class: 'more topology__words' }, el('summary', {}, 'In words'), this.words));
  }

  update(mills) {
    show(this.node, mills.length >= FEW);
    if (mills.length < FEW) {
      return;
    }
    const { boxes, edges, width, height } = topologyOf(mills);
    style(this.canvas, 'width', `${width}px`);
    style(this.canvas, 'height', `${height}px`);
    attr(this.water, 'width', width);
    attr(this.water, 'height', height);
    keyed(this.water, edges, (edge) => edge.id, edgePart);
    keyed(this.parts, boxes, (box) => box.id, (box) => (box.kind === 'mill') ? millBox(box) : placeBox());
    // A box that scrolls has to be reached by keyboard
    attr(this.picture, 'tabindex', (this.picture.scrollWidth > this.picture.clientWidth + 1) ? '0' : null);
    keyed(this.words, sentencesOf(mills), (sentence) => sentence.mill, sentencePart);
  }

}

function edgePart() {
  const bed = svg('path', { class: 'edge__bed' });
  const water = svg('path', { class: 'edge__water' });
  const node = svg('g', { class: 'edge' }, bed, water);
  return {
    node,
    update(edge) {
      attr(bed, 'd', edge.path);
      attr(water, 'd', edge.path);
      attr(water, 'marker-end', (edge.rate > 0) ? 'url(#arrow-flowing)' : 'url(#arrow)');
      node.classList.toggle('is-flowing', edge.rate > 0);
      node.classList.toggle('is-optional', edge.letters);
    },
  };
}

function settle(node, { x, y, width, height }) {
  style(node, 'left', `${x}px`);
  style(node, 'top', `${y}px`);
  style(node, 'width', `${width}px`);
  style(node, 'height', `${height}px`);
}

function millBox({ name }) {
  const state = badge();
  const node = el('a', { class: 'box box--mill', href: `#${anchorOf(name)}` },
    el('span', { class: 'box__title', title: name }, name), state.node);
  return {
    node,
    update(box) {
      settle(node, box);
      attr(node, 'data-state', box.part.state);
      state.update(box.part.state);
    },
  };
}

function placeBox() {
  const node = el('p', { class: 'box box--place' });
  return {
    node,
    update(box) {
      settle(node, box);
      attr(node, 'title', box.name);
      // Where a file is stands in its title, and in the words
      text(node, place(box.name.replace(/^files? .*\//, ''), MAX_PLACE));
    },
  };
}

// Of each mill: what it reads, from whom, and who reads what it writes.
export function sentencesOf(mills) {
  const { nodes } = graphOf(mills);
  return nodes.filter((node) => node.kind === 'mill').map((node) => {
    const from = node.from.map((at) => at.from.length > 0 ? `${at.name}, which ${namesOf(at.from)} writes` : at.name);
    const to = node.to.map((at) => at.to.length > 0 ? `${at.name}, which ${namesOf(at.to)} reads` : at.name);
    return {
      mill: node.name,
      words: `reads ${from.join('; ') || 'nothing'}. It writes ${to.join('; ') || 'nothing'}.`,
    };
  });
}

function namesOf(nodes) {
  return nodes.map((node) => node.name).join(' and ');
}

function sentencePart({ mill }) {
  const words = el('span');
  return {
    node: el('li', {}, el('a', { href: `#${anchorOf(mill)}` }, mill), ' ', words),
    update: (sentence) => text(words, sentence.words),
  };
}

// The join tree of a mill, drawn and kept up to date.

import { attr, el, keyed, show, showText, style, svg, text } from './dom.js';
import { brief, percent, place, rate, simpleName } from './format.js';
import { layoutOf } from './layout.js';

// The faster the elements, the faster the water; in few steps, since each change of speed is a leap
const SPEEDS = [[1000, '0.45s'], [50, '0.8s'], [1, '1.4s'], [0, '2.6s']];

export class Diagram {

  #mill = null;

  constructor(name) {
    this.water = svg('svg', { class: 'diagram__water', 'aria-hidden': 'true', focusable: 'false' });
    this.parts = el('div', { class: 'diagram__parts' });
    this.canvas = el('div', { class: 'diagram__canvas', role: 'img' }, this.water, this.parts);
    this.node = el('div', { class: 'diagram', role: 'region', 'aria-label': `Diagram of ${name}` }, this.canvas);
    new ResizeObserver(() => this.#draw()).observe(this.node);
  }

  update(mill) {
    this.#mill = mill;
    attr(this.canvas, 'aria-label', describe(mill));
    this.#draw();
  }

  #draw() {
    const room = this.node.clientWidth - 2 * parseFloat(getComputedStyle(this.node).paddingLeft);
    if (!this.#mill || !(room > 0)) {
      return;
    }
    const layout = layoutOf(this.#mill, room);
    attr(this.node, 'data-layout', layout.vertical ? 'down' : 'across');
    // A box that scrolls has to be reached by keyboard
    attr(this.node, 'tabindex', (layout.width > room + 1) ? '0' : null);
    style(this.canvas, 'width', `${layout.width}px`);
    style(this.canvas, 'height', `${layout.height}px`);
    attr(this.water, 'width', layout.width);
    attr(this.water, 'height', layout.height);
    const joins = layout.joins.map((join) => ({ ...join, kind: 'join' }));
    keyed(this.water, [...layout.edges, ...joins], (part) => (part.kind ?? 'edge') + part.id,
      (part) => (part.kind === 'join') ? joinPart() : edgePart());
    const labels = layout.edges.filter((edge) => edge.label)
      .flatMap((edge) => [
        { ...edge.label, id: `label:${edge.id}`, kind: 'label' },
        { ...edge.note, id: `note:${edge.id}`, kind: 'note' },
      ]);
    keyed(this.parts, [...layout.boxes, ...labels], (part) => part.id, (part) => CREATORS[part.kind](part));
  }

}

const CREATORS = { stream: streamBox, function: functionBox, output: outputBox, label: labelPart, note: notePart };

function roleOf(stream) {
  if (!stream.parent) {
    return 'master';
  }
  return [stream.optional ? 'optional' : null, stream.first ? 'first only' : null].filter(Boolean).join(', ') || null;
}

function describe(mill) {
  const joins = mill.streams.filter((stream) => stream.parent)
    .map((stream) => `${stream.name} is joined ${stream.optional ? 'optionally ' : ''}to ${stream.parent} where ${stream.condition}`);
  const sentences = [
    mill.master ? `The master of ${mill.name} is ${mill.master.name}` : `${mill.name} has no streams`,
    ...joins,
    mill.window ? `Windows are cut ${mill.window}` : null,
    (mill.outputs.length > 0) ? `Results go to ${mill.outputs.map((output) => output.name).join(', ')}`
      : 'There is no output',
  ];
  return sentences.filter(Boolean).join('. ') + '.';
}

function edgePart() {
  const bed = svg('path', { class: 'edge__bed' });
  const water = svg('path', { class: 'edge__water' });
  const node = svg('g', { class: 'edge' }, bed, water);
  return {
    node,
    update(edge) {
      attr(node, 'transform', edge.dy ? `translate(0 ${edge.dy})` : null);
      attr(bed, 'd', edge.path);
      attr(water, 'd', edge.path);
      attr(water, 'marker-end', (edge.rate > 0) ? 'url(#arrow-flowing)' : 'url(#arrow)');
      node.classList.toggle('is-optional', Boolean(edge.optional));
      flow(node, edge.rate);
    },
  };
}

function flow(node, elementsPerSecond) {
  const flowing = elementsPerSecond > 0;
  node.classList.toggle('is-flowing', flowing);
  if (flowing) {
    style(node, '--flow', SPEEDS.find(([least]) => elementsPerSecond >= least)[1]);
  }
}

function joinPart() {
  const circle = svg('circle', { class: 'join__circle' });
  const sign = svg('path', { class: 'join__sign', d: 'M-6 -4.5 L6 4.5 V-4.5 L-6 4.5 Z' });
  const node = svg('g', { class: 'join' }, circle, sign);
  return {
    node,
    update(join) {
      attr(node, 'transform', `translate(${join.x} ${join.y})`);
      attr(circle, 'r', join.radius);
      attr(sign, 'transform', (join.radius < 12) ? 'scale(.6)' : null);
    },
  };
}

function box(kind, ...content) {
  const node = el('div', { class: `box box--${kind}` }, ...content);
  return {
    node,
    settle(part) {
      style(node, 'left', `${part.x}px`);
      style(node, 'top', `${part.y}px`);
      style(node, 'width', `${part.width}px`);
      style(node, 'height', `${part.height}px`);
    },
  };
}

function line(kind) {
  return el('p', { class: `box__${kind}` });
}

function full(node, shown, whole = shown) {
  text(node, shown);
  attr(node, 'title', whole || null);
}

function figures() {
  const speed = el('strong', { class: 'box__rate' });
  const rest = el('span');
  const node = el('p', { class: 'box__figures' }, speed, rest);
  return {
    node,
    update(elementsPerSecond, other) {
      showText(speed, (elementsPerSecond > 0) ? `${rate(elementsPerSecond)}/s` : null);
      text(rest, other.filter(Boolean).join(' · '));
    },
  };
}

function streamBox() {
  const name = el('span', { class: 'box__title' });
  const role = el('span', { class: 'tag' });
  const location = line('place');
  const numbers = figures();
  const key = el('span', { class: 'box__key' });
  const level = el('span', { class: 'box__level' });
  const part = box('stream', el('p', { class: 'box__head' }, name), location, numbers.node,
    el('p', { class: 'box__foot' }, key, role), level);
  return {
    node: part.node,
    update({ part: stream, ...where }) {
      part.settle(where);
      part.node.classList.toggle('box--master', !stream.parent);
      full(name, stream.name);
      showText(role, roleOf(stream));
      full(location, place(stream.location), stream.location);
      numbers.update(stream.rate, [
        `${brief(stream.read)} read`,
        stream.lag > 0 ? `lag ${brief(stream.lag)}` : null,
        stream.fraction !== null ? percent(stream.fraction) : null,
      ]);
      full(key, (stream.keys.length > 0) ? `key ${stream.keys.join(', ')}` : '');
      show(level, stream.fraction !== null);
      style(level, 'width', `${100 * (stream.fraction ?? 0)}%`);
    },
  };
}

function wheel() {
  const paddles = Array.from({ length: 8 }, (_, index) => svg('path', {
    d: 'M0 -3 V-11 M-3 -11 H3', transform: `rotate(${index * 45})`,
  }));
  return svg('svg', { class: 'wheel', viewBox: '-14 -14 28 28', 'aria-hidden': 'true', focusable: 'false' },
    svg('g', { class: 'wheel__turning' }, svg('circle', { r: 8 }), ...paddles));
}

function functionBox() {
  const name = el('span', { class: 'box__title' });
  const window = line('place');
  const numbers = figures();
  const open = line('key');
  const part = box('function', wheel(), el('div', { class: 'box__text' },
    el('p', { class: 'box__head' }, name), window, numbers.node, open));
  return {
    node: part.node,
    update({ part: mill, ...where }) {
      part.settle(where);
      full(name, mill.name);
      full(window, mill.window ? `window ${mill.window}` : '');
      numbers.update(mill.deliveryRate, [`${brief(mill.deliveries)} done`]);
      text(open, (mill.window && mill.windowSize !== null) ? `${brief(mill.windowSize)} in the open window` : '');
      // Still while a window fills, the wheel turns: there is water
      flow(part.node, mill.deliveryRate || mill.master?.rate || 0);
    },
  };
}

function outputBox() {
  const name = el('span', { class: 'box__title' });
  const location = line('place');
  const numbers = figures();
  const type = line('key');
  const part = box('output', el('p', { class: 'box__head' }, name), location, numbers.node, type);
  return {
    node: part.node,
    update({ part: output, ...where }) {
      part.settle(where);
      full(name, output.name);
      const where_ = output.unfinished ?? output.location;
      full(location, place(where_), output.unfinished ? `${output.unfinished}, until it is complete` : where_);
      numbers.update(output.rate, [`${brief(output.results)} ${output.results === 1 ? 'result' : 'results'}`]);
      full(type, simpleName(output.type), output.type);
    },
  };
}

function labelPart() {
  const condition = el('span', { class: 'label__condition' });
  const node = el('p', { class: 'label' }, condition);
  return {
    node,
    update({ part: stream, ...where }) {
      settleText(node, where);
      style(node, 'height', `${where.height}px`);
      full(condition, stream.condition);
    },
  };
}

function notePart() {
  const node = el('p', { class: 'note' });
  return {
    node,
    update({ part: stream, ...where }) {
      settleText(node, where);
      showText(node, stream.unmatched);
      attr(node, 'title', stream.unmatched);
    },
  };
}

function settleText(node, where) {
  style(node, 'left', `${where.x}px`);
  style(node, 'top', `${where.y}px`);
  style(node, 'width', `${where.width}px`);
}

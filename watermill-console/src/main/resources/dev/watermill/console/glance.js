// All mills at a glance: a card each, which leads to the mill, and what of them wants a look.

import { badge } from './badge.js';
import { attr, el, keyed, show, text } from './dom.js';
import { brief, count, plural, rate } from './format.js';
import { deadLettersOf, lagOf } from './history.js';
import { spark } from './timeline.js';

// For so long lag has to grow until somebody should know
const GROWING = 30_000;

const MUCH = 1000;

export function anchorOf(name) {
  return `mill-${name}`;
}

export function glanceCard({ mill: { name } }) {
  const state = badge();
  const speed = el('span', { class: 'index__rate' });
  const course = spark();
  const facts = el('span', { class: 'index__facts' });
  const link = el('a', { class: 'index__link', href: `#${anchorOf(name)}` },
    el('span', { class: 'index__name' }, name), state.node, speed, course.node, facts);
  return {
    node: el('li', {}, link),
    update({ mill, samples }) {
      attr(link, 'data-state', mill.state);
      state.update(mill.state);
      text(speed, (mill.master?.rate > 0) ? `${rate(mill.master.rate)}/s` : '');
      course.update(samples);
      text(facts, factsOf(mill).join(' · '));
    },
  };
}

function factsOf(mill) {
  const lanes = mill.lanesByState.reduce((total, [, numbers]) => total + numbers.length, 0);
  const failed = mill.lanesByState.find(([state]) => state === 'FAILED')?.[1].length ?? 0;
  const letters = deadLettersOf(mill);
  const windows = mill.window ? mill.lanes.filter((lane) => lane.windowSize > 0).length : 0;
  return [
    (mill.state !== 'RUNNING' && mill.deliveries > 0) ? `${brief(mill.deliveries)} processed` : null,
    (lanes > 1) ? `${plural(lanes, 'lane', 'lanes')} here${(failed > 0) ? `, ${failed} failed` : ''}` : null,
    (lagOf(mill) > 0) ? `${brief(lagOf(mill))} behind` : null,
    (windows > 0) ? `${(windows > 1) ? `${count(windows)} windows` : 'window'} open, ${brief(mill.windowSize)} in ${(windows > 1) ? 'them' : 'it'}` : null,
    (letters > 0) ? plural(letters, 'dead letter', 'dead letters') : null,
  ].filter(Boolean);
}

// What somebody should look at, the worst first.
export class Concerns {

  constructor(node, list) {
    this.node = node;
    this.list = list;
  }

  update(mills, history) {
    const concerns = mills.flatMap((mill) => concernsOf(mill, history.of(mill.name)))
      .sort((one, other) => one.order - other.order);
    show(this.node, concerns.length > 0);
    keyed(this.list, concerns, (concern) => `${concern.mill} ${concern.order}`, concernPart);
  }

}

function concernsOf(mill, samples) {
  const lag = lagOf(mill);
  const before = samples.filter((sample) => sample.at <= samples.at(-1).at - GROWING && sample.lag !== null);
  const letters = mill.streams.filter((stream) => stream.deadLettered.length > 0);
  return [
    (mill.state === 'FAILED') ? { order: 1, words: `failed: ${mill.lastError?.message ?? 'see its log'}` } : null,
    mill.unavailable ? { order: 2, words: `waits: ${mill.unavailable.what}` } : null,
    mill.noMatch ? { order: 3, words: 'nothing matches' } : null,
    (before.length > 0 && lag > MUCH && lag > 1.2 * Math.max(...before.map((sample) => sample.lag)))
      ? { order: 4, words: `falls behind: ${brief(lag)} elements wait, and they get more` } : null,
    ...letters.slice(0, 1).map((stream) => ({ order: 5,
      words: `has ${plural(deadLettersOf(mill), 'dead letter', 'dead letters')}, in ${stream.deadLetters ?? 'its log'}` })),
  ].filter(Boolean).map((concern) => ({ ...concern, mill: mill.name }));
}

function concernPart({ mill }) {
  const words = el('span', { class: 'concern__words' });
  const node = el('li', { class: 'concern' }, el('a', { href: `#${anchorOf(mill)}` }, mill), ' ', words);
  return {
    node,
    update(concern) {
      attr(node, 'data-order', concern.order);
      text(words, concern.words);
    },
  };
}

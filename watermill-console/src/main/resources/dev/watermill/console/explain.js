// Why has a key no match? A search among the last keys without one, and where each stream stands.

import { attr, el, keyed, show, text } from './dom.js';
import { plural } from './format.js';

const MANY = 20;

export class KeySearch {

  // `ask` is told a mill's name, and returns the mill with all there is to know of it
  constructor(name, ask) {
    this.ask = ask;
    this.name = name;
    const id = `keys-${name}`;
    this.input = el('input', { class: 'filter__input', id, type: 'search', autocomplete: 'off', spellcheck: 'false' });
    this.summary = el('p', { class: 'search__summary' });
    this.list = el('ul', { class: 'search__list' });
    this.answer = el('div', { role: 'status', 'aria-live': 'polite' }, this.summary, this.list);
    this.node = el('details', { class: 'more search' }, el('summary', {}, 'Why has a key no match?'),
      el('form', { class: 'search__form', onsubmit: (event) => this.#search(event) },
        el('label', { for: id }, 'Key, or a part of it'), this.input,
        el('button', { class: 'button', type: 'submit' }, 'Explain')),
      this.answer);
  }

  update(mill) {
    show(this.node, mill.streams.length > 1);
  }

  async #search(event) {
    event.preventDefault();
    const wanted = this.input.value.trim();
    attr(this.answer, 'aria-busy', 'true');
    try {
      const lines = explain(await this.ask(this.name), wanted);
      this.#tell(summaryOf(lines, wanted), lines.slice(0, MANY));
    }
    catch (trouble) {
      this.#tell(`${trouble.title ?? 'It can\'t be told now'}.`, []);
    }
    finally {
      attr(this.answer, 'aria-busy', null);
    }
  }

  #tell(summary, lines) {
    text(this.summary, summary);
    keyed(this.list, lines.map((line, index) => ({ line, index })), ({ line, index }) => `${index} ${line.words}`,
      ({ line }) => ({ node: el('li', {}, line.words) }));
  }

}

function summaryOf(lines, wanted) {
  const found = lines.filter((line) => line.unmatched).length;
  if (found > 0) {
    const more = (found > MANY) ? `, of which the first ${MANY} are here` : '';
    return wanted ? `${plural(found, 'key', 'keys')} without a match${more}:`
      : `The last ${plural(found, 'key', 'keys')} without a match${more}:`;
  }
  return wanted ? `${wanted} is none of the last keys without a match. This is where the streams stand; what they have `
    + 'passed found its match, was not in both of them, or it is longer ago.' : 'No key was without a match of late.';
}

// Exported for itself: from what the endpoint tells of a mill and a text to lines.
export function explain(mill, wanted) {
  const lanes = mill?.lanes ?? [];
  const edges = (mill?.tree ?? []).filter((node) => node.parent);
  const unmatched = lanes.flatMap((lane) => edges.flatMap((node) => unmatchedOf(lane, node, lanes.length > 1)))
    .filter(({ key }) => key.includes(wanted))
    .sort((one, other) => Number(other.key === wanted) - Number(one.key === wanted));
  if (unmatched.length > 0) {
    return unmatched;
  }
  return wanted ? lanes.flatMap((lane) => (mill.tree ?? []).map((node) => standOf(lane, node, wanted, lanes.length > 1)))
    .filter(Boolean) : [];
}

function unmatchedOf(lane, node, several) {
  const { recentLeft, recentRight } = lane.inputs?.[node.stream]?.unmatched ?? {};
  const where = several ? `Lane ${lane.lane}: ` : '';
  const line = (stream, other) => ({ key, at }) => ({
    unmatched: true,
    key,
    words: `${where}${key} of ${stream} found no match: ${other} ${at === undefined || at === null ? 'was over' : `was at ${at} already`}.`,
  });
  return [...(recentLeft ?? []).map(line(node.parent, node.stream)),
    ...(recentRight ?? []).map(line(node.stream, node.parent))];
}

function standOf(lane, node, wanted, several) {
  const key = lane.inputs?.[node.stream]?.key;
  if (key === undefined || key === null) {
    return null;
  }
  const where = several ? `Lane ${lane.lane}: ` : '';
  const order = compare(wanted, key);
  const words = (order === null) ? `stands at ${key}` : (order === 0) ? `stands at it now`
    : (order > 0) ? `has not come to it yet: it stands at ${key}` : `has passed it: it stands at ${key}`;
  return { unmatched: false, key, words: `${where}${node.stream} ${words}.` };
}

// Numbers and times only: in which order texts are the page does not know.
function compare(one, other) {
  if (one === other) {
    return 0;
  }
  const number = /^-?\d+(\.\d+)?$/;
  const time = /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?$/;
  if (number.test(one) && number.test(other)) {
    return Math.sign(Number(one) - Number(other));
  }
  return (time.test(one) && time.test(other)) ? Math.sign(Date.parse(one) - Date.parse(other)) : null;
}

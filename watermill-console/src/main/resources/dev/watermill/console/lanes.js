// The lanes of a mill: who has them, and those that are here each by itself while they are few, else those of them that
// want a look.

import { attr, el, keyed, show, showText, text } from './dom.js';
import { clock, count, plural, span } from './format.js';
import { badge } from './badge.js';

// More than that nobody reads one by one
const FEW = 36;

const WORST = 8;

const DOING = {
  STARTING: 'opens its streams', MERGING: 'merges', CALLING: 'in a call', COMMITTING: 'commits', IDLE: 'waits for more',
  WAITING: 'waits for a stream', RETRYING: 'about to try again', PAUSED: 'paused',
};

const INSTANCES = ['Instance', 'Number', 'Lanes'];

const LANES = ['Lane', 'State', 'Lag', 'Key', 'Does'];

// What nothing is wrong with is not worth a look
const WELL = ['RUNNING', 'COMPLETED', 'PAUSED', 'STARTING'];

export class LaneTable {

  constructor(name) {
    this.title = el('h3', { class: 'lanes__title' });
    this.note = el('p', { class: 'lanes__note' });
    this.instances = table(`Instances of ${name}`, INSTANCES, instanceRow);
    this.strip = el('div', { class: 'lanes__strip', role: 'img' });
    this.caption = el('p', { class: 'lanes__note' });
    this.lanes = table(`Lanes of ${name}`, LANES, laneRow);
    this.node = el('section', { class: 'lanes', 'aria-label': `Lanes of ${name}` },
      this.title, this.note, this.instances.node, this.strip, this.caption, this.lanes.node);
  }

  update(mill) {
    const lanes = lanesOf(mill);
    const many = lanes.length > FEW;
    show(this.node, lanes.length > 1 || mill.membership);
    text(this.title, summaryOf(mill, lanes));
    showText(this.note, noteOf(mill));
    this.instances.update(mill.membership?.members ?? [], (member) => member.id);
    show(this.strip, many);
    if (many) {
      attr(this.strip, 'aria-label', summaryOf(mill, lanes));
      keyed(this.strip, lanes, (lane) => lane.number, cell);
    }
    const here = lanes.filter(({ state }) => state !== 'ELSEWHERE');
    const shown = many ? worthALook(here) : here;
    showText(this.caption, many && shown.length > 0 ? 'Those here that want a look:' : null);
    this.lanes.update(shown, (lane) => lane.number);
  }

}

// All lanes that are known of, here and elsewhere, by their numbers.
function lanesOf(mill) {
  const lanes = new Map();
  for (const member of mill.membership?.members ?? []) {
    if (!member.self) {
      member.lanes.forEach((number) => lanes.set(number, { number, state: 'ELSEWHERE', where: member.name }));
    }
  }
  for (const [state, numbers] of mill.lanesByState) {
    numbers.forEach((number) => lanes.set(number, { number, state }));
  }
  for (const lane of mill.lanes.filter(({ state }) => state)) {
    lanes.set(lane.number, lane);
  }
  return [...lanes.values()].sort((one, other) => one.number - other.number);
}

function summaryOf(mill, lanes) {
  const members = mill.membership?.members.length ?? 0;
  const here = lanes.filter(({ state }) => state !== 'ELSEWHERE');
  const failed = here.filter(({ state }) => state === 'FAILED').length;
  const parts = [(here.length === lanes.length) ? null
    : (here.length === 0) ? 'none of them here' : `${count(here.length)} of them here`,
  (members > 1) ? `shared by ${members} instances` : null,
  failed > 0 ? `${count(failed)} failed` : null];
  return [plural(lanes.length, 'lane', 'lanes'), ...parts.filter(Boolean)].join(', ');
}

function noteOf({ membership }) {
  if (membership?.unavailable) {
    const known = membership.asOf ? ` What is shown is as of ${clock(membership.asOf)}.` : '';
    return `Who has which lanes can't be told now: ${membership.unavailable}.${known}`;
  }
  return membership?.standby ? 'This instance stands by: it gets lanes when another one leaves.' : null;
}

function worthALook(lanes) {
  const troubled = lanes.filter((lane) => !WELL.includes(lane.state) || lane.unavailable || lane.waitsFor
    || lane.error);
  const behind = lanes.filter((lane) => lane.lag > 0 && !troubled.includes(lane))
    .sort((one, other) => other.lag - one.lag)
    .slice(0, Math.max(0, WORST - troubled.length));
  return [...troubled.slice(0, FEW), ...behind].sort((one, other) => one.number - other.number);
}

function cell() {
  const node = el('span', { class: 'lanes__cell' });
  return {
    node,
    update(lane) {
      attr(node, 'data-state', lane.state);
      attr(node, 'title', `lane ${lane.number}: ${(lane.state === 'ELSEWHERE') ? `at ${lane.where}` : lane.state}`);
    },
  };
}

// Roles besides elements, since a table that is shown as a list on a phone would lose its meaning otherwise.
function table(label, columns, rowOf) {
  const body = el('tbody', { role: 'rowgroup' });
  const heads = columns.map((column) => el('th', { scope: 'col', role: 'columnheader' }, column));
  const node = el('table', { class: 'streams lanes__table', role: 'table', 'aria-label': label },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...heads)), body);
  return {
    node,
    update(items, keyOf) {
      keyed(body, items, keyOf, rowOf);
      show(node, items.length > 0);
    },
  };
}

function row(columns) {
  const head = el('th', { scope: 'row', role: 'rowheader' });
  const cells = columns.slice(1).map((column) => el('td', { role: 'cell', 'data-label': column }));
  return { head, cells, node: el('tr', { role: 'row' }, head, ...cells) };
}

function instanceRow() {
  const { head, cells: [number, lanes], node } = row(INSTANCES);
  return {
    node,
    update(member) {
      text(head, `${member.name}${member.self ? ' (this one)' : ''}`);
      attr(head, 'title', member.id);
      text(number, count(member.lanes.length));
      text(lanes, rangesOf(member.lanes) || 'stands by');
    },
  };
}

function laneRow() {
  const { head, cells: [state, lag, key, does], node } = row(LANES);
  const sign = badge();
  state.append(sign.node);
  return {
    node,
    update(lane) {
      text(head, String(lane.number));
      sign.update(lane.state);
      text(lag, count(lane.lag));
      text(key, lane.keys?.join(', ') || '–');
      text(does, doingOf(lane));
    },
  };
}

function doingOf(lane) {
  if (lane.error) {
    return lane.error.message;
  }
  if (lane.unavailable) {
    return `waits: ${lane.unavailable.what}`;
  }
  if (lane.waitsFor) {
    return `waits for ${lane.waitsFor}`;
  }
  const doing = DOING[lane.activity] ?? '–';
  return (lane.activity === 'CALLING' && lane.callAge >= 1) ? `${doing} for ${span(Math.floor(lane.callAge))}` : doing;
}

// 0, 1, 2, 5 reads 0–2, 5.
export function rangesOf(numbers) {
  const ranges = [];
  for (const number of [...numbers].sort((one, other) => one - other)) {
    const last = ranges.at(-1);
    if (last && last.to === number - 1) {
      last.to = number;
    }
    else {
      ranges.push({ from: number, to: number });
    }
  }
  return ranges.map(({ from, to }) => (from === to) ? `${from}` : `${from}–${to}`).join(', ');
}

// One mill on the page: its state, its figures, its diagram and what it can be told.

import { badge } from './badge.js';
import { Diagram } from './diagram.js';
import { attr, el, keyed, show, showText, style, text } from './dom.js';
import { KeySearch } from './explain.js';
import { anchorOf } from './glance.js';
import { LaneTable } from './lanes.js';
import { Timeline } from './timeline.js';
import { age, brief, clock, count, isNumber, moment, percent, plural, rate, simpleName, span } from './format.js';

const FEW_KEYS = 3;

const FEW_LANES = 12;

const LABELS = { start: 'Start', resume: 'Resume', pause: 'Pause', stop: 'Stop', reset: 'Reset' };

const REASONS = { disorder: 'out of order' };

const COLUMNS = ['Stream', 'Read', 'Matched', 'Skipped', 'Dead letters', 'Rate', 'Lag', 'Key', 'Group', 'Progress'];

export class MillCard {

  // `act` is told a mill's name and an action, and returns why it could not be done, or null; `ask` a name
  constructor(mill, act, ask) {
    this.act = act;
    this.name = mill.name;
    this.id = anchorOf(mill.name);
    this.badge = badge();
    this.title = el('h2', { class: 'mill__name', id: `${this.id}-name`, tabindex: '-1' }, mill.name);
    this.since = el('time', { class: 'mill__since' });
    this.detail = el('p', { class: 'mill__detail' });
    this.actions = el('div', { class: 'actions', role: 'group', 'aria-label': `What ${mill.name} can be told` });
    this.answer = el('p', { class: 'answer', role: 'status', 'aria-live': 'polite' });
    this.notices = el('div', { class: 'notices' });
    this.progress = progressBar(mill.name);
    this.figures = el('dl', { class: 'figures' });
    this.timeline = new Timeline(mill.name);
    this.diagram = new Diagram(mill.name);
    this.streams = streamTable(mill.name);
    this.lanes = new LaneTable(mill.name);
    this.search = new KeySearch(mill.name, ask);
    this.places = el('dl', { class: 'places' });
    this.node = el('article', { class: 'mill', id: this.id, 'aria-labelledby': `${this.id}-name` },
      el('header', { class: 'mill__head' },
        el('div', { class: 'mill__who' },
          el('div', { class: 'mill__line' }, this.title,
            el('a', { class: 'mill__anchor', href: `#${this.id}`, 'aria-label': `Link to ${mill.name}` }, '#')),
          el('p', { class: 'mill__line' }, this.badge.node, this.since)),
        this.actions),
      this.answer, this.detail, this.notices, this.progress.node, this.figures, this.timeline.node,
      this.diagram.node, this.streams.node, this.lanes.node,
      this.search.node,
      el('details', { class: 'more' }, el('summary', {}, 'Places and positions'), this.places));
  }

  update({ mill, now, samples }) {
    attr(this.node, 'data-state', mill.state);
    this.badge.update(mill.state);
    showText(this.since, mill.since && age(mill.since, now));
    attr(this.since, 'datetime', mill.since?.toISOString());
    attr(this.since, 'title', mill.since && `since ${moment(mill.since)}`);
    showText(this.detail, detailOf(mill));
    this.#updateActions(mill.actions);
    keyed(this.notices, noticesOf(mill), (notice) => notice.kind, noticePart);
    this.progress.update(mill);
    keyed(this.figures, figuresOf(mill), (figure) => figure.label, figurePart);
    this.timeline.update(samples);
    this.diagram.update(mill);
    this.streams.update(mill);
    this.lanes.update(mill);
    this.search.update(mill);
    keyed(this.places, placesOf(mill), (place) => place.label, definition);
  }

  #updateActions(actions) {
    const focused = this.actions.contains(document.activeElement);
    keyed(this.actions, actions, (action) => action, (action) => ({
      node: el('button', {
        class: 'button', type: 'button', 'data-action': action, 'aria-label': `${LABELS[action]} ${this.name}`,
        onclick: (event) => this.#steer(event.currentTarget, action),
      }, LABELS[action]),
    }));
    show(this.actions, actions.length > 0);
    // Whoever paused by keyboard wants to resume by keyboard
    if (focused && !this.actions.contains(document.activeElement)) {
      (this.actions.querySelector('button') ?? this.title).focus({ preventScroll: true });
    }
  }

  async #steer(button, action) {
    if (button.getAttribute('aria-busy') === 'true') {
      return;
    }
    // Still in the order of focus, unlike a disabled button
    attr(button, 'aria-busy', 'true');
    text(this.answer, '');
    try {
      text(this.answer, await this.act(this.name, action));
    }
    finally {
      attr(button, 'aria-busy', null);
    }
  }

}

function detailOf(mill) {
  if (!mill.detail || mill.detail === mill.lastError?.message) {
    return null;
  }
  return (mill.state === 'STARTING') ? `Waits for ${mill.detail}` : mill.detail;
}

function noticesOf(mill) {
  const notices = [];
  if (mill.lastError) {
    const failed = mill.state === 'FAILED';
    const at = mill.lastError.at ? ` at ${clock(mill.lastError.at)}` : '';
    notices.push({
      kind: 'error', tone: failed ? 'bad' : 'note', title: failed ? `Failed${at}` : `Last error${at}`,
      text: mill.lastError.message, more: causeOf(mill.lastError),
    });
  }
  if (mill.unavailable) {
    notices.push({
      kind: 'unavailable', tone: 'warn', title: 'Not available',
      text: mill.unavailable.what,
      more: mill.unavailable.since ? `Since ${clock(mill.unavailable.since)}; the mill tries again.` : null,
    });
  }
  if (mill.noMatch) {
    notices.push({ kind: 'no-match', tone: 'warn', title: 'Nothing matches', text: mill.noMatch, more: null });
  }
  return notices;
}

// "java.io.EOFException: no more" reads "Caused by EOFException: no more".
function causeOf(error) {
  const match = /^([\w.$]+)(?::\s*([\s\S]*))?$/.exec(error.cause ?? '');
  if (!match) {
    return error.cause && `Caused by ${error.cause}`;
  }
  return `Caused by ${simpleName(match[1])}${match[2] ? `: ${match[2]}` : ''}`;
}

function noticePart() {
  const title = el('p', { class: 'notice__title' });
  const what = el('p', { class: 'notice__text' });
  const more = el('p', { class: 'notice__more' });
  const node = el('div', {}, title, what, more);
  return {
    node,
    update(notice) {
      attr(node, 'class', `notice notice--${notice.tone}`);
      text(title, notice.title);
      text(what, notice.text);
      showText(more, notice.more);
    },
  };
}

function progressBar(name) {
  const level = el('div', { class: 'progress__level' });
  const bar = el('div', { class: 'progress__bar', role: 'progressbar', 'aria-label': `Progress of ${name}`,
    'aria-valuemin': '0', 'aria-valuemax': '100' }, level);
  const part = el('span', { class: 'progress__part' });
  const left = el('span', { class: 'progress__left' });
  const node = el('div', { class: 'progress' }, bar, el('p', { class: 'progress__words' }, part, left));
  return {
    node,
    update({ fraction, timeLeft, state }) {
      show(node, fraction !== null && state !== 'COMPLETED');
      if (fraction !== null) {
        style(level, 'width', `${100 * Math.min(1, fraction)}%`);
        attr(bar, 'aria-valuenow', Math.round(100 * fraction));
        text(part, percent(fraction));
        text(left, isNumber(timeLeft) ? `about ${span(Math.ceil(timeLeft))} left` : '');
      }
    },
  };
}

function figuresOf(mill) {
  const skipped = mill.streams.flatMap((stream) => stream.skipped);
  const letters = total(mill.streams.flatMap((stream) => stream.deadLettered).map(([, number]) => number));
  const lags = mill.streams.map((stream) => stream.lag).filter(isNumber);
  const results = mill.outputs.map((output) => output.results).filter(isNumber);
  const figures = [
    { label: 'Throughput', value: rate(mill.master?.rate), unit: 'elements/s' },
    { label: 'Processed', value: brief(mill.deliveries),
      unit: mill.skippedDeliveries > 0 ? `${brief(mill.skippedDeliveries)} given up` : 'deliveries' },
    { label: 'Results', value: (mill.outputs.length > 0) ? brief(total(results)) : '–',
      unit: (mill.outputs.length > 1) ? `in ${mill.outputs.length} streams` : 'written' },
    { label: 'Skipped', value: brief(total(skipped.map(([, number]) => number))),
      unit: (letters > 0) ? `and ${brief(letters)} dead letters` : 'elements' },
    { label: 'Lag', value: (lags.length > 0) ? brief(Math.max(...lags)) : '–', unit: 'elements behind' },
  ];
  if (mill.inFlight) {
    figures.push({ label: 'In flight', value: brief(mill.inFlight.deliveries), unit: `deliveries, ${brief(mill.inFlight.most)} a lane at most` });
  }
  if (mill.window) {
    figures.push({ label: 'Window', value: brief(mill.windowSize), unit: mill.window });
  }
  return figures;
}

function total(numbers) {
  return numbers.reduce((before, number) => before + number, 0);
}

function figurePart() {
  const label = el('dt', { class: 'figure__label' });
  const value = el('span', { class: 'figure__value' });
  const unit = el('span', { class: 'figure__unit' });
  const node = el('div', { class: 'figure' }, label, el('dd', {}, value, ' ', unit));
  return {
    node,
    update(figure) {
      text(label, figure.label);
      text(value, figure.value);
      text(unit, figure.unit);
      attr(unit, 'title', figure.unit);
    },
  };
}

// Roles besides elements, since a table that is shown as a list on a phone would lose its meaning otherwise.
function streamTable(name) {
  const body = el('tbody', { role: 'rowgroup' });
  const heads = COLUMNS.map((column) => el('th', { scope: 'col', role: 'columnheader' }, column));
  const node = el('table', { class: 'streams', role: 'table', 'aria-label': `Streams of ${name}` },
    el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...heads)), body);
  return {
    node,
    update(mill) {
      keyed(body, mill.streams, (stream) => stream.name, streamRow);
      show(node, mill.streams.length > 0);
    },
  };
}

function streamRow() {
  const title = el('span');
  const order = el('small', { class: 'streams__order' });
  const name = el('th', { scope: 'row', role: 'rowheader' }, title, order);
  const cells = COLUMNS.slice(1).map((column) => el('td', { role: 'cell', 'data-label': column }));
  return {
    node: el('tr', { role: 'row' }, name, ...cells),
    update(stream) {
      text(title, stream.name);
      showText(order, stream.reorder && orderOf(stream.reorder));
      const values = [
        count(stream.read),
        count(stream.matched),
        byReason(stream.skipped),
        (stream.deadLetters === null) ? '–' : byReason(stream.deadLettered),
        (stream.rate === null) ? '–' : `${rate(stream.rate)}/s`,
        count(stream.lag),
        keysOf(stream.keys),
        count(stream.groupSize),
        (stream.fraction === null) ? '–' : percent(stream.fraction),
      ];
      values.forEach((value, index) => text(cells[index], value));
    },
  };
}

function orderOf({ by, within, held, late, lateness }) {
  return `in the order of ${by}, within ${within}: ${count(held)} wait, ${count(late)} late, at most ${lateness} back`;
}

// Of many lanes each has a key of its own.
function keysOf(keys) {
  return (keys.length > FEW_KEYS) ? `${keys[0]} and ${count(keys.length - 1)} others` : keys.join(', ') || '–';
}

function byReason(counts) {
  return counts.map(([reason, number]) => `${count(number)} ${REASONS[reason] ?? reason}`).join(', ') || '0';
}

function placesOf(mill) {
  const places = mill.streams.map((stream) => ({ label: stream.name, values: [stream.location, stream.deadLetters && `dead letters: ${stream.deadLetters}`] }));
  for (const output of mill.outputs) {
    places.push({
      label: output.name,
      values: [output.location, output.unfinished && `until it is complete: ${output.unfinished}`, output.type],
    });
  }
  places.push({ label: 'Positions are kept in', values: [mill.commitPlace] });
  const committed = mill.lanes.filter((lane) => Object.keys(lane.inputs).length > 0);
  committed.slice(0, FEW_LANES).forEach((lane) => {
    const label = (mill.lanes.length > 1) ? `Committed by lane ${lane.number}` : 'Committed';
    const inputs = Object.entries(lane.inputs).map(([stream, input]) =>
      input.position ? `${stream}: ${fields(input.position)}${lastKeys(input)}` : null);
    const outputs = Object.entries(lane.outputs).map(([stream, position]) => `${stream}: ${fields(position)}`);
    places.push({ label, values: [...inputs, ...outputs, lane.completed ? 'complete' : null] });
  });
  if (committed.length > FEW_LANES) {
    places.push({ label: 'And more', values: [`of ${count(committed.length - FEW_LANES)} other lanes`] });
  }
  return places.map(({ label, values }) => ({ label, values: values.filter(Boolean) }))
    .filter(({ values }) => values.length > 0);
}

function fields(position) {
  return Object.entries(position).map(([field, value]) => `${field} ${value}`).join(', ');
}

function lastKeys(input) {
  const keys = Object.entries(input.lastKeys ?? {});
  return (keys.length > 0) ? `, after the ${plural(keys.length, 'key', 'keys')} ${keys.map(([expression, key]) => `${expression} = ${key}`).join(', ')}` : '';
}

function definition() {
  const term = el('dt');
  const values = el('dd');
  return {
    node: el('div', { class: 'place' }, term, values),
    update(place) {
      text(term, place.label);
      keyed(values, place.values.map((value, index) => ({ value, index })), (line) => line.index, () => {
        const node = el('p');
        return { node, update: (line) => text(node, line.value) };
      });
    },
  };
}

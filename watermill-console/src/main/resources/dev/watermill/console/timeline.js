// The last minutes of a mill as lines: how much it read and wrote in a second, and how far it was behind.

import { attr, el, keyed, show, svg, text } from './dom.js';
import { brief, isNumber, rate, span } from './format.js';
import { GAP, MINUTES } from './history.js';

const WIDTH = 600;

const HEIGHT = 100;

const CHARTS = [
  { title: 'Rates', unit: '/s', words: rate, lines: [{ of: 'read', label: 'read' }, { of: 'results', label: 'results' }] },
  { title: 'Lag', unit: '', words: brief, lines: [{ of: 'lag', label: 'elements behind' }] },
];

export class Timeline {

  constructor(name) {
    this.charts = CHARTS.map((chart) => new Chart(name, chart));
    this.node = el('section', { class: 'timeline', 'aria-label': `Last minutes of ${name}` },
      ...this.charts.map((chart) => chart.node));
  }

  update(samples) {
    this.charts.forEach((chart) => chart.update(samples));
    show(this.node, samples.length > 1 && this.charts.some((chart) => !chart.node.hidden));
  }

}

class Chart {

  #samples = [];

  #pointed = null;

  constructor(name, { title, unit, words, lines }) {
    this.words = (value) => isNumber(value) ? `${words(value)}${unit}` : 'unknown';
    this.title = `${title} of ${name}`;
    this.lines = lines.map((line) => ({ ...line, path: svg('path', { class: `chart__line chart__line--${line.of}` }),
      value: el('span', { class: 'chart__value' }) }));
    this.lines.forEach((line) => {
      line.key = el('span', { class: `chart__key chart__key--${line.of}` }, line.value, ` ${line.label}`);
    });
    this.most = el('span', { class: 'chart__most' });
    this.from = el('span');
    this.to = el('span');
    this.rule = svg('path', { class: 'chart__rule', d: `M0 0 V${HEIGHT}` });
    this.picture = svg('svg', { class: 'chart__picture', role: 'img', viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: 'none', focusable: 'false',
      onpointermove: (event) => this.#point(event), onpointerleave: () => this.#point(null) },
    svg('path', { class: 'chart__grid', d: `M0 .5 H${WIDTH} M0 ${HEIGHT / 2} H${WIDTH} M0 ${HEIGHT - .5} H${WIDTH}` }),
    ...this.lines.map((line) => line.path), this.rule);
    this.node = el('div', { class: 'chart' },
      el('p', { class: 'chart__head' }, el('span', { class: 'chart__title' }, title),
        ...this.lines.map((line) => line.key), this.most),
      this.picture,
      el('p', { class: 'chart__foot', 'aria-hidden': 'true' }, this.from, this.to));
  }

  update(samples) {
    this.#samples = samples;
    const known = this.lines.filter((line) => samples.some((sample) => isNumber(sample[line.of])));
    const most = Math.max(0, ...known.flatMap((line) => samples.map((sample) => sample[line.of]).filter(isNumber)));
    // Lines at zero say nothing
    show(this.node, most > 0 && samples.length > 1);
    if (this.node.hidden) {
      return;
    }
    const scale = this.#scale();
    for (const line of this.lines) {
      attr(line.path, 'd', pathOf(samples, line.of, scale, most));
      show(line.key, known.includes(line));
    }
    text(this.most, `at most ${this.words(most)}`);
    text(this.from, `${span(Math.round((scale.to - scale.from) / 1000))} ago`);
    text(this.to, 'now');
    attr(this.picture, 'aria-label', `${this.title} in the last ${span(Math.round((scale.to - scale.from) / 1000))}: `
      + known.map((line) => `${line.label} ${this.words(samples.at(-1)[line.of])} now`).join(', ')
      + `, at most ${this.words(most)}.`);
    this.#read();
  }

  // Until so many minutes were seen, those that were fill the width
  #scale() {
    const to = this.#samples.at(-1).at;
    const from = Math.max(this.#samples[0].at, to - MINUTES * 60_000);
    return { from, to, x: (at) => WIDTH * (at - from) / Math.max(1, to - from) };
  }

  #point(event) {
    this.#pointed = null;
    if (event && this.#samples.length > 1) {
      const { left, width } = this.picture.getBoundingClientRect();
      this.#pointed = (event.clientX - left) / width;
    }
    this.#read();
  }

  // What is told beside the lines: of now, or of the time that is pointed at.
  #read() {
    const scale = this.#scale();
    const at = (this.#pointed === null) ? scale.to : scale.from + this.#pointed * (scale.to - scale.from);
    const sample = this.#samples.reduce((best, one) => (Math.abs(one.at - at) < Math.abs(best.at - at)) ? one : best);
    this.lines.forEach((line) => text(line.value, this.words(sample[line.of])));
    attr(this.rule, 'class', (this.#pointed === null) ? 'chart__rule is-empty' : 'chart__rule');
    attr(this.rule, 'transform', `translate(${scale.x(sample.at).toFixed(1)} 0)`);
    text(this.to, (this.#pointed === null) ? 'now' : `${span(Math.round((scale.to - sample.at) / 1000))} ago is shown`);
  }

}

// Whole pieces: where nothing was known, or nobody looked, there is no line.
function pathOf(samples, of, scale, most) {
  const parts = [];
  let last = null;
  for (const sample of samples) {
    const value = sample[of];
    if (!isNumber(value)) {
      last = null;
      continue;
    }
    const y = HEIGHT - 2 - (HEIGHT - 6) * ((most > 0) ? value / most : 0);
    parts.push(`${(last !== null && sample.at - last < GAP) ? 'L' : 'M'}${scale.x(sample.at).toFixed(1)} ${y.toFixed(1)}`);
    last = sample.at;
  }
  return parts.join(' ');
}

// The rates alone, small, for those who look at many mills.
export function spark() {
  const line = svg('path', { class: 'chart__line chart__line--read' });
  const node = svg('svg', { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none',
    'aria-hidden': 'true', focusable: 'false' }, line);
  return {
    node,
    update(samples) {
      const rates = samples.map((sample) => sample.read).filter(isNumber);
      const most = Math.max(0, ...rates);
      attr(node, 'class', (most > 0 && rates.length > 1) ? 'spark' : 'spark is-empty');
      if (most > 0) {
        const to = samples.at(-1).at;
        const from = samples[0].at;
        attr(line, 'd', pathOf(samples, 'read', { x: (at) => WIDTH * (at - from) / Math.max(1, to - from) }, most));
      }
    },
  };
}

// The last minutes of each mill: as the page has seen them, and before that as the server remembers them.

import { isNumber } from './format.js';

export const MINUTES = 5;

// What is farther apart was not looked at in between
export const GAP = 5000;

export class History {

  #samples = new Map();

  #recalled = new Set();

  // `recall` is told a mill's name, and returns what the server remembers of it, by the clock of the page
  constructor(recall) {
    this.recall = recall;
  }

  add(mills, now) {
    const names = new Set(mills.map((mill) => mill.name));
    for (const name of this.#samples.keys()) {
      if (!names.has(name)) {
        this.#samples.delete(name);
        this.#recalled.delete(name);
      }
    }
    for (const mill of mills) {
      const before = this.of(mill.name).filter((sample) => sample.at > now - MINUTES * 60_000 && sample.at < now);
      this.#samples.set(mill.name, [...before, { at: now, ...figuresOf(mill) }]);
    }
  }

  // Asks for what was before the page was there, of one mill after another; once, as it is only something to look at.
  async begin() {
    for (const name of [...this.#samples.keys()].filter((known) => !this.#recalled.has(known))) {
      this.#recalled.add(name);
      const remembered = await this.recall(name).catch(() => []);
      const own = this.of(name);
      this.#samples.set(name, [...remembered.filter((sample) => sample.at < (own[0]?.at ?? Infinity)), ...own]);
    }
  }

  // The samples of a mill, the oldest one first.
  of(name) {
    return this.#samples.get(name) ?? [];
  }

}

// From what the endpoint tells of a mill; `shift` is by how much the page's clock is ahead of the server's.
export function remembered(mill, shift) {
  return (mill.history ?? []).map((sample) => ({ ...sample, lag: sample.lag ?? null, at: Date.parse(sample.at) + shift }));
}

function figuresOf(mill) {
  const rates = mill.outputs.map((output) => output.rate).filter(isNumber);
  return {
    read: mill.master?.rate ?? null,
    results: (rates.length > 0) ? rates.reduce((total, rate) => total + rate, 0) : null,
    lag: lagOf(mill),
    deadLetters: deadLettersOf(mill),
  };
}

// Of the stream that is the farthest behind.
export function lagOf(mill) {
  const lags = mill.streams.map((stream) => stream.lag).filter(isNumber);
  return (lags.length > 0) ? Math.max(...lags) : null;
}

export function deadLettersOf(mill) {
  return mill.streams.flatMap((stream) => stream.deadLettered).reduce((total, [, number]) => total + number, 0);
}

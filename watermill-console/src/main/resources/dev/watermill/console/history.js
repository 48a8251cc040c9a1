// The last minutes of each mill, as the page has seen them: the endpoint tells of now only.

import { isNumber } from './format.js';

export const MINUTES = 5;

// What is farther apart was not looked at in between
export const GAP = 5000;

export class History {

  #samples = new Map();

  add(mills, now) {
    const names = new Set(mills.map((mill) => mill.name));
    for (const name of this.#samples.keys()) {
      if (!names.has(name)) {
        this.#samples.delete(name);
      }
    }
    for (const mill of mills) {
      const before = this.of(mill.name).filter((sample) => sample.at > now - MINUTES * 60_000 && sample.at < now);
      this.#samples.set(mill.name, [...before, { at: now, ...figuresOf(mill) }]);
    }
  }

  // The samples of a mill, the oldest one first.
  of(name) {
    return this.#samples.get(name) ?? [];
  }

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

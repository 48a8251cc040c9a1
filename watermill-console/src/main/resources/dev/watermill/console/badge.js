// What a mill or a lane is doing.

import { attr, el, svg, text } from './dom.js';

const SIGNS = {
  STARTING: 'M8 1.5 A6.5 6.5 0 1 1 1.5 8',
  RUNNING: 'M4 2 L13 8 L4 14 Z',
  PAUSED: 'M4.500 2.500 V13.500 M11.500 2.500 V13.500',
  STOPPED: 'M3 3 H13 V13 H3 Z',
  COMPLETED: 'M2.500 8.500 L6.500 12.500 L13.500 4',
  FAILED: 'M3 3 L13 13 M13 3 L3 13',
};

// The state as a sign with a word: colour alone says nothing.
export function badge() {
  const sign = svg('path');
  const word = el('span');
  const node = el('span', { class: 'badge' },
    svg('svg', { class: 'badge__sign', viewBox: '0 0 16 16', 'aria-hidden': 'true', focusable: 'false' }, sign), word);
  return {
    node,
    update(state, label = state) {
      attr(node, 'data-state', state);
      attr(sign, 'd', SIGNS[state] ?? '');
      text(word, label);
    },
  };
}

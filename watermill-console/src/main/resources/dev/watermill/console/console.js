// The page: asks the endpoint each second and shows what it tells.

import { badge } from './badge.js';
import { Connection, Trouble } from './connection.js';
import { attr, el, keyed, show, showText, text } from './dom.js';
import { clock, plural } from './format.js';
import { Concerns, glanceCard } from './glance.js';
import { History, remembered } from './history.js';
import { MillCard } from './mill.js';
import { STATES, millsOf } from './model.js';
import { Topology } from './topology.js';

const PACE = 1000;

// What will not change soon is not asked for each second, and what needs a password not at all: the browser might ask
// for it again and again
const PACES = new Map([['forbidden', 2000], ['missing', 2000], ['signin', null]]);

const MANY = 6;

const CONFIRMED = {
  reset: (mill) => ({
    title: `Reset ${mill}?`,
    text: 'The mill forgets where it stands. When it is started again it reads its streams from their beginning and '
      + 'replaces what it wrote.',
    yes: 'Reset',
  }),
};

const byId = (id) => document.getElementById(id);

const connection = new Connection(document.querySelector('meta[name=watermill-endpoint]').content);

const history = new History(async (mill) => remembered(await connection.ask(mill), Date.now() - page.now));

const concerns = new Concerns(byId('concerns'), byId('concerns-list'));

const topology = new Topology(byId('topology'));

const page = { mills: null, now: 0, read: null, states: new Map(), timer: null, asking: false };

async function poll() {
  clearTimeout(page.timer);
  if (page.asking || document.hidden) {
    return;
  }
  page.asking = true;
  let pace = PACE;
  try {
    const { body, now } = await connection.read();
    page.mills = millsOf(body);
    page.now = now;
    history.add(page.mills, Date.now());
    history.begin();
    page.read = new Date();
    render();
    showTrouble(null);
  }
  catch (problem) {
    if (!(problem instanceof Trouble)) {
      console.error(problem);
    }
    const trouble = (problem instanceof Trouble) ? problem
      : new Trouble('other', 'The page does not understand the answer', String(problem));
    showTrouble(trouble);
    pace = PACES.has(trouble.kind) ? PACES.get(trouble.kind) : PACE;
  }
  finally {
    page.asking = false;
  }
  if (pace !== null) {
    page.timer = setTimeout(poll, pace);
  }
}

function render() {
  document.title = titleOf(page.mills);
  announceChanges();
  renderOverview();
  concerns.update(page.mills, history);
  topology.update(page.mills);
  renderMills();
}

function titleOf(mills) {
  const failed = mills.filter((mill) => mill.state === 'FAILED').length;
  return (failed > 0) ? `${failed} failed · WaterMill` : 'WaterMill';
}

// States only: whoever listens to a page does not want to hear each number
function announceChanges() {
  const changes = [];
  for (const mill of page.mills) {
    const before = page.states.get(mill.name);
    if (before && before !== mill.state) {
      changes.push(`${mill.name} is ${mill.state.toLowerCase()}.`);
    }
    page.states.set(mill.name, mill.state);
  }
  if (changes.length > 0) {
    text(byId('announcer'), changes.join(' '));
  }
}

function renderOverview() {
  const { mills } = page;
  show(byId('overview'), mills.length > 0);
  text(byId('overview-title'), plural(mills.length, 'mill', 'mills'));
  const counts = STATES.map((state) => ({ state, number: mills.filter((mill) => mill.state === state).length }))
    .filter(({ number }) => number > 0);
  keyed(byId('counts'), counts, ({ state }) => state, () => {
    const state = badge();
    return {
      node: el('li', {}, state.node),
      update: (item) => state.update(item.state, `${item.number} ${item.state.toLowerCase()}`),
    };
  });
  show(byId('filter-box'), mills.length > MANY);
  keyed(byId('index'), visibleMills().map((mill) => ({ mill, samples: history.of(mill.name) })),
    ({ mill }) => mill.name, glanceCard);
}

function visibleMills() {
  const wanted = byId('filter').value.trim().toLowerCase();
  const filtered = page.mills.length > MANY && wanted;
  return filtered ? page.mills.filter((mill) => mill.name.toLowerCase().includes(wanted)) : page.mills;
}

function renderMills() {
  const mills = visibleMills();
  keyed(byId('mills'), mills.map((mill) => ({ mill, now: page.now, samples: history.of(mill.name) })), ({ mill }) => mill.name,
    ({ mill }) => new MillCard(mill, act, (name) => connection.ask(name)));
  showText(byId('empty'), (page.mills.length === 0) ? 'This application has no mills.'
    : (mills.length === 0) ? 'No mill has a name like that.' : null);
}

function showTrouble(trouble) {
  const live = byId('live');
  const known = page.read ? `, as of ${clock(page.read)}` : '';
  attr(live, 'data-kind', trouble ? trouble.kind : 'live');
  text(byId('live-text'), !trouble ? 'Live' : (trouble.kind === 'away') ? `Server away${known}` : `No data${known}`);
  document.body.classList.toggle('is-stale', Boolean(trouble));
  show(byId('trouble'), trouble);
  if (trouble) {
    text(byId('trouble-title'), trouble.title);
    text(byId('trouble-advice'),
      trouble.advice + (page.read ? ` Below is what was known at ${clock(page.read)}.` : ''));
    showText(byId('trouble-code'), trouble.code);
    show(byId('trouble-retry'), trouble.kind === 'signin');
  }
}

async function act(mill, action) {
  if (CONFIRMED[action] && !await confirmed(CONFIRMED[action](mill))) {
    return null;
  }
  const refusal = await connection.act(mill, action);
  poll();
  return refusal;
}

function confirmed({ title, text: words, yes }) {
  const dialog = byId('confirm');
  text(byId('confirm-title'), title);
  text(byId('confirm-text'), words);
  text(byId('confirm-yes'), yes);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
  });
}

// The mill that a link names is there only once the first answer is
function goToAnchor() {
  const target = byId(location.hash.slice(1)) ?? byId(decodeURI(location.hash.slice(1)));
  if (target?.classList.contains('mill')) {
    target.scrollIntoView();
    target.querySelector('.mill__name').focus({ preventScroll: true });
  }
}

byId('confirm-yes').addEventListener('click', () => byId('confirm').close('yes'));
byId('confirm-no').addEventListener('click', () => byId('confirm').close('no'));
byId('trouble-retry').addEventListener('click', poll);
byId('filter').addEventListener('input', () => {
  if (page.mills) {
    renderOverview();
    renderMills();
  }
});
document.addEventListener('visibilitychange', poll);
addEventListener('hashchange', goToAnchor);
await poll();
if (location.hash) {
  goToAnchor();
}

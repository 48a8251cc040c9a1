// What the endpoint tells, as the page needs it: whatever is missing is null or empty here, so that nothing else has
// to ask.

import { isNumber, seconds, span } from './format.js';

export const STATES = ['FAILED', 'STARTING', 'RUNNING', 'PAUSED', 'STOPPED', 'COMPLETED'];

const ACTIONS = ['start', 'resume', 'pause', 'stop', 'reset'];

export function millsOf(body) {
  return (body?.mills ?? []).filter((mill) => mill?.name).map(millOf);
}

function millOf(mill) {
  const lanes = (mill.lanes ?? []).map(laneOf);
  // A rate is one of late, but nothing flows through a mill that stands
  const rateOf = (rate) => (mill.state === 'RUNNING') ? numberOf(rate) : (isNumber(rate) ? 0 : null);
  const streams = (mill.tree ?? []).map((node) => streamOf(node, lanes, rateOf, mill.state === 'COMPLETED'));
  return {
    name: mill.name,
    state: mill.state ?? 'STOPPED',
    since: date(mill.since),
    detail: mill.detail ?? null,
    unavailable: unavailableOf(mill.unavailable),
    noMatch: mill.noMatch ?? null,
    fraction: numberOf(mill.progress?.fraction),
    timeLeft: seconds(mill.progress?.timeLeft),
    actions: ACTIONS.filter((action) => (mill.actions ?? []).includes(action)),
    streams,
    master: streams.find((stream) => !stream.parent) ?? null,
    outputs: (mill.outputs ?? []).map((output) => outputOf(output, rateOf)),
    window: windowOf(mill.window),
    windowSize: sum(lanes.map((lane) => lane.windowSize)),
    inFlight: mill.inFlight ?? null,
    deliveries: numberOf(mill.deliveries),
    skippedDeliveries: numberOf(mill.skippedDeliveries),
    deliveryRate: rateOf(mill.deliveryRate),
    commitPlace: mill.commitPlace ?? null,
    lanes,
    lanesByState: Object.entries(mill.lanesByState ?? {}),
    membership: membershipOf(mill.membership),
    lastError: errorOf(mill.lastError),
  };
}

function streamOf(node, lanes, rateOf, done) {
  const inputs = lanes.map((lane) => lane.inputs[node.stream]).filter(Boolean);
  return {
    name: node.stream,
    location: node.location ?? '',
    parent: node.parent ?? null,
    condition: node.parent ? conditionOf(node) : null,
    optional: Boolean(node.optional),
    // as of there is one anyway
    first: Boolean(node.first) && !node.kind,
    read: numberOf(node.read),
    matched: numberOf(node.matched),
    skipped: Object.entries(node.skipped ?? {}).filter(([, number]) => number > 0),
    deadLettered: Object.entries(node.deadLettered ?? {}).filter(([, number]) => number > 0),
    deadLetters: node.deadLetters ?? null,
    rate: rateOf(node.rate),
    lag: numberOf(node.lag) ?? sum(inputs.map((input) => input.lag)),
    fraction: (done && isNumber(node.progress)) ? 1 : numberOf(node.progress),
    keys: inputs.map(keyOf).filter((key) => key !== null),
    groupSize: sum(inputs.map((input) => input.groupSize)),
    reorder: reorderOf(node.reorder),
    unmatched: inputs.map((input) => input.unmatched?.explanation).find(Boolean) ?? null,
  };
}

function reorderOf(reorder) {
  return reorder ? { by: reorder.by ?? '?', within: reorder.within ?? '?', held: numberOf(reorder.held) ?? 0,
    late: numberOf(reorder.late) ?? 0, lateness: numberOf(reorder.greatestLateness) ?? 0 } : null;
}

function conditionOf(node) {
  const left = node.left ?? '?';
  const right = node.right ?? '?';
  return node.kind ? `${left} ~ ${right}, ${node.kind}` : `${left} = ${right}`;
}

function laneOf(lane, index) {
  const inputs = lane.inputs ?? {};
  return {
    number: lane.lane ?? index,
    state: lane.state ?? null,
    activity: lane.liveness?.activity ?? null,
    callAge: seconds(lane.liveness?.callAge),
    waitsFor: lane.liveness?.waitsFor ?? null,
    unavailable: unavailableOf(lane.unavailable),
    error: errorOf(lane.error),
    windowSize: numberOf(lane.windowSize),
    lag: sum(Object.values(inputs).map((input) => input.lag)),
    keys: [...new Set(Object.values(inputs).map(keyOf).filter((key) => key !== null))],
    completed: Boolean(lane.completed),
    inputs,
    outputs: lane.outputs ?? {},
  };
}

function membershipOf(membership) {
  if (!membership) {
    return null;
  }
  return {
    standby: Boolean(membership.standby),
    members: (membership.members ?? []).map((member) => ({
      id: member.id, name: memberName(member), lanes: member.lanes ?? [], self: Boolean(member.self),
    })),
    asOf: date(membership.asOf),
    unavailable: membership.unavailable ?? null,
  };
}

// Several may be on one host, and the end of an id is what differs.
function memberName({ id, host }) {
  const end = String(id ?? '').slice(-6);
  return [String(host ?? '').replace(/^\//, ''), end].filter(Boolean).join(' · ');
}

// The key that a stream stands at, or else the last one of the last commit.
function keyOf(input) {
  const key = input.key ?? Object.values(input.lastKeys ?? {}).at(-1) ?? null;
  return (key !== null) ? String(key) : null;
}

function outputOf(output, rateOf) {
  return {
    name: output.stream,
    type: output.type ?? null,
    location: output.location ?? '',
    unfinished: output.unfinishedLocation ?? null,
    results: numberOf(output.results),
    rate: rateOf(output.rate),
  };
}

function windowOf(window) {
  if (window?.size) {
    const step = (window.step === window.size) ? '' : ` every ${distance(window.step)}`;
    return `of ${distance(window.size)}${step} by ${window.by}`;
  }
  if (window?.gap) {
    return `by ${window.by}, gaps over ${distance(window.gap)}`;
  }
  if (window?.count) {
    return `of ${window.count} elements`;
  }
  if (window?.by) {
    return `by ${window.by}`;
  }
  if (window?.every) {
    return `every ${span(seconds(window.every))}`;
  }
  return window?.function ? `by ${window.function}` : null;
}

// A number in the units of a key, or a duration as in PT5M
function distance(text) {
  return text.startsWith('P') ? span(seconds(text)) : text;
}

function unavailableOf(unavailable) {
  if (!unavailable) {
    return null;
  }
  return (typeof unavailable === 'string') ? { what: unavailable, since: null }
    : { what: unavailable.what ?? 'something', since: date(unavailable.since) };
}

function errorOf(error) {
  return error ? { message: error.message ?? 'unknown', cause: error.cause ?? null, at: date(error.at) } : null;
}

function date(text) {
  const at = new Date(text ?? NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}

function numberOf(value) {
  return isNumber(value) ? value : null;
}

function sum(values) {
  const numbers = values.filter(isNumber);
  return (numbers.length > 0) ? numbers.reduce((total, value) => total + value, 0) : null;
}

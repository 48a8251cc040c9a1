// Numbers, times and places in the words of people.

const whole = new Intl.NumberFormat('en');

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

const decimal = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

const percentage = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 });

const NONE = '–';

const MAX_LOCATION = 27;

export function isNumber(value) {
  return typeof value === 'number' && Number.isFinite(value);
}

export function count(value) {
  return isNumber(value) ? whole.format(value) : NONE;
}

// For places that are small.
export function brief(value) {
  return isNumber(value) ? (Math.abs(value) < 100_000 ? whole : short).format(value) : NONE;
}

export function rate(value) {
  if (!isNumber(value)) {
    return NONE;
  }
  if (value > 0 && value < 0.1) {
    return '< 0.1';
  }
  return (value < 100) ? decimal.format(value) : brief(Math.round(value));
}

export function percent(fraction) {
  // Done is only what is done
  return percentage.format((fraction < 1) ? Math.min(fraction, 0.99) : 1);
}

export function plural(number, one, many) {
  return `${whole.format(number)} ${number === 1 ? one : many}`;
}

// Seconds of an ISO 8601 duration such as PT1H2M3.5S, or of a number of them.
export function seconds(duration) {
  if (isNumber(duration)) {
    return duration;
  }
  const match = /^P(?:([\d.]+)D)?(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/.exec(duration ?? '');
  if (!match) {
    return null;
  }
  const [days, hours, minutes, secs] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + secs;
}

export function span(secs) {
  if (!isNumber(secs)) {
    return NONE;
  }
  if (secs < 1) {
    return (secs > 0) ? `${Math.max(1, Math.round(secs * 1000))} ms` : '0 s';
  }
  if (secs < 60) {
    return `${decimal.format(secs < 10 ? secs : Math.round(secs))} s`;
  }
  const minutes = Math.floor(secs / 60);
  if (minutes < 60) {
    return join(minutes, 'min', Math.floor(secs % 60), 's', minutes < 10);
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return join(hours, 'h', minutes % 60, 'min', true);
  }
  return plural(Math.floor(hours / 24), 'day', 'days');
}

function join(large, largeUnit, small, smallUnit, both) {
  return (both && small > 0) ? `${large} ${largeUnit} ${small} ${smallUnit}` : `${large} ${largeUnit}`;
}

// For times that are told each second: whole seconds, and no more of them than matter.
export function age(since, now) {
  const secs = Math.max(0, Math.floor((now - since) / 1000));
  return (secs < 1) ? 'just now' : `for ${span(secs)}`;
}

export function clock(date) {
  return date.toLocaleTimeString('en-GB');
}

export function moment(date) {
  return date.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}

// The end of a place says more than its beginning.
export function place(location, most = MAX_LOCATION) {
  const plain = location ?? '';
  return (plain.length > most) ? '…' + plain.slice(1 - most).trimStart() : plain;
}

export function simpleName(type) {
  return (type ?? '').replace(/^.*[.$]/, '');
}

// Small helpers that change the page in place: what has not changed is not touched, so that focus, selection and
// animations survive each refresh.

const SVG = 'http://www.w3.org/2000/svg';

const children = new WeakMap();

export function el(tag, attributes, ...content) {
  return build(document.createElement(tag), attributes, content);
}

export function svg(tag, attributes, ...content) {
  return build(document.createElementNS(SVG, tag), attributes, content);
}

function build(node, attributes, content) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    }
    else {
      attr(node, name, value);
    }
  }
  node.append(...content.filter((child) => child !== null && child !== undefined));
  return node;
}

export function attr(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) {
      node.removeAttribute(name);
    }
  }
  else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

export function text(node, value) {
  const wanted = value ?? '';
  if (node.textContent !== wanted) {
    node.textContent = wanted;
  }
}

export function show(node, visible) {
  if (node.hidden === Boolean(visible)) {
    node.hidden = !visible;
  }
}

// Shows a text, or nothing at all where there is none.
export function showText(node, value) {
  text(node, value);
  show(node, Boolean(value));
}

// By way of the object model, since the page's security policy has no style attributes.
export function style(node, name, value) {
  if (node.style.getPropertyValue(name) !== value) {
    node.style.setProperty(name, value);
  }
}

// Makes the children of a node those of the items: what an item is made of stays as long as its key does.
export function keyed(parent, items, keyOf, create) {
  const before = children.get(parent) ?? new Map();
  const now = new Map(items.map((item) => [keyOf(item), item]));
  for (const [key, part] of before) {
    if (!now.has(key)) {
      part.node.remove();
      before.delete(key);
    }
  }
  let next = parent.firstChild;
  for (const [key, item] of now) {
    let part = before.get(key);
    if (!part) {
      part = create(item);
      before.set(key, part);
    }
    if (part.node === next) {
      next = next.nextSibling;
    }
    else {
      parent.insertBefore(part.node, next);
    }
    part.update?.(item);
  }
  children.set(parent, before);
  return before;
}

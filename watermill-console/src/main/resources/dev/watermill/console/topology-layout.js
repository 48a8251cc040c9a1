// Where mills and the places they share are drawn. Pure arithmetic: from mills to boxes and edges, from left to right.

const BOX = { width: 178, height: 44 };

const ROW = 58;

const COLUMN = 240;

const BETWEEN = 14;

// What is written and read, by the place: a topic, a file. A self-join reads one place twice.
export function graphOf(mills) {
  const nodes = new Map();
  const edges = new Map();
  const node = (kind, name, part) => {
    const id = `${kind}:${name}`;
    if (!nodes.has(id)) {
      nodes.set(id, { id, kind, name, part, from: [], to: [] });
    }
    return nodes.get(id);
  };
  const connect = (from, to, rate, letters) => {
    const id = `${from.id} > ${to.id}`;
    const edge = edges.get(id) ?? { id, from, to, rate: 0, letters };
    edge.rate = Math.max(edge.rate, rate ?? 0);
    if (!edges.has(id)) {
      edges.set(id, edge);
      from.to.push(to);
      to.from.push(from);
    }
  };
  for (const mill of mills) {
    const at = node('mill', mill.name, mill);
    mill.streams.filter((stream) => stream.location)
      .forEach((stream) => connect(node('place', stream.location), at, stream.rate, false));
    mill.outputs.filter((output) => output.location)
      .forEach((output) => connect(at, node('place', output.location), output.rate, false));
  }
  // Dead letters are a place once there are some, or where a mill reads them
  for (const mill of mills) {
    mill.streams.filter((stream) => stream.deadLetters
      && (stream.deadLettered.length > 0 || nodes.has(`place:${stream.deadLetters}`)))
      .forEach((stream) => connect(nodes.get(`mill:${mill.name}`), node('place', stream.deadLetters), 0, true));
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

export function topologyOf(mills) {
  const { nodes, edges } = graphOf(mills);
  setColumns(nodes);
  let top = 0;
  let columns = 0;
  for (const group of groupsOf(nodes)) {
    top = setRows(group, top) + BETWEEN;
  }
  for (const node of nodes) {
    node.x = node.column * COLUMN;
    columns = Math.max(columns, node.column);
  }
  return {
    boxes: nodes.map((node) => ({ ...node, ...BOX })),
    edges: edges.map((edge) => ({ ...edge, path: pathOf(edge) })),
    width: columns * COLUMN + BOX.width,
    height: Math.max(0, top - BETWEEN),
  };
}

// Each stands behind all that it gets something from; where there is a circle, which topics allow, as far as it goes.
function setColumns(nodes) {
  nodes.forEach((node) => { node.column = 0; });
  for (let pass = 0, moved = true; moved && pass < nodes.length; pass++) {
    moved = false;
    for (const node of nodes) {
      const least = Math.max(0, ...node.from.filter((other) => !leadsTo(node, other)).map((other) => other.column + 1));
      if (node.column < least) {
        node.column = least;
        moved = true;
      }
    }
  }
  // What nobody writes stands right before who reads it
  nodes.filter((node) => node.from.length === 0 && node.to.length > 0)
    .forEach((node) => { node.column = Math.max(0, Math.min(...node.to.map((other) => other.column)) - 1); });
}

function leadsTo(node, target) {
  const seen = new Set();
  const ahead = [node];
  while (ahead.length > 0) {
    const next = ahead.pop();
    if (next === target) {
      return true;
    }
    if (!seen.has(next)) {
      seen.add(next);
      ahead.push(...next.to);
    }
  }
  return false;
}

// Mills that share nothing stand by themselves, the largest group first.
function groupsOf(nodes) {
  const groups = [];
  const seen = new Set();
  for (const start of nodes) {
    const group = [];
    const ahead = [start];
    while (ahead.length > 0) {
      const node = ahead.pop();
      if (!seen.has(node)) {
        seen.add(node);
        group.push(node);
        ahead.push(...node.from, ...node.to);
      }
    }
    if (group.length > 0) {
      groups.push(group);
    }
  }
  return groups.sort((one, other) => other.length - one.length);
}

// Each column in the order of what is before it, so that few edges cross; all of them centered. Returns the bottom.
function setRows(group, top) {
  const columns = new Map();
  for (const node of [...group].sort((one, other) => one.column - other.column)) {
    columns.set(node.column, [...(columns.get(node.column) ?? []), node]);
  }
  const most = Math.max(...[...columns.values()].map((column) => column.length));
  const center = (others) => (others.length > 0) ? others.reduce((total, { row }) => total + (row ?? 0), 0) / others.length : null;
  for (let sweep = 0; sweep < 4; sweep++) {
    for (const column of columns.values()) {
      column.forEach((node, index) => { node.wanted = center(sweep % 2 ? node.to : node.from) ?? node.row ?? index; });
      column.sort((one, other) => one.wanted - other.wanted);
      column.forEach((node, index) => { node.row = index + (most - column.length) / 2; });
    }
  }
  group.forEach((node) => { node.y = top + node.row * ROW; });
  return top + (most - 1) * ROW + BOX.height;
}

function pathOf({ from, to }) {
  const start = { x: from.x + BOX.width, y: from.y + BOX.height / 2 };
  const end = { x: to.x - 4, y: to.y + BOX.height / 2 };
  if (end.x > start.x) {
    const bend = Math.min(60, (end.x - start.x) / 2);
    return `M${start.x} ${start.y} C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}`;
  }
  const below = Math.max(from.y, to.y) + BOX.height + 8;
  return `M${start.x} ${start.y} C${start.x + 40} ${below} ${end.x - 40} ${below} ${end.x} ${end.y}`;
}

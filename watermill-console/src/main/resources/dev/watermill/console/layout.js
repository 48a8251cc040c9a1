// Where the parts of a join tree are drawn. Pure arithmetic: from a mill and a width to boxes, joins and edges.
//
// In a wide place the streams stand on the left, one below the other, and flow to the right into joins, the function
// and the outputs. In a narrow place everything flows down along a rail on the left.

const BOX = { width: 224, height: 92 };

const FUNCTION = { width: 196, height: 92 };

const ROW = 128;

const JOIN = 17;

const CURVE = 64;

const SHORT = 56;

const LABEL = { character: 7.2, least: 130, most: 280, height: 20 };

const NARROW = 700;

const INDENT = 22;

const RAIL = 16;

const GAP = 18;

const CONNECTOR = 48;

const NOTE = 34;

export function layoutOf(mill, width) {
  return (width < NARROW) ? down(mill, Math.max(width, 240)) : across(mill);
}

function across(mill) {
  const parts = { boxes: [], joins: [], edges: [], vertical: false };
  const labelled = Math.min(LABEL.most, Math.max(LABEL.least,
    ...mill.streams.map((stream) => (stream.condition ?? '').length * LABEL.character + 12)));
  const column = (height) => BOX.width + height * (labelled + CURVE) + (height - 1) * JOIN;
  let row = 0;

  // Returns where the flow of a stream, joined with all below it, goes on
  const place = (stream) => {
    const children = childrenOf(mill, stream);
    const y = row++ * ROW;
    parts.boxes.push({ id: `stream:${stream.name}`, kind: 'stream', part: stream, x: 0, y, ...BOX });
    const own = { x: BOX.width, y: y + BOX.height / 2, height: 0, rate: stream.rate };
    if (children.length === 0) {
      return own;
    }
    const flows = children.map(place);
    const height = 1 + Math.max(...flows.map((flow) => flow.height));
    const join = { x: column(height), y: (own.y + flows.at(-1).y) / 2 };
    parts.joins.push({ id: `join:${stream.name}`, ...join, radius: JOIN });
    parts.edges.push(edge(`own:${stream.name}`, own, { ...join, x: join.x - JOIN }, stream.rate));
    flows.forEach((flow, index) => {
      const child = children[index];
      const straight = join.x - JOIN - CURVE - flow.x;
      parts.edges.push({
        ...edge(`child:${child.name}`, flow, { ...join, x: join.x - JOIN }, flow.rate),
        label: { part: child, x: flow.x + 8, y: flow.y - LABEL.height - 3, width: straight - 4, height: LABEL.height },
        note: { part: child, x: flow.x + 8, y: flow.y + 5, width: straight - 4 },
      });
    });
    return { x: join.x + JOIN, y: join.y, height, rate: joinedRate(stream, flows) };
  };

  const flow = mill.master ? place(mill.master) : { x: 0, y: BOX.height / 2, rate: null };
  const y = Math.max(flow.y, outputsHeight(mill) / 2);
  shift(parts, y - flow.y);
  const x = flow.x + (flow.x > 0 ? SHORT : 0);
  parts.boxes.push({ id: 'function', kind: 'function', part: mill, x, y: y - FUNCTION.height / 2, ...FUNCTION });
  if (flow.x > 0) {
    parts.edges.push(edge('master', { x: flow.x, y }, { x, y }, mill.deliveryRate ?? flow.rate));
  }
  mill.outputs.forEach((output, index) => {
    const from = { x: x + FUNCTION.width, y };
    const to = { x: from.x + SHORT, y: y + (index - (mill.outputs.length - 1) / 2) * (BOX.height + GAP) };
    parts.boxes.push({
      id: `output:${output.name}`, kind: 'output', part: output, x: to.x, y: to.y - BOX.height / 2, ...BOX,
    });
    parts.edges.push(edge(`output:${output.name}`, from, to, output.rate));
  });
  return measured(parts);
}

function down(mill, width) {
  const parts = { boxes: [], joins: [], edges: [], vertical: true };
  const rail = (depth) => depth * INDENT + RAIL;
  let y = 0;

  // Draws a stream and all below it; what follows stands below `y`
  const place = (stream, depth) => {
    const box = { x: depth * INDENT, y, width: width - depth * INDENT, height: BOX.height };
    parts.boxes.push({ id: `stream:${stream.name}`, kind: 'stream', part: stream, ...box });
    y += box.height;
    const children = childrenOf(mill, stream);
    const flows = children.map((child) => {
      y += GAP;
      const flow = place(child, depth + 1);
      const from = { x: rail(depth + 1), y: flow.y };
      const to = { x: rail(depth), y: y + CONNECTOR + (child.unmatched ? NOTE : 0) };
      parts.edges.push({
        id: `child:${child.name}`,
        path: `M${from.x} ${from.y} V${to.y - 40} C${from.x} ${to.y - 12} ${to.x} ${to.y - 26} ${to.x} ${to.y - 8}`,
        rate: flow.rate,
        label: { part: child, x: from.x + 12, y: y + 8, width: width - from.x - 12, height: LABEL.height },
        note: { part: child, x: from.x + 12, y: y + 8 + LABEL.height, width: width - from.x - 12 },
      });
      parts.joins.push({ id: `join:${child.name}`, ...to, radius: 8 });
      y = to.y + 8;
      return flow;
    });
    return { y: box.y + box.height, rate: joinedRate(stream, flows) };
  };

  const flow = mill.master ? place(mill.master, 0) : null;
  if (flow) {
    y += GAP + 10;
    parts.edges.push(line('master', rail(0), flow.y, y, mill.deliveryRate ?? flow.rate));
  }
  parts.boxes.push({ id: 'function', kind: 'function', part: mill, x: 0, y, width, height: FUNCTION.height });
  y += FUNCTION.height;
  const start = y;
  const single = mill.outputs.length === 1;
  for (const output of mill.outputs) {
    y += GAP + (single ? 10 : 0);
    const x = single ? 0 : INDENT + RAIL;
    parts.boxes.push({
      id: `output:${output.name}`, kind: 'output', part: output, x, y, width: width - x, height: BOX.height,
    });
    const middle = y + BOX.height / 2;
    parts.edges.push(single ? line(`output:${output.name}`, rail(0), start, y, output.rate) : {
      id: `output:${output.name}`,
      path: `M${rail(0)} ${start} V${middle - 12} Q${rail(0)} ${middle} ${rail(0) + 12} ${middle} H${x}`,
      rate: output.rate,
    });
    y += BOX.height;
  }
  return measured(parts);
}

function childrenOf(mill, stream) {
  return mill.streams.filter((other) => other.parent === stream.name && other !== stream);
}

// No join gives faster than the slowest of its streams flows
function joinedRate(stream, flows) {
  const rates = [stream.rate, ...flows.map((flow) => flow.rate)];
  return rates.includes(null) ? stream.rate : Math.min(...rates);
}

// Straight as long as there is room, so that a label can stand on it, and a curve at the end
function edge(id, from, to, rate) {
  const bend = Math.max(from.x, to.x - CURVE);
  const middle = (bend + to.x) / 2;
  const path = (Math.abs(from.y - to.y) < 1) ? `M${from.x} ${from.y} H${to.x}`
    : `M${from.x} ${from.y} H${bend} C${middle} ${from.y} ${middle} ${to.y} ${to.x} ${to.y}`;
  return { id, path, rate };
}

function line(id, x, from, to, rate) {
  return { id, path: `M${x} ${from} V${to}`, rate };
}

function outputsHeight(mill) {
  return Math.max(BOX.height, mill.outputs.length * (BOX.height + GAP) - GAP);
}

// What was drawn before it was known how much room the outputs take moves down
function shift(parts, dy) {
  if (dy > 0) {
    const again = (y) => y + dy;
    parts.boxes.forEach((box) => { box.y = again(box.y); });
    parts.joins.forEach((join) => { join.y = again(join.y); });
    parts.edges.forEach((drawn) => {
      drawn.dy = dy;
      if (drawn.label) {
        drawn.label.y = again(drawn.label.y);
        drawn.note.y = again(drawn.note.y);
      }
    });
  }
}

function measured(parts) {
  return {
    ...parts,
    width: Math.max(...parts.boxes.map((box) => box.x + box.width)),
    height: Math.max(...parts.boxes.map((box) => box.y + box.height)),
  };
}

// Where the parts of a join tree are drawn. Pure arithmetic: from a mill and a width to boxes, joins and edges.
//
// In a wide place the streams stand on the left, one below the other, and flow to the right into joins, the function
// and the outputs. In a narrow place everything flows down along a rail on the left.

const BOX = { width: 212, height: 92 };

const FUNCTION = { width: 204, height: 92 };

const ROW = 128;

const JOIN = 17;

const CURVE = 56;

const SHORT = 44;

// Conditions take one line where there is room, and up to three where there is less
const LABEL = { character: 7.3, least: 94, usual: 124, noted: 190, most: 320, line: 18, lines: 3 };

const NARROW = 700;

const INDENT = 22;

const RAIL = 16;

const GAP = 18;

const CONNECTOR = 52;

const NOTE = 34;

export function layoutOf(mill, width) {
  return (width < NARROW) ? down(mill, Math.max(width, 240)) : across(mill, width);
}

function across(mill, width) {
  const parts = { boxes: [], joins: [], edges: [], vertical: false };
  const labelled = labelWidth(mill, width);
  const column = (height) => BOX.width + height * (labelled + CURVE + JOIN) + (height - 1) * JOIN;
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
        optional: child.optional,
        label: labelOf(child, flow.x + 8, flow.y - 4 - LABEL.lines * LABEL.line, straight - 4),
        note: { part: child, x: flow.x + 8, y: flow.y + 6, width: straight - 4 },
      });
    });
    return { x: join.x + JOIN, y: join.y, height, rate: stream.rate };
  };

  const flow = mill.master ? place(mill.master) : { x: 0, y: BOX.height / 2, rate: null };
  const y = Math.max(flow.y, outputsHeight(mill) / 2);
  shift(parts, y - flow.y);
  const x = flow.x + (flow.x > 0 ? SHORT : 0);
  parts.boxes.push({ id: 'function', kind: 'function', part: mill, x, y: y - FUNCTION.height / 2, ...FUNCTION });
  if (flow.x > 0) {
    parts.edges.push(edge('master', { x: flow.x, y }, { x, y }, intoTheMill(mill, flow)));
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
    for (const child of children) {
      y += GAP;
      const flow = place(child, depth + 1);
      const from = { x: rail(depth + 1), y: flow.y };
      const to = { x: rail(depth), y: y + CONNECTOR + (child.unmatched ? NOTE : 0) };
      parts.edges.push({
        id: `child:${child.name}`,
        path: `M${from.x} ${from.y} V${to.y - 40} C${from.x} ${to.y - 12} ${to.x} ${to.y - 26} ${to.x} ${to.y - 8}`,
        rate: flow.rate,
        optional: child.optional,
        label: labelOf(child, from.x + 12, y + 4, width - from.x - 12, 2),
        note: { part: child, x: from.x + 12, y: y + 4 + 2 * LABEL.line, width: width - from.x - 12 },
      });
      parts.joins.push({ id: `join:${child.name}`, ...to, radius: 8 });
      y = to.y + 8;
    }
    return { y: box.y + box.height, rate: stream.rate };
  };

  const flow = mill.master ? place(mill.master, 0) : null;
  if (flow) {
    y += GAP + 10;
    parts.edges.push(line('master', rail(0), flow.y, y, intoTheMill(mill, flow)));
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

// As wide as the longest condition asks for, if the whole is not wider than its place then
function labelWidth(mill, width) {
  const heightOf = (stream) => Math.max(0, ...childrenOf(mill, stream).map((child) => 1 + heightOf(child)));
  const columns = mill.master ? heightOf(mill.master) : 0;
  const wanted = Math.max(LABEL.usual, ...mill.streams.map((stream) => Math.max(stream.unmatched ? LABEL.noted : 0,
    (stream.condition ?? '').length * LABEL.character + 16)));
  const outputs = (mill.outputs.length > 0) ? SHORT + BOX.width : 0;
  const others = BOX.width + columns * (CURVE + 2 * JOIN) + SHORT + FUNCTION.width + outputs;
  return Math.max(LABEL.least, Math.min(wanted, LABEL.most, (width - others) / Math.max(1, columns)));
}

function labelOf(stream, x, y, width, lines = LABEL.lines) {
  return { part: stream, x, y, width, height: lines * LABEL.line };
}

function childrenOf(mill, stream) {
  return mill.streams.filter((other) => other.parent === stream.name && other !== stream);
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

/**
 * Into a window elements flow all the time, out of it now and then.
 */
function intoTheMill(mill, flow) {
  return mill.window ? flow.rate : mill.deliveryRate ?? flow.rate;
}

// Where things lie. Layered by dagre, owners before what they own; rings for maps too large for layers.
// The same map always lies the same way.
import * as dagre from "./vendor/dagre.js";

export const LARGE = 250;
const AROUND = 34;

export function places(nodes, edges, layout, seeds) {
  if (layout === "rings" || nodes.length > LARGE) return rings(nodes, edges, seeds);
  return layers(nodes, edges, layout === "down" ? "TB" : "LR");
}

function layers(nodes, edges, direction) {
  const graph = new dagre.Graph({ multigraph: true });
  graph.setGraph({ rankdir: direction, nodesep: direction === "LR" ? 12 : 22, ranksep: direction === "LR" ? 110 : 58, edgesep: 6, ranker: "tight-tree" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, { width: node.w, height: node.h });
  forward(edges).forEach(({ source, target, strong }, place) => graph.setEdge(source, target, { weight: strong ? 3 : 1 }, String(place)));
  dagre.layout(graph);
  const boxes = nodes.map((node) => ({ id: node.id, w: node.w, h: node.h, x: graph.node(node.id).x, y: graph.node(node.id).y }));
  wrap(boxes, direction === "LR" ? ACROSS : DOWN);
  return new Map(boxes.map(({ id, ...box }) => [id, box]));
}

// The links, each in the direction it is laid out: what closes a loop runs backward, and a stake never does for the sake
// of another link, so that an owner stands before what it owns.
function forward(edges) {
  const onward = new Map();
  const reaches = (from, to, met = new Set()) => {
    for (const left = [from]; left.length;) {
      const here = left.pop();
      if (here === to) return true;
      for (const next of onward.get(here) || []) if (!met.has(next)) { met.add(next); left.push(next); }
    }
    return false;
  };
  const kept = edges.filter(({ source, target }) => source !== target);
  return [...kept.filter(({ strong }) => strong), ...kept.filter(({ strong }) => !strong)].map((edge) => {
    const laid = reaches(edge.target, edge.source) ? { ...edge, source: edge.target, target: edge.source } : edge;
    onward.set(laid.source, [...(onward.get(laid.source) || []), laid.target]);
    return laid;
  });
}

// A tier longer than the board stands in several columns (or rows), so that what is in it can still be read.
const ACROSS = { along: "x", aside: "y", deep: "w", long: "h", most: 900, gap: 12, pitch: 96 };
const DOWN = { along: "y", aside: "x", deep: "h", long: "w", most: 1400, gap: 22, pitch: 46 };

function wrap(boxes, { along, aside, deep, long, most, gap, pitch }) {
  const length = (some) => some.reduce((sum, box) => sum + box[long] + gap, -gap);
  const middle = (some) => (Math.min(...some.map((box) => box[aside])) + Math.max(...some.map((box) => box[aside]))) / 2;
  const tiers = tiersOf(boxes, along);
  for (const tier of tiers) tier.sort((a, b) => a[aside] - b[aside]);
  if (!tiers.some((tier) => length(tier) > most)) return;
  const longest = tiers.reduce((a, b) => (length(a) > length(b) ? a : b)), centre = middle(longest), shrunk = most / length(longest);
  let shift = 0;
  for (const tier of tiers) {
    const columns = Math.ceil(length(tier) / most), step = Math.max(...tier.map((box) => box[deep])) + pitch;
    for (let column = 0; column < columns; column++) {
      const here = tier.filter((_, place) => place % columns === column);
      stack(here, centre + (middle(tier) - centre) * shrunk, { aside, long, gap, shrunk: columns > 1 ? 0 : shrunk, centre });
      for (const box of here) Object.assign(box, { [along]: box[along] + shift + column * step, wrapped: columns > 1 });
    }
    shift += (columns - 1) * step;
  }
}

const LABEL = { high: 15, apart: 4, step: 0.05, end: 12 };

// Where the labels of links stand: as near as can be to the middle of each line (or, of a box in one of several columns,
// to that box) where no box and no other label is. A line: { from, to, bend, wide }. Returns, for each, from which end of
// the line it is measured ("" for the middle), and how far from the box there.
export function labelPlaces(lines, boxes, layout) {
  const taken = [];
  return lines.map(({ from, to, bend, wide }) => {
    if (!from || !to || !wide) return { near: "", offset: 0 };
    const parts = spotsOn(from, to, layout);
    let beside = null, free = null;
    for (const part of parts) {
      const spot = { part, ...labelBox(from, to, bend, part, wide) };
      if (boxes.some((box) => meets(spot, box, 2))) continue;
      beside ||= spot;
      if (taken.some((other) => meets(spot, other, 0))) continue;
      free = spot;
      break;
    }
    const spot = free || beside || { part: parts[0], ...labelBox(from, to, bend, parts[0], wide) };
    taken.push(spot);
    return measured(from, to, spot.part);
  });
}

const edgeOf = (box, dx, dy) => Math.min(box.w / 2 / Math.max(Math.abs(dx), 1), box.h / 2 / Math.max(Math.abs(dy), 1));

// The parts of a line at which its label may stand, the best first.
function spotsOn(from, to, layout) {
  const dx = to.x - from.x, dy = to.y - from.y, length = Math.hypot(dx, dy) || 1;
  const least = edgeOf(from, dx, dy), most = 1 - edgeOf(to, dx, dy), middle = (least + most) / 2, best = [middle];
  const clear = (box) => Math.min((layout === "down" ? box.h / 2 + 22 : box.w / 2 + 42) / Math.max(Math.abs(layout === "down" ? dy : dx), 1), 0.85);
  if (to.wrapped) best[0] = Math.max(1 - clear(to), middle);
  else if (from.wrapped) best[0] = Math.min(clear(from), middle);
  for (let off = LABEL.step; off < 1; off += LABEL.step) best.push(best[0] + off, best[0] - off);
  const within = best.filter((part) => part > least + LABEL.end / length && part < most - LABEL.end / length);
  return within.length ? within : [middle];
}

function labelBox(from, to, bend, part, wide) {
  const dx = to.x - from.x, dy = to.y - from.y, length = Math.hypot(dx, dy) || 1, aside = (2 * part * (1 - part) * bend) / length;
  return { x: from.x + dx * part - dy * aside, y: from.y + dy * part + dx * aside, w: wide + LABEL.apart, h: LABEL.high };
}

const meets = (one, other, room) => Math.abs(one.x - other.x) < (one.w + other.w) / 2 + room && Math.abs(one.y - other.y) < (one.h + other.h) / 2 + room;

function measured(from, to, part) {
  const dx = to.x - from.x, dy = to.y - from.y, length = Math.hypot(dx, dy), least = edgeOf(from, dx, dy), most = 1 - edgeOf(to, dx, dy);
  if (Math.abs(part - (least + most) / 2) < 0.001) return { near: "", offset: 0 };
  return part < 0.5 ? { near: "source", offset: (part - least) * length } : { near: "target", offset: (most - part) * length };
}

function tiersOf(boxes, along) {
  const tiers = new Map();
  for (const box of boxes) {
    const place = Math.round(box[along]);
    tiers.set(place, [...(tiers.get(place) || []), box]);
  }
  return [...tiers.keys()].sort((a, b) => a - b).map((place) => tiers.get(place));
}

// Places boxes one after the other around a middle, or where they were drawn nearer to the centre.
function stack(boxes, around, { aside, long, gap, shrunk, centre }) {
  const whole = boxes.reduce((sum, box) => sum + box[long] + gap, -gap);
  let free = shrunk ? -Infinity : around - whole / 2;
  for (const box of boxes) {
    const wanted = shrunk ? centre + (box[aside] - centre) * shrunk : free + box[long] / 2;
    box[aside] = Math.max(wanted, free + box[long] / 2);
    free = box[aside] + box[long] / 2 + gap;
  }
}

function rings(nodes, edges, seeds) {
  const around = new Map(nodes.map((node) => [node.id, []]));
  for (const edge of edges) {
    around.get(edge.source)?.push(edge.target);
    around.get(edge.target)?.push(edge.source);
  }
  const large = nodes.length > LARGE;
  const room = large ? AROUND : 1.15 * Math.max(...nodes.map((node) => node.w), 1);
  const placed = new Map(), told = new Set();
  let front = seeds.filter((id) => around.has(id));
  if (!front.length && nodes.length) front = [nodes[0].id];
  front.forEach((id) => told.add(id));
  let radius = front.length > 1 ? (front.length * room) / (2 * Math.PI) : 0;
  let left = nodes.map((node) => node.id);
  while (front.length) {
    radius = spread(front, radius, room, placed);
    const next = [];
    for (const id of front) for (const other of around.get(id)) if (!told.has(other)) { told.add(other); next.push(other); }
    left = left.filter((id) => !placed.has(id));
    if (!next.length && left.length) { next.push(...left); next.forEach((id) => told.add(id)); }
    front = next;
    radius += large ? 4 * AROUND : room;
  }
  return placed;
}

// Places entities on as many rings as it takes; returns the radius of the last.
function spread(ids, radius, room, placed) {
  let done = 0;
  while (done < ids.length) {
    const fits = Math.max(1, Math.floor((2 * Math.PI * radius) / room));
    const here = ids.slice(done, done + fits);
    here.forEach((id, place) => {
      const angle = (2 * Math.PI * place) / here.length - Math.PI / 2;
      placed.set(id, { x: radius * Math.cos(angle), y: radius * Math.sin(angle) });
    });
    done += here.length;
    if (done < ids.length) radius += room * (room > AROUND ? 1 : 0.8);
  }
  return radius;
}

// A place for an entity that appears while all others stay where they are: beside one it is linked to.
export function placeBeside(box, beside, onto, others, layout) {
  const down = layout === "down", away = (onto ? 1 : -1) * (down ? 130 : 250);
  const spot = beside ? { x: beside.x + (down ? 0 : away), y: beside.y + (down ? away : 0) } : { x: 0, y: 0 };
  const taken = (x, y) => others.some((other) => Math.abs(other.x - x) < (other.w + box.w) / 2 + 8 && Math.abs(other.y - y) < (other.h + box.h) / 2 + 8);
  for (let step = 0; step < 400; step++) {
    const shift = Math.ceil(step / 2) * (step % 2 ? 1 : -1) * (down ? 40 : 22);
    const x = spot.x + (down ? shift : 0), y = spot.y + (down ? 0 : shift);
    if (!taken(x, y)) return { x, y };
  }
  return spot;
}

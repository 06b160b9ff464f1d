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
  edges.forEach((edge, place) => edge.source !== edge.target && graph.setEdge(edge.source, edge.target, { weight: edge.strong ? 3 : 1 }, String(place)));
  dagre.layout(graph);
  return new Map(nodes.map((node) => [node.id, { x: graph.node(node.id).x, y: graph.node(node.id).y }]));
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
    if (done < ids.length) radius += room * 0.8;
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

// The board: which boxes and lines are drawn, where they lie, and how they change with the day.
// A large map is drawn by the crowd (map_crowd.js); cytoscape then only knows its entities' places.
import cytoscape from "./vendor/cytoscape.js";
import { Crowd } from "./map_crowd.js";
import { LARGE, labelPlaces, placeBeside, places } from "./map_layout.js";
import { SIGN, boxOf, colours, labelWidth, look, shortened } from "./map_look.js";
import { isConditional, linkOn, listingsOn, lookOf, standing, statusOn, verdictIn } from "./map_time.js";

const STAKES = new Set(["OWNS", "CONTROLS"]);
const BEND = 40, NARROW = 600, LEGIBLE = 0.62;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const pair = (one, other) => `${one}\u0000${other}`;

export class Board {
  constructor(map, container, legend) {
    this.map = map;
    this.legend = legend;
    this.large = false;
    this.placed = new Map();
    this.shown = { links: new Map(), entities: new Set() };
    this.ink = colours();
    this.cy = cytoscape({ container, style: look(this.ink, false), minZoom: 0.02, maxZoom: 3, boxSelectionEnabled: false, selectionType: "single" });
    this.crowd = new Crowd(this.cy, () => this.ink);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.ink = colours(); this.cy.style(look(this.ink, this.large)); this.crowd.ask(); });
    new ResizeObserver(() => { this.cy.resize(); this.crowd.ask(); }).observe(container);
  }

  // Puts the content of the map on the board.
  render({ anew = false, fit = false } = {}) {
    const { content } = this.map, before = this.placed;
    this.large = content.entities.length > LARGE;
    const nodes = [...content.entities.map((entity) => this.node(entity)), ...this.folds().map((fold) => fold.node)];
    const edges = [...content.links.map(edgeOf), ...this.folds().map((fold) => fold.edge)];
    if (anew) this.placed = this.spots(nodes, edges);
    for (const node of nodes) node.position = this.spot(node.data.id) || { x: 0, y: 0 };
    this.cy.startBatch();
    this.cy.elements().remove();
    this.cy.style(look(this.ink, this.large));
    this.cy.add(this.large ? nodes : [...nodes, ...edges]);
    this.cy.endBatch();
    this.crowd.show(this.large);
    this.dots = new Map(this.large ? content.entities.map(({ entity: id, name }) => [id, { id: `n${id}`, ...this.spot(`n${id}`), name: shortened(name, 44) }]) : []);
    this.legend.classList.toggle("crowded", this.large);
    this.onDay();
    if (fit || !before.size) this.begin();
    else if (anew) this.arrive(before);
  }

  node(entity) {
    const { state } = this.map, id = entity.entity, kinds = { state: entity.state, person: entity.schema === "Person", placeholder: entity.placeholder, pinned: state.pins.has(id) };
    const size = this.large ? { w: 16, h: 16 } : this.box(entity);
    return { group: "nodes", data: { id: `n${id}`, entity: id, ...size }, classes: Object.keys(kinds).filter((kind) => kinds[kind]).join(" ") };
  }

  box(entity) {
    const box = boxOf(entity.name, this.facts(entity), this.map.state.notes.get(entity.entity));
    return { label: [...box.lines, ...box.extra].join("\n"), ...box };
  }

  // What stands in a box below the name.
  facts(entity) {
    const { state } = this.map, status = statusOn(entity, state.day);
    const lists = listingsOn(entity, state.day).map((one) => one.list.replace(/^US-(BIS|OFAC|DOW|DHS)-/, ""));
    const told = status === "none" ? "" : `${SIGN[verdictIn(status)]} ${status}${lists.length ? `: ${[...new Set(lists)].join(", ")}` : ""}`;
    return [told, entity.more && !state.x.has(entity.entity) ? `+${entity.more.toLocaleString("en")}` : ""].filter(Boolean);
  }

  // "1,204 more": what is left of the neighbours of those that were expanded.
  folds() {
    const open = [...this.map.state.x.keys()].map((id) => this.map.entity(id)).filter((entity) => entity?.more);
    return open.map(({ entity: id, more }) => ({
      node: { group: "nodes", data: { id: `m${id}`, fold: id, label: `${more.toLocaleString("en")} more`, w: 96, h: 32 }, classes: "fold" },
      edge: { group: "edges", data: { id: `f${id}`, source: `n${id}`, target: `m${id}`, label: "" }, classes: "folded" },
    }));
  }

  // Those that are there on the day are laid out, the others are given a place when they appear. A large map is laid
  // out for all days: there is no room beside thousands of dots.
  spots(nodes, edges) {
    const { state } = this.map, now = this.shownOn();
    const boxes = nodes.filter(({ data }) => this.large || data.fold || now.entities.has(data.entity)).map(({ data }) => ({ id: data.id, w: data.w, h: data.h }));
    const lines = edges.filter(({ data }) => this.large || data.place === undefined || now.links.has(data.place)).map((edge) => ({ source: edge.data.source, target: edge.data.target, strong: edge.classes === "owns" }));
    const seeds = [...state.x.keys(), ...state.e].map((id) => `n${id}`);
    const found = places(boxes, lines, state.layout, [...new Set(seeds)]);
    for (const [id, place] of state.pins) if (found.has(`n${id}`)) found.set(`n${id}`, { ...place });
    return found;
  }

  spot(id) {
    const place = this.placed.get(id);
    return place && { x: place.x, y: place.y };
  }

  // How the links that are shown are drawn: those of one pair bend away from each other, and labels keep clear of boxes.
  lines() {
    const { content, state } = this.map, pairs = new Map();
    const drawn = [...this.shown.links].map(([place, how]) => {
      const { source, target } = content.links[place], ends = pair(...[source, target].sort());
      pairs.set(ends, [...(pairs.get(ends) || []), place]);
      return { place, source, target, ends, label: how.label };
    });
    const boxes = [...this.placed].filter(([id]) => this.isOnBoard(this.cy.getElementById(id))).map(([id, { x, y, wrapped }]) => {
      const { w, h } = this.cy.getElementById(id).data();
      return [id, { x, y, w, h, wrapped }];
    });
    const by = new Map(boxes);
    const lines = drawn.map(({ place, source, target, ends, label }) => {
      const beside = pairs.get(ends), bend = (beside.indexOf(place) - (beside.length - 1) / 2) * BEND * (source < target ? 1 : -1);
      return { from: by.get(`n${source}`), to: by.get(`n${target}`), bend, wide: label ? labelWidth(label) : 0 };
    });
    const spots = labelPlaces(lines, boxes.map(([, box]) => box), state.layout);
    return new Map(drawn.map(({ place }, at) => [place, { bend: lines[at].bend, ...spots[at] }]));
  }

  // The links and entities there are on the day of the state.
  shownOn() {
    const { content, state } = this.map, links = new Map(), entities = new Set();
    content.links.forEach((link, place) => {
      const how = linkOn(link, state.day, content.as_of);
      if (how.state !== "now" && !(how.state === "past" && state.past)) return;
      links.set(place, how);
      entities.add(link.source).add(link.target);
    });
    for (const entity of content.entities) if (entity.given || state.x.has(entity.entity)) entities.add(entity.entity);
    return { links, entities };
  }

  isShown(id) { return this.shown.entities.has(id); }
  isOnBoard(node) { return Boolean(node.data("fold")) || this.isShown(node.data("entity")); }

  // The links of an entity that are shown.
  tiesOf(id) { return (this.map.ties.get(id) || []).filter((place) => this.shown.links.has(place)); }

  // Shows what holds on the day of the state; asks for nothing.
  onDay() {
    this.shown = this.shownOn();
    this.tellLegend();
    if (this.large) this.drawCrowd();
    else this.drawBoxes();
  }

  // The legend says of a verdict what the boxes say: what is, or what would be.
  tellLegend() {
    for (const word of this.legend.querySelectorAll("[data-verdict]")) {
      const said = standing(word.dataset.verdict, this.map.content.regime_status);
      word.textContent = said;
      word.previousElementSibling.classList.toggle("would-be", isConditional(said));
    }
  }

  drawBoxes() {
    const { content, state } = this.map, path = this.onPath();
    this.cy.startBatch();
    content.links.forEach((link, place) => {
      const how = this.shown.links.get(place), edge = this.cy.getElementById(`l${place}`);
      edge.toggleClass("gone", !how).toggleClass("past", how?.state === "past").toggleClass("on-path", path.has(pair(link.source, link.target)));
      if (how) edge.data("label", how.label);
    });
    for (const entity of content.entities) {
      const id = entity.entity, status = statusOn(entity, state.day), node = this.cy.getElementById(`n${id}`);
      node.data(this.box(entity));
      node.toggleClass("gone", !this.isShown(id)).toggleClass("on-path", path.has(id)).toggleClass("pinned", state.pins.has(id));
      for (const one of Object.keys(SIGN)) node.toggleClass(one, one === verdictIn(status));
      node.toggleClass("would-be", isConditional(status));
      if (this.isShown(id) && !this.placed.has(`n${id}`)) this.place(node);
    }
    this.drawn = this.lines();
    for (const [place, { near, offset }] of this.drawn) this.cy.getElementById(`l${place}`).data({ near, offset });
    this.cy.endBatch();
  }

  drawCrowd() {
    const { content, state } = this.map, path = this.onPath(), lines = { other: [], owns: [], past: [], path: [] };
    const dots = [];
    for (const entity of content.entities)
      if (this.isShown(entity.entity)) dots.push({ ...this.dots.get(entity.entity), look: lookOf(statusOn(entity, state.day)), path: path.has(entity.entity) });
    for (const { node } of this.folds()) dots.push({ id: node.data.id, ...this.spot(node.data.id), look: "fold", name: node.data.label, path: false });
    for (const [place, how] of this.shown.links) {
      const link = content.links[place], from = this.dots.get(link.source), to = this.dots.get(link.target);
      const onPath = path.size && path.has(pair(link.source, link.target));
      lines[onPath ? "path" : how.state === "past" ? "past" : STAKES.has(link.type) ? "owns" : "other"].push(from.x, from.y, to.x, to.y);
    }
    this.drawn = new Map();
    this.crowd.refresh(dots, lines);
  }

  // Gives a place to an entity that appears, beside one it is linked to.
  place(node) {
    const { content, state } = this.map, id = node.data("entity");
    const links = this.tiesOf(id).map((place) => content.links[place]);
    const link = links.find((one) => this.placed.has(`n${one.source === id ? one.target : one.source}`));
    const beside = link && this.placed.get(`n${link.source === id ? link.target : link.source}`);
    const others = this.cy.nodes().filter((other) => this.isOnBoard(other) && this.placed.has(other.id())).map((other) => ({ ...this.spot(other.id()), w: other.data("w"), h: other.data("h") }));
    const spot = state.pins.get(id) || placeBeside(node.data(), beside, link?.target === id, others, state.layout);
    this.placed.set(node.id(), { x: spot.x, y: spot.y });
    node.position({ x: spot.x, y: spot.y });
  }

  moved(node) { this.placed.set(node.id(), { ...node.position() }); }

  // The entities on the paths that are shown, and the pairs they lead over.
  onPath() {
    const found = new Set();
    for (const path of this.map.state.paths)
      path.forEach((id, place) => {
        found.add(id);
        if (place) found.add(pair(path[place - 1], id)).add(pair(id, path[place - 1]));
      });
    return found;
  }

  // Lets entities move from where they were; new ones stand at once.
  arrive(before) {
    this.cy.stop();
    if (still.matches || this.large) return this.fit();
    for (const node of this.cy.nodes()) {
      const from = before.get(node.id()), to = this.spot(node.id());
      if (from && to && (from.x !== to.x || from.y !== to.y)) node.position({ x: from.x, y: from.y }).animate({ position: to }, { duration: 260 });
    }
    clearTimeout(this.arriving);
    this.arriving = setTimeout(() => this.fit(), 290);
  }

  inView(node) {
    const w = this.cy.width(), h = this.cy.height(), spot = node.renderedPosition();
    if (this.large) {
      if (spot.x < 20 || spot.y < 20 || spot.x > w - 20 || spot.y > h - 20) this.cy.panBy({ x: w / 2 - spot.x, y: h / 2 - spot.y });
      return this.crowd.ask();
    }
    const box = node.renderedBoundingBox();
    if (box.x1 < 0 || box.y1 < 0 || box.x2 > w || box.y2 > h) this.cy.animate({ center: { eles: node } }, { duration: still.matches ? 0 : 150 });
  }

  // The nearest entity in a direction from one, for the arrow keys.
  toward(from, dx, dy) {
    const here = from.position();
    let best = null, least = Infinity;
    for (const node of this.cy.nodes()) {
      if (!this.isOnBoard(node)) continue;
      const x = node.position("x") - here.x, y = node.position("y") - here.y, along = x * dx + y * dy, far = along + 2.5 * Math.abs(x * dy - y * dx);
      if (along > 1 && far < least) { least = far; best = node; }
    }
    return best;
  }

  zoom(by) { this.cy.zoom({ level: this.cy.zoom() * by, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } }); }

  // The first view: all, unless that could not be read on a telephone; then what the map is about.
  begin() {
    this.fit();
    const { x, e } = this.map.state, about = this.cy.getElementById(`n${[...x.keys(), ...e][0]}`);
    if (this.large || this.cy.width() >= NARROW || this.cy.zoom() >= LEGIBLE || about.empty()) return;
    this.cy.zoom(LEGIBLE);
    this.cy.center(about);
  }

  fit() {
    if (this.large) return this.crowd.fit();
    const shown = this.cy.elements().filter((one) => !one.hasClass("gone"));
    this.cy.fit(shown, 34);
    if (this.cy.zoom() > 1.2) { this.cy.zoom(1.2); this.cy.center(shown); }
  }
}

function edgeOf(link, place) {
  return { group: "edges", data: { id: `l${place}`, source: `n${link.source}`, target: `n${link.target}`, place, label: "" }, classes: STAKES.has(link.type) ? "owns" : "" };
}

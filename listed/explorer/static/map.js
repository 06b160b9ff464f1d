// The map: what is on it stands in the address, so that each step can be undone, and shared.
import cytoscape from "./vendor/cytoscape.js";
import { ask, counted } from "./page.js";
import { LARGE, placeBeside, places } from "./map_layout.js";
import { Crowd } from "./map_crowd.js";
import { SIGN, boxOf, colours, look } from "./map_look.js";
import { everything, entityDetails, linkDetails, pathList } from "./map_panel.js";
import { exported } from "./map_export.js";
import { pressed } from "./map_keys.js";
import { contentSearch, readState, today, wholeSearch } from "./map_state.js";
import { changeDays, linkOn, listingsOn, statusOn, toDay, toNumber } from "./map_time.js";

const at = (id) => document.getElementById(id);
const STEP = 30;
const still = matchMedia("(prefers-reduced-motion: reduce)");

class ListedMap {
  constructor() {
    this.state = readState(location.search);
    this.content = { entities: [], links: [], sources: {}, as_of: this.state.day, bounds: {}, regime: "", regime_status: "" };
    this.byId = new Map();
    this.pathFrom = null;
    this.paths = null;
    this.chosen = null;
    this.days = [];
    this.placed = new Map();
    this.asked = 0;
    this.cy = cytoscape({ container: at("map"), style: look(colours(), false), minZoom: 0.02, maxZoom: 3, boxSelectionEnabled: false, selectionType: "single" });
    this.ink = colours();
    this.crowd = new Crowd(this.cy, () => this.ink);
    history.replaceState({ depth: history.state?.depth || 0 }, "", this.address());
    this.listen();
    this.load(true);
  }

  entity(id) { return this.byId.get(id); }
  address() { return `/map?${wholeSearch(this.state)}`; }

  // A step: changes the state, remembers the one before, and shows the new one.
  async step(change, { fetchAnew = true, layoutAnew = false } = {}) {
    change(this.state);
    history.pushState({ depth: (history.state?.depth || 0) + 1 }, "", this.address());
    if (fetchAnew) await this.load(layoutAnew);
    else this.render(layoutAnew);
  }

  undo() { if (history.state?.depth) history.back(); }

  async load(fit = false) {
    this.now = null;
    at("change").textContent = "";
    const mine = ++this.asked;
    at("map").setAttribute("aria-busy", "true");
    try {
      const content = await ask(`/map.json?${contentSearch(this.state)}`);
      if (mine !== this.asked) return;
      this.content = content;
      this.byId = new Map(content.entities.map((entity) => [entity.entity, entity]));
      this.days = changeDays(content);
      at("map-note").textContent = [
        content.unknown.length ? `Not in this graph: ${content.unknown.join(", ")}.` : "",
        content.bounds.cut_off ? `The map is full (${content.bounds.entities.toLocaleString("en")} entities, ${content.bounds.links.toLocaleString("en")} links): ${content.bounds.cut_off.toLocaleString("en")} more are left out.` : "",
      ].join(" ");
      this.render(true, fit);
    } catch (error) {
      if (mine === this.asked) this.say(error.message);
    } finally {
      if (mine === this.asked) at("map").removeAttribute("aria-busy");
    }
  }

  // Puts the content on the board.
  render(layoutAnew = false, fit = false) {
    const { content, state } = this, large = content.entities.length > LARGE;
    this.large = large;
    const nodes = content.entities.map((entity) => this.node(entity, large));
    const edges = content.links.map((link, place) => ({ group: "edges", data: { id: `l${place}`, source: `n${link.source}`, target: `n${link.target}`, place, label: "" }, classes: ["OWNS", "CONTROLS"].includes(link.type) ? "owns" : "" }));
    for (const id of state.x.keys()) {
      const entity = this.entity(id);
      if (!entity?.more) continue;
      nodes.push({ group: "nodes", data: { id: `m${id}`, fold: id, label: `${entity.more.toLocaleString("en")} more`, w: 96, h: 32 }, classes: "fold" });
      edges.push({ group: "edges", data: { id: `f${id}`, source: `n${id}`, target: `m${id}`, label: "" }, classes: "folded" });
    }
    const before = this.placed;
    if (layoutAnew) this.placed = this.spots(nodes, edges);
    this.cy.startBatch();
    this.cy.elements().remove();
    this.cy.style(look(colours(), large));
    for (const node of nodes) node.position = { ...(this.placed.get(node.data.id) || { x: 0, y: 0 }) };
    this.cy.add([...nodes, ...edges]);
    this.cy.endBatch();
    this.crowd.show(large);
    at("legend").classList.toggle("crowded", large);
    this.onDay();
    if (fit || !before.size) this.fit();
    else if (layoutAnew) this.arrive(before, this.placed);
    this.controls();
    at("empty").hidden = Boolean(content.entities.length);
    if (this.chosen && !this.choose(this.chosen, { quiet: true })) this.chosen = null;
  }

  node(entity, large) {
    const facts = this.facts(entity);
    const box = boxOf(entity.name, facts, this.state.notes.get(entity.entity), large);
    const classes = [entity.state ? "state" : "", entity.schema === "Person" ? "person" : "", entity.placeholder ? "placeholder" : "", this.state.pins.has(entity.entity) ? "pinned" : ""];
    return { group: "nodes", data: { id: `n${entity.entity}`, entity: entity.entity, label: [...box.lines, ...box.extra].join("\n"), ...box }, classes: classes.filter(Boolean).join(" ") };
  }

  // What stands in a box below the name.
  facts(entity) {
    const status = statusOn(entity, this.state.day);
    const lists = listingsOn(entity, this.state.day).map((one) => one.list.replace(/^US-(BIS|OFAC|DOW|DHS)-/, ""));
    const told = status === "none" ? "" : `${SIGN[status]} ${status}${lists.length ? `: ${[...new Set(lists)].join(", ")}` : ""}`;
    return [told, entity.more && !this.state.x.has(entity.entity) ? `+${entity.more.toLocaleString("en")}` : ""].filter(Boolean);
  }

  // Those that are on the map on this day are laid out; the others are given a place when they appear.
  spots(nodes, edges) {
    const shown = this.shownOn();
    const boxes = nodes.filter((node) => node.data.fold || shown.entities.has(node.data.entity)).map((node) => ({ id: node.data.id, w: node.data.w, h: node.data.h }));
    const lines = edges.filter((edge) => edge.data.place === undefined || shown.links.has(edge.data.place)).map((edge) => ({ source: edge.data.source, target: edge.data.target, strong: edge.classes === "owns" }));
    const seeds = [...this.state.x.keys(), ...this.state.e].map((id) => `n${id}`);
    const found = places(boxes, lines, this.state.layout, [...new Set(seeds)]);
    for (const [id, place] of this.state.pins) if (found.has(`n${id}`)) found.set(`n${id}`, { ...place });
    return found;
  }

  // The links and entities there are on the day of the state.
  shownOn() {
    const { content, state } = this, links = new Map(), entities = new Set();
    content.links.forEach((link, place) => {
      const how = linkOn(link, state.day, content.as_of);
      if (how.state !== "now" && !(how.state === "past" && state.past)) return;
      links.set(place, how);
      entities.add(link.source).add(link.target);
    });
    for (const entity of content.entities) if (entity.given || state.x.has(entity.entity)) entities.add(entity.entity);
    return { links, entities };
  }

  // Lets entities move from where they were; new ones stand at once.
  arrive(before, spots) {
    this.cy.stop();
    if (still.matches || this.large) return this.fit();
    for (const node of this.cy.nodes()) {
      const from = before.get(node.id());
      const to = spots.get(node.id());
      if (from && to && (from.x !== to.x || from.y !== to.y)) node.position(from).animate({ position: { ...to } }, { duration: 260 });
    }
    clearTimeout(this.arriving);
    this.arriving = setTimeout(() => this.fit(), 290);
  }

  // Shows what holds on the day of the state; asks for nothing.
  onDay() {
    const { content, state } = this, path = this.onPath(), shown = this.shownOn();
    this.cy.startBatch();
    content.links.forEach((link, place) => {
      const how = shown.links.get(place), edge = this.cy.getElementById(`l${place}`);
      edge.toggleClass("gone", !how).toggleClass("past", how?.state === "past").toggleClass("on-path", path.has(`${link.source}\u0000${link.target}`));
      if (how) edge.data("label", how.label);
    });
    const fresh = [];
    for (const entity of content.entities) {
      const id = entity.entity, status = statusOn(entity, state.day), node = this.cy.getElementById(`n${id}`);
      const box = boxOf(entity.name, this.facts(entity), state.notes.get(id), this.large);
      node.data({ label: [...box.lines, ...box.extra].join("\n"), ...box });
      node.toggleClass("gone", !shown.entities.has(id)).toggleClass("on-path", path.has(id)).toggleClass("pinned", state.pins.has(id));
      for (const one of Object.keys(SIGN)) node.toggleClass(one, one === status);
      if (shown.entities.has(id) && !this.placed.has(`n${id}`)) fresh.push(node);
    }
    for (const node of fresh) this.place(node);
    this.cy.endBatch();
    this.crowd.refresh();
    this.sayChange([...shown.links.keys()].filter((place) => shown.links.get(place).state === "now"));
    this.slide();
    if (at("listing").open) at("everything").replaceChildren(...everything(this).flat().filter(Boolean));
  }

  place(node) {
    const pin = this.state.pins.get(node.data("entity"));
    const link = node.connectedEdges().filter((edge) => !edge.hasClass("gone") && this.placed.has(edge.source().same(node) ? edge.target().id() : edge.source().id()))[0];
    const other = link && (link.source().same(node) ? link.target() : link.source());
    const others = this.large ? [] : [...this.placed].map(([id, spot]) => ({ node: this.cy.getElementById(id), spot })).filter((one) => one.node.nonempty() && !one.node.hasClass("gone")).map((one) => ({ ...one.spot, w: one.node.data("w"), h: one.node.data("h") }));
    const spot = pin || placeBeside(node.data(), other?.position(), link?.target().same(node), others, this.state.layout);
    this.placed.set(node.id(), { ...spot });
    node.position({ ...spot });
  }

  onPath() {
    const found = new Set();
    for (const path of this.state.paths)
      path.forEach((id, place) => {
        found.add(id);
        if (place) { found.add(`${path[place - 1]}\u0000${id}`); found.add(`${id}\u0000${path[place - 1]}`); }
      });
    return found;
  }

  // Tells what the last move through time brought and took; a step of another kind tells nothing.
  sayChange(places) {
    const now = { links: places.map((place) => this.lineOf(this.content.links[place])), listed: this.content.entities.filter((one) => listingsOn(one, this.state.day).length).map((one) => one.name) };
    const before = this.now;
    this.now = now;
    if (before && this.dayTold !== this.state.day) {
      const told = [["Appeared", now.links, before.links], ["Vanished", before.links, now.links], ["Listed", now.listed, before.listed], ["No longer listed", before.listed, now.listed]];
      at("change").textContent = told.map(([word, some, others]) => {
        const had = new Set(others), lines = [...new Set(some)].filter((line) => !had.has(line));
        return lines.length ? `${word}: ${lines.slice(0, 2).join("; ")}${lines.length > 2 ? ` and ${(lines.length - 2).toLocaleString("en")} more` : ""}.` : "";
      }).filter(Boolean).join(" ");
    }
    this.dayTold = this.state.day;
  }

  lineOf(link) {
    const shares = [...new Set(link.claims.filter((claim) => !claim.never).map((claim) => claim.share).filter(Boolean))];
    return `${this.entity(link.source).name} → ${this.entity(link.target).name}${shares.length ? ` ${shares.join(" / ")}` : ""}`;
  }

  slide() {
    const slider = at("slider"), now = toNumber(today()), day = toNumber(this.state.day);
    const first = Math.min(this.days[0] ?? now - 365, day), last = Math.max(this.days.at(-1) ?? now, now, day);
    slider.min = first - 30;
    slider.max = last;
    slider.value = day;
    slider.setAttribute("aria-valuetext", this.state.day);
    at("as-of").value = this.state.day;
    const key = `${slider.min} ${slider.max} ${this.days.length} ${this.days[0]} ${this.days.at(-1)}`;
    if (key === this.ticksFor) return;
    this.ticksFor = key;
    const shown = this.days.length > 400 ? this.days.filter((_, place) => place % Math.ceil(this.days.length / 400) === 0) : this.days;
    at("ticks").replaceChildren(...shown.map((one) => {
      const tick = document.createElement("i");
      tick.style.left = `${(100 * (one - slider.min)) / Math.max(slider.max - slider.min, 1)}%`;
      return tick;
    }));
  }

  // Moves through time: shown at once, verdicts follow when the hand rests, and one step is remembered.
  toDay(day, { settle = false } = {}) {
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || day === this.state.day) return;
    if (!this.sliding) {
      history.pushState({ depth: (history.state?.depth || 0) + 1 }, "", this.address());
      this.sliding = true;
    }
    this.state.day = day;
    history.replaceState(history.state, "", this.address());
    this.onDay();
    this.controls();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.settle(), settle ? 0 : 250);
  }

  async settle() {
    this.sliding = false;
    const mine = ++this.asked;
    try {
      const content = await ask(`/map.json?${contentSearch(this.state)}`);
      if (mine !== this.asked) return;
      this.content = content;
      this.byId = new Map(content.entities.map((entity) => [entity.entity, entity]));
      this.onDay();
      this.showChosen();
    } catch (error) {
      this.say(error.message);
    }
  }

  toChange(forward) {
    const day = toNumber(this.state.day);
    const next = forward ? this.days.find((one) => one > day) : this.days.findLast((one) => one < day);
    if (next !== undefined) this.toDay(toDay(next), { settle: true });
    else this.say(forward ? "No later change." : "No earlier change.");
  }

  // Steps.
  add(id) { return this.step((state) => { state.e = [...new Set([...state.e, id])]; state.h.delete(id); if (!state.x.size) state.x.set(id, STEP); }).then(() => this.choose(id)); }
  expand(id, number = STEP) {
    const before = this.state.x.get(id) || 0, all = this.entity(id)?.neighbours ?? 0;
    return this.step((state) => { state.x.set(id, Math.min(before + number, Math.max(all, 1))); if (!state.e.includes(id)) state.e.push(id); });
  }
  hide(id) {
    return this.step((state) => { state.e = state.e.filter((one) => one !== id); state.x.delete(id); state.h.add(id); state.pins.delete(id); this.chosen = null; this.showChosen(); });
  }
  pin(id) {
    const place = this.cy.getElementById(`n${id}`).position();
    return this.step((state) => { if (!state.pins.delete(id)) state.pins.set(id, { ...place }); }, { fetchAnew: false }).then(() => this.showChosen());
  }
  note(id, text) {
    return this.step((state) => { if (text) state.notes.set(id, text); else state.notes.delete(id); }, { fetchAnew: false, layoutAnew: true });
  }

  beginPath(id) { this.pathFrom = this.pathFrom === id ? null : id; this.say(this.pathFrom ? `Path begins at ${this.entity(id).name}. Choose another and press F.` : "No path begun."); this.showChosen(); }
  async pathTo(id) {
    const start = this.pathFrom;
    this.pathFrom = null;
    try {
      const words = { start, end: id, "as-of": this.state.day, ...(this.state.past ? { history: "yes" } : {}) };
      this.paths = await ask(`/paths.json?${new URLSearchParams(words)}`);
      if (this.paths.rows.length) await this.showPath(this.paths.rows[0].entities);
      this.showPaths();
      this.say(this.paths.rows.length ? `${counted(this.paths.rows.length, "path")} found. ${this.paths.rows[0].sentence}` : "No path found.");
    } catch (error) {
      this.say(error.message);
    }
  }
  isShownPath(entities) { return this.state.paths.some((path) => path.join("\u0000") === entities.join("\u0000")); }
  async showPath(entities) {
    await this.step((state) => { state.e = [...new Set([...state.e, ...entities])]; entities.forEach((id) => state.h.delete(id)); state.paths = [entities]; });
    this.showPaths();
  }
  closePaths() { this.paths = null; this.showPaths(); if (this.state.paths.length) this.step((state) => { state.paths = []; }, { fetchAnew: false }); }
  showPaths() { at("found-paths").replaceChildren(...(this.paths ? pathList(this, this.paths).filter(Boolean) : [])); }

  isShown(id) { return !this.cy.getElementById(`n${id}`).hasClass("gone"); }

  // Choosing, and telling of what is chosen.
  choose(id, { quiet = false } = {}) {
    const node = this.cy.getElementById(`n${id}`);
    if (node.empty()) return false;
    this.cy.elements().unselect();
    node.select();
    this.chosen = id;
    this.showChosen();
    if (!quiet) {
      this.inView(node);
      const entity = this.entity(id), status = statusOn(entity, this.state.day);
      const held = node.connectedEdges().filter((edge) => !edge.hasClass("gone")).length;
      this.say(`${entity.name.replace(/\.$/, "")}${status === "none" ? "" : `, ${status}`}${entity.state ? ", state body" : ""}. ${counted(held, "link")} shown${entity.more ? `, ${entity.more.toLocaleString("en")} more entities behind it` : ""}.`);
    }
    return true;
  }
  chooseLink(link) {
    const place = this.content.links.findIndex((one) => one.source === link.source && one.target === link.target && one.type === link.type);
    this.cy.elements().unselect();
    this.cy.getElementById(`l${place}`).select();
    this.chosen = null;
    at("details").replaceChildren(...linkDetails(this, link).flat().filter(Boolean));
    this.say(link.claims[0]?.aloud || "");
  }
  showChosen() {
    if (this.chosen && this.entity(this.chosen)) at("details").replaceChildren(...entityDetails(this, this.chosen).flat().filter(Boolean));
    else at("details").replaceChildren(Object.assign(document.createElement("p"), { className: "fine", textContent: "Choose an entity or a link." }));
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
  say(text) { at("aloud").textContent = text; at("map-note").textContent = text; }

  // The next entity in a direction, for the arrow keys.
  toward(dx, dy) {
    const shown = this.cy.nodes().filter((node) => !node.hasClass("gone"));
    const from = this.cy.nodes(":selected")[0];
    if (!from) return shown.length && this.chooseNode(shown[0]);
    const here = from.position();
    let best = null, least = Infinity;
    shown.forEach((node) => {
      const x = node.position("x") - here.x, y = node.position("y") - here.y, along = x * dx + y * dy, aside = Math.abs(x * dy - y * dx);
      if (along > 1 && along + 2.5 * aside < least) { least = along + 2.5 * aside; best = node; }
    });
    if (best) this.chooseNode(best);
    else this.say("Nothing further that way.");
  }
  chooseNode(node) {
    if (!node.data("fold")) return this.choose(node.data("entity"));
    this.cy.elements().unselect();
    node.select();
    this.chosen = null;
    this.inView(node);
    return this.say(`${node.data("label")} of ${this.entity(node.data("fold")).name}. Enter shows ${STEP} of them.`);
  }

  zoom(by) { this.cy.zoom({ level: this.cy.zoom() * by, renderedPosition: { x: this.cy.width() / 2, y: this.cy.height() / 2 } }); }
  fit() {
    if (this.large) return this.crowd.fit();
    this.cy.fit(this.shownElements(), 34);
    if (this.cy.zoom() > 1.2) { this.cy.zoom(1.2); this.cy.center(this.shownElements()); }
  }
  shownElements() { return this.cy.elements().filter((one) => !one.hasClass("gone")); }

  controls() {
    at("undo").disabled = !history.state?.depth;
    at("layout").value = this.state.layout;
    at("past").checked = this.state.past;
    if (this.content.regime) at("regime").value = this.content.regime;
    const counts = new Map();
    for (const link of this.content.links) counts.set(link.type, (counts.get(link.type) || 0) + 1);
    for (const label of at("types").querySelectorAll("label")) {
      const box = label.querySelector("input"), count = counts.get(box.value) || 0;
      if (count) this.seen = (this.seen || new Set()).add(box.value);
      label.hidden = !(this.seen?.has(box.value) || this.state.types?.has(box.value));
      box.checked = !this.state.types || this.state.types.has(box.value);
      label.querySelector("span").textContent = count || "";
    }
    for (const kind of ["csv", "json"]) document.querySelector(`[data-export=${kind}]`).href = `/map.${kind}?${contentSearch(this.state)}`;
  }

  filterTypes() {
    const boxes = [...at("types").querySelectorAll("input")], shown = boxes.filter((box) => !box.closest("label").hidden);
    const all = shown.every((box) => box.checked);
    this.step((state) => { state.types = all ? null : new Set(shown.filter((box) => box.checked).map((box) => box.value)); });
  }

  export(kind) { return exported(this, kind); }

  async copy() {
    const address = new URL(this.address(), location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      this.say("The address is copied. Whoever opens it on this graph sees the same map.");
    } catch {
      this.say(`The address of this map: ${address}`);
    }
  }

  listen() {
    const { cy } = this;
    cy.on("tap", "node", ({ target }) => { if (target.data("fold")) this.expand(target.data("fold")); else this.choose(target.data("entity")); });
    cy.on("select unselect", () => this.crowd.ask());
    cy.on("tap", (event) => {
      const node = this.large && event.target === cy ? this.crowd.at(event.position) : null;
      if (node) { if (node.data("fold")) this.expand(node.data("fold")); else this.choose(node.data("entity")); }
    });
    cy.on("dbltap", "node[entity]", ({ target }) => this.expand(target.data("entity")));
    cy.on("tap", "edge[place]", ({ target }) => this.chooseLink(this.content.links[target.data("place")]));
    cy.on("dragfree", "node[entity]", ({ target }) => {
      const id = target.data("entity");
      this.placed.set(target.id(), { ...target.position() });
      this.step((state) => state.pins.set(id, { ...target.position() }), { fetchAnew: false });
    });
    at("map").addEventListener("keydown", (event) => pressed(this, event));
    addEventListener("popstate", () => { this.state = readState(location.search); this.now = null; this.load(); });
    at("undo").addEventListener("click", () => this.undo());
    at("fit").addEventListener("click", () => this.fit());
    at("arrange").addEventListener("click", () => this.render(true));
    at("zoom-in").addEventListener("click", () => this.zoom(1.25));
    at("zoom-out").addEventListener("click", () => this.zoom(0.8));
    at("layout").addEventListener("change", (event) => this.step((state) => { state.layout = event.target.value; }, { fetchAnew: false, layoutAnew: true }));
    at("regime").addEventListener("change", (event) => this.step((state) => { state.regime = event.target.value; }));
    at("past").addEventListener("change", (event) => this.step((state) => { state.past = event.target.checked; }, { fetchAnew: false }));
    at("types").addEventListener("change", () => this.filterTypes());
    at("slider").addEventListener("input", (event) => this.toDay(toDay(Number(event.target.value))));
    at("as-of").addEventListener("change", (event) => this.toDay(event.target.value, { settle: true }));
    at("earlier").addEventListener("click", () => this.toChange(false));
    at("later").addEventListener("click", () => this.toChange(true));
    at("add").addEventListener("chosen", (event) => this.add(event.detail.entity));
    at("adding").addEventListener("submit", (event) => event.preventDefault());
    at("copy").addEventListener("click", () => this.copy());
    at("listing").addEventListener("toggle", () => this.onDay());
    for (const one of document.querySelectorAll("[data-export]")) one.addEventListener("click", () => { one.closest("details").open = false; });
    for (const button of document.querySelectorAll("button[data-export]")) button.addEventListener("click", () => this.export(button.dataset.export).catch((error) => this.say(error.message)));
    document.addEventListener("click", (event) => { for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false; });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); } });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { this.ink = colours(); cy.style(look(this.ink, this.large)); this.crowd.ask(); });
    new ResizeObserver(() => { cy.resize(); this.crowd.ask(); }).observe(at("map"));
  }
}

// For tests: what is on the board cannot be read off a canvas.
globalThis.listedMap = new ListedMap();

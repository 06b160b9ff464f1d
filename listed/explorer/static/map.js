// The map: what is on it stands in the address, so that each step can be undone, and shared.
import { ask, counted } from "./page.js";
import { Board } from "./map_board.js";
import { everything, entityDetails, linkDetails, pathList } from "./map_panel.js";
import { exported } from "./map_export.js";
import { pressed } from "./map_keys.js";
import { Slider } from "./map_slider.js";
import { contentSearch, readState, wholeSearch } from "./map_state.js";
import { statusOn } from "./map_time.js";

const at = (id) => document.getElementById(id);
const STEP = 30;
const EMPTY = at("empty").textContent;

class ListedMap {
  constructor() {
    this.state = readState(location.search);
    this.adopt({ entities: [], links: [], sources: {}, as_of: this.state.day, bounds: {}, notes: [], regime: "", regime_status: "" });
    this.pathFrom = null;
    this.paths = null;
    this.chosen = null;
    this.asked = 0;
    this.board = new Board(this, at("map"), at("legend"));
    this.slider = new Slider(this);
    this.renew();
    this.listen();
    this.load(true);
  }

  get cy() { return this.board.cy; }
  entity(id) { return this.byId.get(id); }
  address() { return `/map?${wholeSearch(this.state)}`; }

  adopt(content) {
    this.content = content;
    this.byId = new Map(content.entities.map((entity) => [entity.entity, entity]));
    this.ties = new Map(content.entities.map((entity) => [entity.entity, []]));
    content.links.forEach((link, place) => [link.source, link.target].forEach((id) => this.ties.get(id).push(place)));
  }

  // A step: changes the state, remembers the one before, and shows the new one.
  async step(change, { fetchAnew = true, layoutAnew = false } = {}) {
    change(this.state);
    this.remember();
    if (fetchAnew) await this.load();
    else this.render({ anew: layoutAnew });
  }

  // Each step is an entry of the browser's history.
  remember() { history.pushState({ depth: (history.state?.depth || 0) + 1 }, "", this.address()); }
  renew() { history.replaceState({ depth: history.state?.depth || 0 }, "", this.address()); }
  undo() { if (history.state?.depth) history.back(); }

  // Asks for what is on the map; returns whether it came, and was not overtaken by a later question.
  async fetch() {
    const mine = ++this.asked;
    at("map").setAttribute("aria-busy", "true");
    try {
      const content = await ask(`/map.json?${contentSearch(this.state)}`);
      if (mine !== this.asked) return false;
      this.adopt(content);
      return true;
    } catch (error) {
      if (mine === this.asked) this.fail(error.message);
      return false;
    } finally {
      if (mine === this.asked) at("map").removeAttribute("aria-busy");
    }
  }

  async load(fit = false) {
    if (!(await this.fetch())) return;
    const { unknown, bounds, notes } = this.content, number = (one) => one.toLocaleString("en");
    at("map-note").textContent = [
      unknown.length ? `Not in this graph: ${unknown.join(", ")}.` : "",
      bounds.cut_off ? `The map is full (${number(bounds.entities)} entities, ${number(bounds.links)} links): ${number(bounds.cut_off)} more are left out.` : "",
      ...notes,
    ].join(" ");
    this.slider.reset();
    this.render({ anew: true, fit });
  }

  // The day stays where it is; the verdicts of that day come.
  async settle() {
    if (!(await this.fetch())) return;
    this.onDay();
    this.controls();
    this.showChosen();
  }

  fail(problem) {
    this.say(problem);
    if (this.content.entities.length) return;
    at("empty").textContent = problem;
    at("empty").hidden = false;
  }

  render({ anew = false, fit = false } = {}) {
    this.board.render({ anew, fit });
    this.tellDay();
    this.controls();
    at("empty").textContent = EMPTY;
    at("empty").hidden = Boolean(this.content.entities.length);
    if (this.chosen && !this.choose(this.chosen, { quiet: true })) this.chosen = null;
  }

  // Shows what holds on the day of the state; asks for nothing.
  onDay() {
    this.board.onDay();
    this.tellDay();
  }

  tellDay() {
    const { links } = this.board.shown;
    this.slider.tell([...links.keys()].filter((place) => links.get(place).state === "now"));
    this.slider.show();
    if (at("listing").open) at("everything").replaceChildren(...everything(this).flat().filter(Boolean));
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

  // Choosing, and telling of what is chosen.
  choose(id, { quiet = false } = {}) {
    const node = this.cy.getElementById(`n${id}`);
    if (node.empty()) return false;
    this.cy.elements().unselect();
    node.select();
    this.chosen = id;
    this.showChosen();
    if (!quiet) {
      this.board.inView(node);
      const entity = this.entity(id), status = statusOn(entity, this.state.day), held = this.board.tiesOf(id).length;
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
  say(text) { at("aloud").textContent = text; at("map-note").textContent = text; }

  toward(dx, dy) {
    const from = this.cy.nodes(":selected")[0];
    const next = from ? this.board.toward(from, dx, dy) : this.cy.nodes().filter((node) => this.board.isOnBoard(node))[0];
    if (next) this.chooseNode(next);
    else this.say(from ? "Nothing further that way." : "Nothing is on the map yet.");
  }
  chooseNode(node) {
    if (!node.data("fold")) return this.choose(node.data("entity"));
    this.cy.elements().unselect();
    node.select();
    this.chosen = null;
    this.board.inView(node);
    return this.say(`${node.data("label")} of ${this.entity(node.data("fold")).name}. Enter shows ${STEP} of them.`);
  }

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
      label.hidden = !(this.state.types || this.seen?.has(box.value));
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
    this.listenToBoard();
    this.listenToButtons();
    this.listenToMenus();
    addEventListener("popstate", () => {
      this.slider.stop();
      this.state = readState(location.search);
      this.load();
    });
  }

  listenToBoard() {
    const { cy, board } = this, entered = (node) => (node.data("fold") ? this.expand(node.data("fold")) : this.choose(node.data("entity")));
    cy.on("tap", "node", ({ target }) => entered(target));
    cy.on("tap", (event) => {
      const id = board.large && event.target === cy ? board.crowd.at(event.position) : null;
      if (id) entered(cy.getElementById(id));
    });
    cy.on("dbltap", "node[entity]", ({ target }) => this.expand(target.data("entity")));
    cy.on("tap", "edge[place]", ({ target }) => this.chooseLink(this.content.links[target.data("place")]));
    cy.on("select unselect", () => board.crowd.ask());
    cy.on("dragfree", "node[entity]", ({ target }) => {
      board.moved(target);
      this.step((state) => state.pins.set(target.data("entity"), { ...target.position() }), { fetchAnew: false });
    });
    at("map").addEventListener("keydown", (event) => pressed(this, event));
  }

  listenToButtons() {
    const press = (id, act) => at(id).addEventListener("click", act), change = (id, act) => at(id).addEventListener("change", (event) => act(event.target));
    press("undo", () => this.undo());
    press("fit", () => this.board.fit());
    press("arrange", () => this.render({ anew: true }));
    press("zoom-in", () => this.board.zoom(1.25));
    press("zoom-out", () => this.board.zoom(0.8));
    press("copy", () => this.copy());
    change("layout", ({ value }) => this.step((state) => { state.layout = value; }, { fetchAnew: false, layoutAnew: true }));
    change("regime", ({ value }) => this.step((state) => { state.regime = value; }));
    change("past", ({ checked }) => this.step((state) => { state.past = checked; }, { fetchAnew: false }));
    change("types", () => this.filterTypes());
    at("add").addEventListener("chosen", (event) => this.add(event.detail.entity));
    at("adding").addEventListener("submit", (event) => event.preventDefault());
    at("listing").addEventListener("toggle", () => this.tellDay());
  }

  listenToMenus() {
    const open = () => document.querySelectorAll("details.menu[open]");
    for (const one of document.querySelectorAll("[data-export]")) one.addEventListener("click", () => { one.closest("details").open = false; });
    for (const button of document.querySelectorAll("button[data-export]")) button.addEventListener("click", () => this.export(button.dataset.export).catch((error) => this.say(error.message)));
    document.addEventListener("click", (event) => { for (const menu of open()) if (!menu.contains(event.target)) menu.open = false; });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape") for (const menu of open()) { menu.open = false; menu.querySelector("summary").focus(); } });
  }
}

// For tests: what is on the board cannot be read off a canvas.
globalThis.listedMap = new ListedMap();

// What the map says in words, beside it: for reading, for the keyboard and for screen readers.
import { addressOf, counted, make } from "./page.js";
import { SIGN } from "./map_look.js";
import { WORDS, linkOn, listingsOn, lookOf, statusOn, verdictIn } from "./map_time.js";

const safe = (address) => (/^https?:\/\//i.test(address || "") ? address : null);

export function sourceList(content, ids) {
  return make("ul", { class: "fine" }, ids.map((id) => {
    const source = content.sources[id] || { title: id };
    const title = [source.title || id, source.publisher, source.published].filter(Boolean).join(", ");
    const address = safe(source.url);
    return make("li", {}, address ? make("a", { href: address, target: "_blank", rel: "noopener noreferrer external" }, title) : title);
  }));
}

const button = (text, act, facts = {}) => make("button", { type: "button", onclick: act, ...facts }, text);
export const badge = (status, lists = []) => (status === "none" ? "" : make("span", { class: `badge ${lookOf(status)}` }, `${SIGN[verdictIn(status)]} ${status}${lists.length ? `: ${lists.join(", ")}` : ""}`));

export function entityDetails(map, id) {
  const { content, state } = map, entity = map.entity(id);
  const status = statusOn(entity, state.day), listings = listingsOn(entity, state.day);
  const ties = content.links.filter((link) => link.source === id || link.target === id);
  const note = make("textarea", { id: "note", "aria-label": "Note", placeholder: "A note, kept in the address", maxlength: "500", onchange: (event) => map.note(id, event.target.value.trim()) });
  note.value = state.notes.get(id) || "";
  return [
    make("h2", { id: "details-title" }, entity.name),
    make("p", {}, badge(status, listings.map((one) => one.list)), " ", make("span", { class: "fine" }, [entity.state ? "state body" : entity.schema, entity.countries.join(", ").toUpperCase(), entity.placeholder ? "placeholder" : ""].filter(Boolean).join(" · "))),
    status !== "none" && status !== "listed" ? make("p", { class: "fine" }, `Under the ${content.regime_title}${content.regime_status === "in_force" ? "" : `, were it in force (${content.regime_status.replaceAll("_", " ")})`}.`) : "",
    make("p", { class: "actions" },
      entity.more ? button(`Show ${Math.min(30, entity.more)} more`, () => map.expand(id)) : "",
      entity.more > 30 ? button(`Show all ${entity.more.toLocaleString("en")}`, () => map.expand(id, Infinity)) : "",
      make("a", { class: "button quiet", href: addressOf("/entity", { id, "as-of": state.day }) }, "Page"),
      button(state.pins.has(id) ? "Unpin" : "Pin", () => map.pin(id)),
      map.pathFrom && map.pathFrom !== id ? button(`Path from ${map.entity(map.pathFrom)?.name || map.pathFrom}`, () => map.pathTo(id)) : button("Begin a path here", () => map.beginPath(id), { "aria-pressed": String(map.pathFrom === id) }),
      button("Take off", () => map.hide(id))),
    note,
    entity.listings.length ? [make("h3", {}, "Listings"), make("ul", {}, entity.listings.map((one) => make("li", {}, `${one.title}: ${one.when || "undated"}${one.citation ? `, ${one.citation}` : ""}`, sourceList(content, one.sources))))] : "",
    make("h3", {}, `Links on the map`),
    ties.length ? make("ul", {}, ties.map((link) => tieLine(map, link, id))) : make("p", { class: "fine" }, "None."),
  ];
}

function tieLine(map, link, id) {
  const other = link.source === id ? link.target : link.source, how = linkOn(link, map.state.day, map.content.as_of);
  const arrow = link.source === id ? "→" : "←";
  const told = how.state === "" ? "not on this day" : how.state === "past" ? "past" : "";
  return make("li", { class: how.state === "now" ? "" : "past" }, `${arrow} `, button(map.entity(other).name, () => map.choose(other), { class: "textual" }), ` ${how.label} `,
    told ? make("span", { class: "mark" }, told) : "", " ", button("sources", () => map.chooseLink(link), { class: "textual fine" }));
}

export function linkDetails(map, link) {
  const how = linkOn(link, map.state.day, map.content.as_of);
  return [
    make("h2", { id: "details-title" }, `${map.entity(link.source).name} → ${map.entity(link.target).name}`),
    make("p", {}, `${WORDS[link.type] || link.type}${how.label !== WORDS[link.type] ? `: ${how.label}` : ""} `, link.conflict ? make("span", { class: "mark" }, "sources conflict") : "", how.state === "now" ? "" : make("span", { class: "mark" }, how.state || "not on this day")),
    make("ul", {}, link.claims.map((claim) => make("li", {}, claim.aloud, claim.note ? make("p", { class: "fine" }, claim.note) : "", sourceList(map.content, claim.sources)))),
  ];
}

export function pathList(map, answer) {
  const rows = answer.rows;
  const bounds = answer.bounds;
  const held = bounds.hubs_not_passed.map((hub) => `${hub.name} (${counted(hub.links, "link")})`).slice(0, 4).join("; ");
  return [
    make("h2", {}, rows.length ? `${counted(rows.length, "path")} between ${Object.values(answer.names).join(" and ")}` : `No path of up to ${bounds.hops} links`),
    make("ol", {}, rows.map((row, place) => make("li", {}, row.sentence, " ", button(map.isShownPath(row.entities) ? "shown" : "show", () => map.showPath(row.entities), { class: "textual", "aria-label": `Show path ${place + 1}` })))),
    held ? make("p", { class: "fine" }, `Held back: paths through ${held}.`) : "",
    button("Close", () => map.closePaths()),
  ];
}

export function everything(map) {
  const day = map.state.day;
  const shown = map.content.entities.filter((entity) => map.board.isShown(entity.entity));
  const links = map.content.links.map((link) => [link, linkOn(link, day, map.content.as_of)]).filter(([, how]) => how.state === "now" || (how.state === "past" && map.state.past));
  const most = 500;
  return [
    make("h3", {}, `${counted(shown.length, "entity").replace("entitys", "entities")}`),
    make("ul", {}, shown.slice(0, most).map((entity) => make("li", {}, button(entity.name, () => map.choose(entity.entity), { class: "textual" }), " ", badge(statusOn(entity, day))))),
    shown.length > most ? make("p", { class: "fine" }, `and ${(shown.length - most).toLocaleString("en")} more: export them as CSV`) : "",
    make("h3", {}, counted(links.length, "link")),
    make("ul", {}, links.slice(0, most).map(([link, how]) => make("li", {}, button(`${map.entity(link.source).name} → ${map.entity(link.target).name}`, () => map.chooseLink(link), { class: "textual" }), ` ${how.label}`, how.state === "past" ? " (past)" : ""))),
    links.length > most ? make("p", { class: "fine" }, `and ${(links.length - most).toLocaleString("en")} more: export them as CSV`) : "",
  ];
}

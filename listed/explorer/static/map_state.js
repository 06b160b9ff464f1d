// The state of the map, which is its address: whoever opens it sees the same map.

const NO_TYPE = "none";
const coded = (id) => encodeURIComponent(id).replaceAll("~", "%7E");

export const today = () => new Date().toLocaleDateString("sv-SE"); // as 2018-12-01

export function readState(search) {
  const words = new URLSearchParams(search);
  const parts = (text) => text.split("~").map(decodeURIComponent);
  const state = {
    e: [...new Set(words.getAll("e").filter(Boolean))],
    x: new Map(words.getAll("x").map((text) => [parts(text)[0], Number(parts(text)[1]) || 30])),
    h: new Set(words.getAll("h")),
    types: words.has("type") ? new Set(words.getAll("type").filter((type) => type !== NO_TYPE)) : null,
    day: /^\d{4}-\d\d-\d\d$/.test(words.get("as-of") || "") ? words.get("as-of") : today(),
    regime: words.get("regime") || "",
    past: words.get("past") === "yes",
    layout: ["down", "rings"].includes(words.get("layout")) ? words.get("layout") : "across",
    pins: new Map(), notes: new Map(), paths: words.getAll("path").map(parts),
  };
  for (const text of words.getAll("pin")) {
    const [id, x, y] = parts(text);
    if (Number.isFinite(Number(x)) && Number.isFinite(Number(y))) state.pins.set(id, { x: Number(x), y: Number(y) });
  }
  for (const text of words.getAll("note")) {
    const [id, note] = parts(text);
    if (note) state.notes.set(id, note.slice(0, 500));
  }
  return state;
}

// Only what the server has to know: what is on the map, the day, the rule.
export function contentSearch(state, words = new URLSearchParams()) {
  for (const id of state.e) words.append("e", id);
  for (const [id, number] of state.x) words.append("x", `${coded(id)}~${number}`);
  for (const id of state.h) words.append("h", id);
  if (state.types) for (const type of state.types.size ? state.types : [NO_TYPE]) words.append("type", type);
  words.set("as-of", state.day);
  if (state.regime) words.set("regime", state.regime);
  return words;
}

export function wholeSearch(state) {
  const words = contentSearch(state);
  if (state.past) words.set("past", "yes");
  if (state.layout !== "across") words.set("layout", state.layout);
  for (const [id, place] of state.pins) words.append("pin", `${coded(id)}~${Math.round(place.x)}~${Math.round(place.y)}`);
  for (const [id, note] of state.notes) words.append("note", `${coded(id)}~${coded(note)}`);
  for (const path of state.paths) words.append("path", path.map(coded).join("~"));
  return words.toString();
}

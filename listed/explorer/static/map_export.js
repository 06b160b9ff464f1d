// The map taken out: as a picture to print, or as a page of its own.
import { download } from "./page.js";
import { asPng, offlinePage, picture } from "./map_picture.js";
import { shortened } from "./map_look.js";
import { statusOn } from "./map_time.js";

// What is drawn, for a picture.
function drawn(map) {
  const nodes = map.cy.nodes().filter((node) => map.board.isOnBoard(node)).map((node) => nodeOf(map, node));
  const path = map.board.onPath();
  const links = [...map.board.shown.links].map(([place, how]) => linkOf(map, place, how, path));
  const folds = map.board.folds().map(({ edge: { data } }) => ({ source: data.source, target: data.target, label: "", fold: true, bend: 0, aloud: "" }));
  return { nodes, links: [...links, ...folds] };
}

function nodeOf(map, node) {
  const { x, y } = node.position(), data = node.data(), entity = map.entity(data.entity);
  const common = { id: data.id, x, y, w: data.w, h: data.h, lines: data.lines || [data.label || shortened(entity.name, 44)], extra: data.extra || [] };
  if (!entity) return { ...common, status: "fold", aloud: data.label };
  const status = statusOn(entity, map.state.day);
  const told = entity.listings.map((one) => `${one.title}, ${one.when || "undated"}`);
  return { ...common, status, state: entity.state, person: entity.schema === "Person", placeholder: entity.placeholder, aloud: [entity.name, ...(status === "none" || status === "listed" ? [] : [status]), ...told].join("; ") };
}

function linkOf(map, place, how, path) {
  const link = map.content.links[place], drawn = map.board.drawn.get(place) || { bend: 0, near: "", offset: 0 };
  const sources = [...new Set(link.claims.flatMap((claim) => claim.sources))].map((id) => map.content.sources[id]?.title || id);
  return {
    source: `n${link.source}`, target: `n${link.target}`, label: map.board.large ? "" : how.label, ...drawn, owns: ["OWNS", "CONTROLS"].includes(link.type), past: how.state === "past",
    path: path.has(`${link.source}\u0000${link.target}`), fold: false, aloud: `${link.claims.map((claim) => claim.aloud).join("; ")}. ${sources.join("; ")}`,
  };
}

function about(map) {
  const names = map.state.e.concat([...map.state.x.keys()]).filter((id, place, all) => all.indexOf(id) === place).map((id) => map.entity(id)?.name).filter(Boolean);
  const title = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ") || "Map";
  const rule = map.content.regime_status === "in_force" ? map.content.regime_title : `${map.content.regime_title}, were it in force (${map.content.regime_status.replaceAll("_", " ")})`;
  const condition = { not_in_force: "rule not in force", suspended: "rule suspended", unverified: "rule not verified" }[map.content.regime_status] || "";
  return { title, condition, line: `As of ${map.state.day}. ${map.content.notes.join(" ") || `Verdicts: ${rule}.`}`, foot: `Listed, graph ${map.content.graph.split(/[\\/]/).pop()}, snapshot ${map.content.snapshot}. Not legal advice.` };
}

export async function exported(map, kind) {
  const facts = about(map), made = picture(drawn(map), facts), name = `map-${map.state.day}`;
  if (kind === "svg") download(`${name}.svg`, made.svg, "image/svg+xml");
  if (kind === "png") download(`${name}.png`, await asPng(made), "image/png");
  if (kind === "html") download(`${name}.html`, offlinePage(made, map.content, map.state, facts), "text/html");
}

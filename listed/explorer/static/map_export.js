// The map taken out: as a picture to print, or as a page of its own.
import { download } from "./page.js";
import { asPng, offlinePage, picture } from "./map_picture.js";
import { shortened } from "./map_look.js";
import { statusOn } from "./map_time.js";

// What is drawn, for a picture.
function drawn(map) {
  const nodes = map.cy.nodes().filter((node) => map.board.isOnBoard(node)).map((node) => nodeOf(map, node));
  const parallel = new Map(), path = map.board.onPath();
  const links = [...map.board.shown.links].map(([place, how]) => linkOf(map, map.content.links[place], how, parallel, path));
  const folds = map.board.folds().map(({ edge: { data } }) => ({ source: data.source, target: data.target, label: "", fold: true, bend: 0, aloud: "" }));
  return { nodes, links: [...links, ...folds] };
}

function nodeOf(map, node) {
  const { x, y } = node.position(), data = node.data(), entity = map.entity(data.entity);
  const common = { id: data.id, x, y, w: data.w, h: data.h, lines: data.lines || [data.label || shortened(entity.name, 44)], extra: data.extra || [] };
  if (!entity) return { ...common, status: "fold", aloud: data.label };
  const told = entity.listings.map((one) => `${one.title}, ${one.start_date} to ${one.end_date || "now"}`);
  return { ...common, status: statusOn(entity, map.state.day), state: entity.state, person: entity.schema === "Person", placeholder: entity.placeholder, aloud: [entity.name, ...told].join("; ") };
}

// Links of one pair bend away from each other.
function linkOf(map, link, how, parallel, path) {
  const ends = [link.source, link.target].sort().join("\u0000"), before = parallel.get(ends) || 0, side = link.source < link.target ? 1 : -1;
  parallel.set(ends, before + 1);
  const sources = [...new Set(link.claims.flatMap((claim) => claim.sources))].map((id) => map.content.sources[id]?.title || id);
  return {
    source: `n${link.source}`, target: `n${link.target}`, label: map.board.large ? "" : how.label, ...map.board.labelAt(link), owns: ["OWNS", "CONTROLS"].includes(link.type), past: how.state === "past",
    path: path.has(`${link.source}\u0000${link.target}`), fold: false, bend: side * (before % 2 ? -1 : 1) * Math.ceil(before / 2) * 34, aloud: `${link.claims.map((claim) => claim.aloud).join("; ")}. ${sources.join("; ")}`,
  };
}

function about(map) {
  const names = map.state.e.concat([...map.state.x.keys()]).filter((id, place, all) => all.indexOf(id) === place).map((id) => map.entity(id)?.name).filter(Boolean);
  const title = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ") || "Map";
  const rule = map.content.regime_status === "in_force" ? map.content.regime_title : `${map.content.regime_title}, were it in force (${map.content.regime_status.replaceAll("_", " ")})`;
  return { title, line: `As of ${map.state.day}. Verdicts: ${rule}.`, foot: `Listed, graph ${map.content.graph.split(/[\\/]/).pop()}, snapshot ${map.content.snapshot}. Not legal advice.` };
}

export async function exported(map, kind) {
  const facts = about(map), made = picture(drawn(map), facts), name = `map-${map.state.day}`;
  if (kind === "svg") download(`${name}.svg`, made.svg, "image/svg+xml");
  if (kind === "png") download(`${name}.png`, await asPng(made), "image/png");
  if (kind === "html") download(`${name}.html`, offlinePage(made, map.content, map.state, facts), "text/html");
}

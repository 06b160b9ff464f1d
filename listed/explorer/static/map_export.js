// The map taken out: as a picture to print, or as a page of its own.
import { download } from "./page.js";
import { asPng, offlinePage, picture } from "./map_picture.js";
import { statusOn } from "./map_time.js";

// What is drawn, for a picture.
function drawn(map) {
  const nodes = [], links = [], parallel = new Map();
  for (const node of map.cy.nodes()) {
    if (node.hasClass("gone")) continue;
    const { x, y } = node.position(), data = node.data(), entity = data.entity && map.entity(data.entity);
    nodes.push({ id: data.id, x, y, w: data.w, h: data.h, lines: data.lines || [data.label], extra: data.extra || [], status: entity ? statusOn(entity, map.state.day) : "fold", state: Boolean(entity?.state), person: entity?.schema === "Person", placeholder: Boolean(entity?.placeholder), aloud: entity ? [entity.name, ...entity.listings.map((one) => `${one.title}, ${one.start_date} to ${one.end_date || "now"}`)].join("; ") : data.label });
  }
  for (const edge of map.cy.edges()) {
    if (edge.hasClass("gone") || edge.source().hasClass("gone") || edge.target().hasClass("gone")) continue;
    const data = edge.data(), pair = [data.source, data.target].sort().join("\u0000"), before = parallel.get(pair) || 0;
    parallel.set(pair, before + 1);
    const link = data.place === undefined ? null : map.content.links[data.place], side = data.source < data.target ? 1 : -1;
    const sources = link ? [...new Set(link.claims.flatMap((claim) => claim.sources))].map((id) => map.content.sources[id]?.title || id) : [];
    links.push({ source: data.source, target: data.target, label: map.large ? "" : data.label, owns: edge.hasClass("owns"), past: edge.hasClass("past"), path: edge.hasClass("on-path"), fold: !link, bend: side * (before % 2 ? -1 : 1) * Math.ceil(before / 2) * 34, aloud: link ? `${link.claims.map((claim) => claim.aloud).join("; ")}. ${sources.join("; ")}` : "" });
  }
  return { nodes, links };
}

function about(map) {
  const names = map.state.e.concat([...map.state.x.keys()]).filter((id, place, all) => all.indexOf(id) === place).map((id) => map.entity(id)?.name).filter(Boolean);
  const title = names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ") || "Map";
  const rule = map.content.regime_status === "in_force" ? map.content.regime_title : `${map.content.regime_title}, were it in force (${map.content.regime_status.replaceAll("_", " ")})`;
  return { title, line: `As of ${map.state.day}. Verdicts: ${rule}.`, foot: `Listed, graph ${map.content.graph}, snapshot ${map.content.snapshot}. Not legal advice.` };
}

export async function exported(map, kind) {
  const facts = about(map), made = picture(drawn(map), facts), name = `map-${map.state.day}`;
  if (kind === "svg") download(`${name}.svg`, made.svg, "image/svg+xml");
  if (kind === "png") download(`${name}.png`, await asPng(made), "image/png");
  if (kind === "html") download(`${name}.html`, offlinePage(made, map.content, map.state, facts), "text/html");
}

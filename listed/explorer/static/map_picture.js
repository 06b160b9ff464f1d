// The map as a picture to print and as a single page that opens offline: drawn anew, in ink on white paper.
import { isConditional, linkOn, lookOf, verdictIn } from "./map_time.js";

const clean = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
const MARGIN = 28, NARROWEST = 680;

const STYLE = `text{font-family:Georgia,"Times New Roman","Noto Serif CJK SC",serif;font-size:13.5px;fill:#1b1b1b}
.s{font-size:12px;fill:#444}.b{font-weight:bold}.t{font-size:20px;font-weight:bold}
.box{fill:#fff;stroke:#1b1b1b;stroke-width:1.4}.listed>.box{fill:#b3121d;stroke:#b3121d}.listed>text{fill:#fff}.captured>.box{fill:#d9d9d9;stroke-width:1.4}
.undetermined>.box{stroke-width:2;stroke-dasharray:7 4}.minority>.box{stroke-width:2;stroke-dasharray:2 3}.exempt>.box{stroke-width:2.4}.would-be>.box{stroke:#767676;fill:#fff}.captured.would-be>.box{fill:#ececec;stroke-width:1.8;stroke-dasharray:11 5}.exempt.would-be>.box{stroke-dasharray:11 5}.placeholder>.box{stroke-dasharray:2 3;fill:#f6f5f2}.fold>.box{stroke-dasharray:5 4;fill:#f6f5f2}
.in{fill:none;stroke:#1b1b1b;stroke-width:1}.line{fill:none;stroke:#777;stroke-width:1.3}.owns>.line{stroke:#1b1b1b;stroke-width:2}.past>.line{stroke-dasharray:3 4;opacity:.7}.path>.line{stroke:#0a5cd6;stroke-width:3.5}.fold>.line{stroke-dasharray:2 4}
.label{paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round;font-size:12px}.owns>.label{font-weight:bold}`;

// The outline of a box: an octagon is listed, a double square captured, a broken one would be.
function outline(node) {
  const { x, y, w, h } = node, left = x - w / 2, top = y - h / 2;
  if (node.status === "listed") {
    const cut = Math.min(12, Math.min(w, h) * 0.3), right = left + w, bottom = top + h;
    return `<path class="box" d="M${left + cut} ${top}H${right - cut}L${right} ${top + cut}V${bottom - cut}L${right - cut} ${bottom}H${left + cut}L${left} ${bottom - cut}V${top + cut}Z"/>`;
  }
  const verdict = verdictIn(node.status), round = verdict === "captured" || node.state ? 0 : node.person || verdict === "exempt" ? Math.min(16, h / 2) : 4;
  const box = `<rect class="box" x="${left}" y="${top}" width="${w}" height="${h}" rx="${round}"/>`;
  if (node.status === "captured") return `${box}<rect class="in" x="${left + 3}" y="${top + 3}" width="${w - 6}" height="${h - 6}"/>`;
  return node.state ? `${box}<rect x="${left}" y="${top}" width="6" height="${h}"/>` : box;
}

function nodeDrawn(node) {
  const small = node.w < 30;
  const lines = [...node.lines.map((line) => [line, "b"]), ...node.extra.map((line) => [line, ""])];
  const first = small ? node.y + node.h / 2 + 14 : node.y - (lines.length * 17) / 2 + 13;
  const words = lines.map(([line, kind], place) => `<text x="${node.x}" y="${first + place * 17}" text-anchor="middle" class="${small ? "s" : kind}"${small ? ' style="fill:#1b1b1b"' : ""}>${clean(line)}</text>`);
  return `<g class="node ${lookOf(node.status)} ${node.placeholder ? "placeholder" : ""}"><title>${clean(node.aloud)}</title>${outline(node)}${words.join("")}</g>`;
}

// Where the line to another point leaves a box.
function edgeOf(node, toward) {
  const dx = toward.x - node.x, dy = toward.y - node.y;
  if (!dx && !dy) return { x: node.x, y: node.y };
  const scale = Math.min(node.w / 2 / Math.abs(dx || 1e-9), node.h / 2 / Math.abs(dy || 1e-9));
  return { x: node.x + dx * scale, y: node.y + dy * scale };
}

// The point of a bent line at a part of its length.
function along(start, middle, end, part) {
  const at = (one) => (1 - part) ** 2 * start[one] + 2 * part * (1 - part) * middle[one] + part ** 2 * end[one];
  return { x: at("x"), y: at("y") };
}

function linkDrawn(link, from, to) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1, bend = link.bend;
  const across = { x: (-(to.y - from.y) / length) * bend, y: ((to.x - from.x) / length) * bend };
  const middle = { x: (from.x + to.x) / 2 + across.x, y: (from.y + to.y) / 2 + across.y };
  const start = edgeOf(from, middle), end = edgeOf(to, middle);
  const off = Math.min(link.offset / (Math.hypot(end.x - start.x, end.y - start.y) || 1), 1);
  const label = along(start, middle, end, link.near === "target" ? 1 - off : link.near === "source" ? off : 0.5);
  const classes = ["link", link.owns ? "owns" : "", link.past ? "past" : "", link.path ? "path" : "", link.fold ? "fold" : ""].join(" ");
  return `<g class="${classes}"><title>${clean(link.aloud)}</title><path class="line" d="M${start.x.toFixed(1)} ${start.y.toFixed(1)}Q${middle.x.toFixed(1)} ${middle.y.toFixed(1)} ${end.x.toFixed(1)} ${end.y.toFixed(1)}"${link.fold ? "" : ' marker-end="url(#arrow)"'}/>${link.label ? `<text class="label" x="${label.x.toFixed(1)}" y="${(label.y + 4).toFixed(1)}" text-anchor="middle">${clean(link.label)}</text>` : ""}</g>`;
}

const STANDINGS = ["listed", "captured", "undetermined", "minority", "exempt", "none"];
const LINES = [["owns", "stake or control", (link) => link.owns && !link.past], ["", "other link", (link) => !link.owns && !link.past && !link.fold], ["past", "past, over by this day", (link) => link.past && !link.owns], ["owns past", "past stake or control", (link) => link.past && link.owns], ["path", "on the path", (link) => link.path], ["fold", "more, not drawn", (link) => link.fold]];

// What occurs on a picture, each with what it means.
function marks(drawn, condition) {
  const boxes = STANDINGS.flatMap((verdict) => [...new Set(drawn.nodes.map((node) => node.status))].filter((status) => verdictIn(status) === verdict).map((status) => {
    const words = status === "none" ? "no verdict" : isConditional(status) && condition ? `${status} (${condition})` : status;
    return { words, drawn: `<g class="${lookOf(status)}">${outline({ x: 13, y: 8, w: 26, h: 16, status })}</g>` };
  }));
  if (drawn.nodes.some((node) => node.state)) boxes.push({ words: "state body", drawn: `<g>${outline({ x: 13, y: 8, w: 26, h: 16, status: "none", state: true })}</g>` });
  const lines = LINES.filter(([, , is]) => drawn.links.some(is)).map(([look, words]) => ({ words, drawn: `<g class="link ${look}"><path class="line" d="M0 8H26"${look === "fold" ? "" : ' marker-end="url(#arrow)"'}/></g>` }));
  return [...boxes, ...lines];
}

// The marks in rows that are no wider than the picture: { svg, rows }.
function legendOf(found, width) {
  let x = 0, row = 0;
  const svg = found.map(({ words, drawn }) => {
    const wide = 56 + 6.5 * words.length;
    if (x && x + wide > width) { x = 0; row++; }
    const placed = `<g transform="translate(${x.toFixed(0)} ${row * 22})">${drawn}<text class="s" x="33" y="12">${clean(words)}</text></g>`;
    x += wide;
    return placed;
  }).join("");
  return { svg, rows: row + 1 };
}

// A picture: { svg, width, height }. `drawn` has nodes and links with their places.
export function picture(drawn, facts) {
  const xs = drawn.nodes.flatMap((node) => [node.x - node.w / 2, node.x + node.w / 2]), ys = drawn.nodes.flatMap((node) => [node.y - node.h / 2, node.y + node.h / 2]);
  const extreme = (numbers, pick) => numbers.reduce((a, b) => pick(a, b), numbers[0] ?? 0);
  const left = extreme(xs, Math.min), right = extreme(xs, Math.max), top = extreme(ys, Math.min), bottom = extreme(ys, Math.max);
  const width = Math.max(right - left, NARROWEST) + 2 * MARGIN, head = 62, legend = legendOf(marks(drawn, facts.condition), width - 2 * MARGIN), foot = 52 + 22 * legend.rows, height = bottom - top + head + foot + 2 * MARGIN;
  const by = new Map(drawn.nodes.map((node) => [node.id, node]));
  const links = drawn.links.filter((link) => by.has(link.source) && by.has(link.target) && link.source !== link.target).map((link) => linkDrawn(link, by.get(link.source), by.get(link.target)));
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width.toFixed(0)} ${height.toFixed(0)}" width="${width.toFixed(0)}" height="${height.toFixed(0)}" role="img" aria-label="${clean(facts.title)}"><title>${clean(facts.title)}</title><style>${STYLE}</style>` +
    `<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="#1b1b1b"/></marker></defs>` +
    `<rect width="100%" height="100%" fill="#fff"/><text class="t" x="${MARGIN}" y="${MARGIN + 14}">${clean(facts.title)}</text><text class="s" x="${MARGIN}" y="${MARGIN + 36}">${clean(facts.line)}</text>` +
    `<g transform="translate(${(MARGIN - left + Math.max(0, (NARROWEST - (right - left)) / 2)).toFixed(1)} ${(MARGIN + head - top).toFixed(1)})">${links.join("")}${drawn.nodes.map(nodeDrawn).join("")}</g>` +
    `<g transform="translate(${MARGIN} ${(height - foot).toFixed(0)})">${legend.svg}</g><text class="s" x="${MARGIN}" y="${(height - MARGIN - 4).toFixed(0)}">${clean(facts.foot)}</text></svg>`;
  return { svg, width, height };
}

// The picture as PNG, twice as fine as a screen unless that is too large to draw.
export function asPng({ svg, width, height }) {
  const scale = Math.min(2, 8000 / width, 8000 / height);
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      URL.revokeObjectURL(address);
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("The picture is too large for PNG; take SVG."))), "image/png");
    };
    image.onerror = () => reject(new Error("The picture cannot be drawn."));
    image.src = address;
  });
}

// A page that needs nothing else: the picture, to zoom and move, and every link with its sources.
export function offlinePage(made, content, state, facts) {
  const name = new Map(content.entities.map((entity) => [entity.entity, entity.name]));
  const numbers = new Map(Object.keys(content.sources).map((id, place) => [id, place + 1]));
  const rows = content.links.flatMap((link) => {
    const how = linkOn(link, state.day, content.as_of);
    if (how.state !== "now" && !(state.past && how.state === "past")) return [];
    const sources = [...new Set(how.claims.flatMap((claim) => claim.sources))];
    return [`<tr><td>${clean(name.get(link.source))}</td><td>${clean(link.type.replaceAll("_", " ").toLowerCase())}</td><td>${clean(name.get(link.target))}</td><td>${clean(how.label)}</td><td>${clean([...new Set(how.claims.map((claim) => claim.when).filter(Boolean))].join("; "))}</td><td>${sources.map((id) => `<a href="#s${numbers.get(id)}">[${numbers.get(id)}]</a>`).join(" ")}</td></tr>`];
  });
  const notes = [...state.notes].filter(([id]) => name.has(id)).map(([id, note]) => `<li><b>${clean(name.get(id))}</b>: ${clean(note)}</li>`);
  const sources = Object.entries(content.sources).map(([id, source], place) => {
    const title = clean([source.title || id, source.publisher, source.published].filter(Boolean).join(", "));
    return `<li id="s${place + 1}">${/^https?:\/\//i.test(source.url) ? `<a rel="noreferrer noopener" href="${clean(source.url)}">${title}</a>` : title}</li>`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"><title>${clean(facts.title)}</title>
<style>body{font:16px/1.5 Georgia,serif;margin:0 auto;max-width:80rem;padding:1rem;color:#1b1b1b;background:#fff}#view{border:1px solid #999;height:70vh;overflow:hidden;touch-action:none;cursor:grab}#view svg{width:100%;height:100%}table{border-collapse:collapse;width:100%;font-size:.9rem}td,th{text-align:left;vertical-align:top;border-bottom:1px solid #ccc;padding:.3rem .6rem .3rem 0}.wide{overflow-x:auto}@media print{#view{height:auto;border:0}}</style>
<h1>${clean(facts.title)}</h1><p>${clean(facts.line)}</p><div id="view" tabindex="0" aria-label="Picture; wheel or + and - zoom, drag or arrows move, 0 shows all">${made.svg}</div>
${notes.length ? `<h2>Notes</h2><ul>${notes.join("")}</ul>` : ""}<h2>Links</h2><div class="wide"><table><thead><tr><th>From</th><th>Link</th><th>To</th><th>Share or kind</th><th>When</th><th>Sources</th></tr></thead><tbody>${rows.join("")}</tbody></table></div><h2>Sources</h2><ol>${sources.join("")}</ol><p>${clean(facts.foot)}</p>
<script>(()=>{const v=document.getElementById("view"),s=v.querySelector("svg"),w=s.viewBox.baseVal,all=[w.x,w.y,w.width,w.height];const set=(x,y,a,b)=>{w.x=x;w.y=y;w.width=a;w.height=b};const zoom=(f,px=.5,py=.5)=>set(w.x+w.width*px*(1-f),w.y+w.height*py*(1-f),w.width*f,w.height*f);v.addEventListener("wheel",e=>{e.preventDefault();const r=v.getBoundingClientRect();zoom(e.deltaY>0?1.15:1/1.15,(e.clientX-r.x)/r.width,(e.clientY-r.y)/r.height)},{passive:false});let d=null;v.addEventListener("pointerdown",e=>{d=[e.clientX,e.clientY];v.setPointerCapture(e.pointerId)});v.addEventListener("pointermove",e=>{if(!d)return;const k=Math.max(w.width/v.clientWidth,w.height/v.clientHeight);set(w.x-(e.clientX-d[0])*k,w.y-(e.clientY-d[1])*k,w.width,w.height);d=[e.clientX,e.clientY]});v.addEventListener("pointerup",()=>d=null);v.addEventListener("keydown",e=>{const m={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]}[e.key];if(m)set(w.x+m[0]*w.width*.08,w.y+m[1]*w.height*.08,w.width,w.height);else if(e.key==="+")zoom(1/1.2);else if(e.key==="-")zoom(1.2);else if(e.key==="0")set(...all);else return;e.preventDefault()})})()</script></html>`;
}

// How entities and links look. A verdict is told by shape, border and word, not by colour alone.

const WIDTH = 168, LINE = 17, FONT = 13.5;
const pen = document.createElement("canvas").getContext("2d");
const face = () => getComputedStyle(document.documentElement).getPropertyValue("--serif").trim() || "Georgia, serif";

// Names are bold in the printed picture, so a box has room for that.
const BOLD = () => `bold ${FONT}px ${face()}`;

export const SIGN = { listed: "■", captured: "▣", undetermined: "◐", minority: "◔", exempt: "◇", none: "" };

function wrapped(text, most, lines) {
  pen.font = BOLD();
  const made = [];
  let line = "";
  // Words, and single characters of scripts that are written without spaces.
  for (const word of text.match(/[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]|[^\s\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]+\s*|\s+/gu) || []) {
    if (line && pen.measureText(line + word.trimEnd()).width > most) { made.push(line.trimEnd()); line = ""; }
    line += word;
    while (pen.measureText(line).width > most && [...line].length > 4) {
      let cut = [...line].length - 1;
      while (cut > 3 && pen.measureText([...line].slice(0, cut).join("")).width > most) cut--;
      made.push([...line].slice(0, cut).join(""));
      line = [...line].slice(cut).join("");
    }
  }
  if (line.trim()) made.push(line.trimEnd());
  return made.length > lines ? [...made.slice(0, lines - 1), `${made[lines - 1].slice(0, 18)}…`] : made;
}

export function labelWidth(text) {
  pen.font = `bold 12px ${face()}`;
  return pen.measureText(text).width;
}

export const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// The lines in an entity's box, and its size.
export function boxOf(name, facts, note) {
  const lines = wrapped(name, WIDTH - 18, 3);
  // A list that is cut off could be any: all are named.
  const extra = facts.flatMap((fact) => wrapped(fact, WIDTH - 18, 12));
  if (note) extra.push(...wrapped(`“${note}”`, WIDTH - 18, 2));
  pen.font = BOLD();
  const wide = Math.max(...[...lines, ...extra].map((line) => pen.measureText(line).width));
  return { lines, extra, w: Math.max(84, Math.min(WIDTH, Math.ceil(wide) + 20)), h: (lines.length + extra.length) * LINE + 16 };
}

const NAMED = ["paper", "panel", "ink", "fine", "rule", "link", "listed", "listed-ink", "captured", "captured-ink", "would-be", "open", "minor", "hot"];

export function colours() {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMED.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

export function look(colour, large) {
  // A large map is drawn by the crowd (map_crowd.js); here its elements only have places.
  if (large) return [{ selector: "node, edge", style: { display: "none", width: 16, height: 16 } }];
  return [
    { selector: "node", style: {
      shape: "round-rectangle", width: "data(w)", height: "data(h)", "background-color": colour.paper, "border-width": 1.4, "border-color": colour.ink,
      label: "data(label)", color: colour.ink, "font-family": face(), "font-size": FONT, "text-wrap": "wrap", "text-max-width": WIDTH, "text-valign": "center", "text-halign": "center", "line-height": 1.25 } },
    ...bars(colour),
    { selector: "node.person", style: { shape: "round-rectangle", "corner-radius": 18 } },
    { selector: "node.listed", style: { shape: "cut-rectangle", "corner-radius": 12, "background-color": colour.listed, "border-color": colour.listed, color: colour["listed-ink"] } },
    { selector: "node.captured", style: { shape: "rectangle", "background-color": colour.captured, color: colour["captured-ink"], "border-width": 5, "border-style": "double" } },
    { selector: "node.undetermined", style: { "border-width": 2.5, "border-style": "dashed", "border-color": colour.open } },
    { selector: "node.minority", style: { "border-width": 2.5, "border-style": "dotted", "border-color": colour.minor } },
    { selector: "node.exempt", style: { shape: "barrel", "border-width": 2.5 } },
    // What would be, were the rule in force, is lighter, and its edge is broken.
    { selector: "node.would-be", style: { "border-width": 2, "border-color": colour.fine } },
    { selector: "node.captured.would-be", style: { "background-color": colour["would-be"], color: colour.ink, "border-width": 2.5, "border-style": "dashed", "border-dash-pattern": [10, 5] } },
    { selector: "node.exempt.would-be", style: { "border-style": "dashed" } },
    { selector: "node.placeholder", style: { "background-color": colour.panel, "border-style": "dotted", "font-style": "italic" } },
    { selector: "node.fold", style: { shape: "round-rectangle", "background-color": colour.panel, "border-style": "dashed", color: colour.link, "font-style": "italic", width: 96, height: 32 } },
    { selector: "node.pinned", style: { "outline-width": 1.5, "outline-offset": 4, "outline-color": colour.ink } },
    { selector: "node.on-path", style: { "outline-width": 3, "outline-offset": 3, "outline-color": colour.hot } },
    { selector: "node:selected", style: { "outline-width": 4, "outline-offset": 2, "outline-color": colour.hot, "outline-style": "solid" } },
    { selector: "edge", style: {
      width: 1.3, "line-color": colour.fine, "curve-style": "bezier", "target-arrow-shape": "triangle", "target-arrow-color": colour.fine, "arrow-scale": 0.9,
      label: "data(label)", "font-family": face(), "font-size": 12, color: colour.ink, "text-background-color": colour.paper, "text-background-opacity": 0.92, "text-background-padding": 2, "text-background-shape": "round-rectangle", "min-zoomed-font-size": 5 } },
    // Where boxes stand in several columns, a label in the middle of a line would lie behind a box.
    { selector: "edge[near='target']", style: { label: "", "target-label": "data(label)", "target-text-offset": "data(offset)" } },
    { selector: "edge[near='source']", style: { label: "", "source-label": "data(label)", "source-text-offset": "data(offset)" } },
    { selector: "edge.owns", style: { width: 2, "line-color": colour.ink, "target-arrow-color": colour.ink, "font-weight": "bold" } },
    { selector: "edge.past", style: { "line-style": "dashed", "line-dash-pattern": [3, 4], opacity: 0.6 } },
    { selector: "edge.folded", style: { "line-style": "dotted", "target-arrow-shape": "none", label: "" } },
    { selector: "edge.on-path, edge:selected", style: { width: 4, "line-color": colour.hot, "target-arrow-color": colour.hot } },
    { selector: ".gone", style: { display: "none" } },
  ];
}

// A state body has a bar down its left side, whatever fills the rest.
function bars(colour) {
  const bar = (fill) => ({ "background-fill": "linear-gradient", "background-gradient-direction": "to-right", "background-gradient-stop-colors": `${colour.ink} ${colour.ink} ${fill} ${fill}`, "background-gradient-stop-positions": "0 5 5 100" });
  return [
    { selector: "node.state", style: { shape: "rectangle", ...bar(colour.paper) } },
    { selector: "node.state.listed", style: bar(colour.listed) },
    { selector: "node.state.captured", style: bar(colour.captured) },
    { selector: "node.state.captured.would-be", style: bar(colour["would-be"]) },
  ];
}

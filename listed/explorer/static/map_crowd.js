// A large map: thousands of dots and lines, drawn in a few strokes on a canvas of their own.
// Cytoscape keeps the elements, moves and zooms; it would take a second to draw so many one by one.

const CHUNK = 400; // lines in one stroke: a longer path takes longer to fill in than several short ones
const STILL = 140; // milliseconds without a move after which it is drawn anew; until then the drawing itself is moved
const MANY = 1200, MARGIN = 0.25;
const NAMED_FROM = 0.55, MOST_NAMES = 350;

const SHAPES = {
  listed: (pen, x, y, r) => corners(pen, x, y, r * 1.15, 8, Math.PI / 8),
  captured: (pen, x, y, r) => corners(pen, x, y, r * 1.3, 4, 0),
  undetermined: (pen, x, y, r) => corners(pen, x, y, r * 1.25, 3, -Math.PI / 2),
  minority: (pen, x, y, r) => corners(pen, x, y, r * 1.1, 6, 0),
  exempt: (pen, x, y, r) => corners(pen, x, y, r * 1.2, 5, -Math.PI / 2),
  none: (pen, x, y, r) => { pen.moveTo(x + r * 0.8, y); pen.arc(x, y, r * 0.8, 0, 2 * Math.PI); },
  fold: (pen, x, y, r) => pen.rect(x - r, y - r, 2 * r, 2 * r),
};

function corners(pen, x, y, r, count, from) {
  for (let place = 0; place < count; place++) {
    const angle = from + (2 * Math.PI * place) / count;
    if (place) pen.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
    else pen.moveTo(x + r * Math.cos(angle), y + r * Math.sin(angle));
  }
  pen.closePath();
}

const LOOKS = Object.keys(SHAPES).flatMap((status) => [status, `${status} would-be`]);

// A sign drawn once, to be put down thousands of times. What only would be, were the rule in force, is hollow and broken.
function stamp(look, r, fill, border, fine) {
  const [status, conditional] = look.split(" ");
  const size = Math.ceil(2.6 * r) + 4, image = document.createElement("canvas"), pen = image.getContext("2d");
  image.width = image.height = Math.ceil(size * fine);
  pen.scale(fine, fine);
  pen.fillStyle = fill;
  pen.strokeStyle = border;
  pen.lineWidth = look === "captured" ? 2.4 : 1.4;
  pen.setLineDash(conditional && status !== "minority" ? [3, 2.5] : { undetermined: [4, 2], minority: [1.5, 2] }[status] || []);
  pen.beginPath();
  SHAPES[status](pen, size / 2, size / 2, r);
  pen.fill();
  pen.stroke();
  return { image, size };
}

export class Crowd {
  constructor(cy, colours) {
    this.cy = cy;
    this.colours = colours;
    this.on = false;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "crowd";
    cy.container().append(this.canvas);
    cy.on("viewport", () => this.moved());
    cy.on("resize", () => this.ask());
  }

  // Takes over from cytoscape, or hands back.
  show(on) {
    this.on = on;
    this.canvas.hidden = !on;
    if (!on) this.dots = this.lines = null;
  }

  // Takes what there is on the day: dots { id, x, y, look, name, path }, and the ends of lines by kind, x y x y.
  refresh(dots, lines) {
    this.dots = dots;
    this.lines = lines;
    this.lineCount = Object.values(lines).reduce((sum, ends) => sum + ends.length / 4, 0);
    // While the day moves, only what is in view is drawn.
    this.hurried = true;
    this.rest();
    this.ask();
  }

  rest() {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => { this.hurried = false; this.ask(); }, STILL);
  }

  // While the hand moves a large map, what is drawn is moved and scaled: as quick as the screen.
  moved() {
    if (!this.on || !this.drawn || this.lineCount < MANY) return this.ask();
    const { zoom, pan, mx, my } = this.drawn, now = this.cy.pan(), scale = this.cy.zoom() / zoom;
    const x = mx + now.x - scale * (mx + pan.x), y = my + now.y - scale * (my + pan.y);
    this.canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
    this.rest();
  }

  ask() {
    if (this.on && !this.asked) this.asked = requestAnimationFrame(() => { this.asked = 0; this.draw(); });
  }

  bounds() {
    const box = { x1: Infinity, y1: Infinity, x2: -Infinity, y2: -Infinity };
    for (const { x, y } of this.dots) {
      box.x1 = Math.min(box.x1, x); box.x2 = Math.max(box.x2, x); box.y1 = Math.min(box.y1, y); box.y2 = Math.max(box.y2, y);
    }
    return box;
  }

  fit() {
    if (!this.dots?.length) return;
    const box = this.bounds(), w = this.cy.width(), h = this.cy.height();
    const zoom = Math.min(1.2, (w - 60) / Math.max(box.x2 - box.x1, 1), (h - 60) / Math.max(box.y2 - box.y1, 1));
    this.cy.viewport({ zoom, pan: { x: w / 2 - (zoom * (box.x1 + box.x2)) / 2, y: h / 2 - (zoom * (box.y1 + box.y2)) / 2 } });
  }

  // The id of what is under a point of the map, if anything.
  at({ x, y }) {
    const reach = Math.max(10, 12 / this.cy.zoom());
    let best = null, least = reach * reach;
    for (const dot of this.dots || []) {
      const far = (dot.x - x) ** 2 + (dot.y - y) ** 2;
      if (far < least) { least = far; best = dot.id; }
    }
    return best;
  }

  draw() {
    const { cy, canvas } = this, colour = this.colours(), scale = Math.min(devicePixelRatio || 1, 1.5), zoom = cy.zoom();
    if (!this.dots) return;
    // Drawn a little beyond the edges, so that something is there when it is moved.
    const margin = this.hurried ? 0 : MARGIN, mx = Math.round(cy.width() * margin), my = Math.round(cy.height() * margin), w = cy.width() + 2 * mx, h = cy.height() + 2 * my;
    const pan = { x: cy.pan().x + mx, y: cy.pan().y + my };
    if (canvas.width !== Math.round(w * scale) || canvas.height !== Math.round(h * scale)) {
      canvas.width = Math.round(w * scale);
      canvas.height = Math.round(h * scale);
      Object.assign(canvas.style, { width: `${w}px`, height: `${h}px`, left: `${-mx}px`, top: `${-my}px` });
    }
    canvas.style.transform = "";
    this.drawn = { zoom, pan: { ...cy.pan() }, mx, my };
    const pen = canvas.getContext("2d");
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    const see = { left: -pan.x / zoom, top: -pan.y / zoom, right: (w - pan.x) / zoom, bottom: (h - pan.y) / zoom };
    this.strokes(pen, see, zoom, pan, colour);
    this.marks(pen, see, zoom, pan, colour, scale);
    if (zoom >= NAMED_FROM) this.names(pen, see, zoom, pan, colour);
  }

  strokes(pen, see, zoom, pan, colour) {
    const kinds = [["past", colour.rule, 0.8, [2, 4]], ["other", colour.rule, 0.8, []], ["owns", colour.fine, 0.8, []], ["path", colour.hot, 3.5, []]];
    for (const [kind, ink, width, dash] of kinds) {
      const ends = this.lines[kind];
      pen.strokeStyle = ink;
      pen.lineWidth = width;
      pen.setLineDash(ends.length > 8000 ? [] : dash);
      pen.globalAlpha = kind === "past" ? 0.6 : 1;
      let count = 0;
      pen.beginPath();
      for (let place = 0; place < ends.length; place += 4) {
        const x1 = ends[place], y1 = ends[place + 1], x2 = ends[place + 2], y2 = ends[place + 3];
        if ((x1 < see.left && x2 < see.left) || (x1 > see.right && x2 > see.right) || (y1 < see.top && y2 < see.top) || (y1 > see.bottom && y2 > see.bottom)) continue;
        pen.moveTo(x1 * zoom + pan.x, y1 * zoom + pan.y);
        pen.lineTo(x2 * zoom + pan.x, y2 * zoom + pan.y);
        if (++count % CHUNK === 0) { pen.stroke(); pen.beginPath(); }
      }
      pen.stroke();
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  marks(pen, see, zoom, pan, colour, scale) {
    const fills = { listed: colour.listed, captured: colour.captured, undetermined: colour.paper, minority: colour.paper, exempt: colour.paper, none: colour.paper, fold: colour.panel };
    const borders = { listed: colour.listed, captured: colour.ink, undetermined: colour.open, minority: colour.minor, exempt: colour.ink, none: colour.fine, fold: colour.link };
    const groups = new Map(LOOKS.map((look) => [look, []]));
    pen.imageSmoothingEnabled = false;
    const room = 20 / zoom;
    for (const dot of this.dots)
      if (dot.x > see.left - room && dot.x < see.right + room && dot.y > see.top - room && dot.y < see.bottom + room) groups.get(dot.look).push(dot);
    for (const [look, dots] of [...groups].reverse()) {
      const [status, conditional] = look.split(" ");
      const r = Math.max(status === "none" ? 1.6 : 4, 8 * zoom);
      const { image, size } = stamp(look, r, conditional ? colour.paper : fills[status], conditional ? colour.fine : borders[status], scale);
      // Put down on whole dots of the screen, it need not be smoothed.
      const whole = (at) => Math.round((at - size / 2) * scale) / scale;
      for (const dot of dots) pen.drawImage(image, whole(dot.x * zoom + pan.x), whole(dot.y * zoom + pan.y), image.width / scale, image.height / scale);
    }
    pen.strokeStyle = colour.hot;
    pen.lineWidth = 3;
    const chosen = new Set(this.cy.nodes(":selected").map((node) => node.id()));
    for (const dot of this.dots) {
      if (!dot.path && !chosen.has(dot.id)) continue;
      pen.beginPath();
      pen.arc(dot.x * zoom + pan.x, dot.y * zoom + pan.y, Math.max(8, 13 * zoom), 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  names(pen, see, zoom, pan, colour) {
    pen.font = "12px Georgia, serif";
    pen.textAlign = "center";
    pen.lineWidth = 3;
    pen.strokeStyle = colour.paper;
    pen.fillStyle = colour.ink;
    const taken = new Set(); // a name is left out where another one stands
    let count = 0;
    for (const dot of [...this.dots].sort((a, b) => (b.look !== "none") - (a.look !== "none"))) {
      if (dot.x < see.left || dot.x > see.right || dot.y < see.top || dot.y > see.bottom) continue;
      const x = dot.x * zoom + pan.x, y = dot.y * zoom + pan.y + 8 * zoom + 13, name = dot.name.length > 26 && zoom < 1.6 ? `${dot.name.slice(0, 25)}…` : dot.name;
      const row = Math.round(y / 15), half = name.length * 3.1, cells = [];
      for (let place = Math.floor((x - half) / 24); place <= Math.floor((x + half) / 24); place++) cells.push(`${row} ${place}`);
      if (cells.some((cell) => taken.has(cell))) continue;
      cells.forEach((cell) => taken.add(cell));
      if (++count > MOST_NAMES) break;
      pen.strokeText(name, x, y);
      pen.fillText(name, x, y);
    }
  }
}

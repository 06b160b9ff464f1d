// Moving through time: the slider, the days on which something changes, and what each move brought and took.
import { changeDays, listingsOn, toDay, toNumber } from "./map_time.js";
import { today } from "./map_state.js";

const at = (id) => document.getElementById(id);
const REST = 250; // milliseconds after which the hand rests, and verdicts are asked for
const TICKS = 400;

export class Slider {
  constructor(map) {
    this.map = map;
    this.days = [];
    at("slider").addEventListener("input", (event) => this.go(toDay(Number(event.target.value))));
    at("as-of").addEventListener("change", (event) => this.go(event.target.value, { settle: true }));
    at("earlier").addEventListener("click", () => this.toChange(false));
    at("later").addEventListener("click", () => this.toChange(true));
  }

  // New content has come: after a step nothing is told of what changed.
  reset() {
    this.days = changeDays(this.map.content);
    this.before = null;
    at("change").textContent = "";
  }

  // What was begun is dropped: another address is shown.
  stop() {
    clearTimeout(this.resting);
    this.sliding = false;
  }

  // Shown at once; verdicts follow when the hand rests, and one step is remembered.
  go(day, { settle = false } = {}) {
    if (!/^\d{4}-\d\d-\d\d$/.test(day) || day === this.map.state.day) return;
    if (!this.sliding) {
      this.map.remember();
      this.sliding = true;
    }
    this.map.state.day = day;
    this.map.onDay();
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.settle(), settle ? 0 : REST);
  }

  // Browsers refuse addresses that change with each move of the hand: it is written when the hand rests.
  settle() {
    this.sliding = false;
    this.map.renew();
    return this.map.settle();
  }

  toChange(forward) {
    const day = toNumber(this.map.state.day);
    const next = forward ? this.days.find((one) => one > day) : this.days.findLast((one) => one < day);
    if (next !== undefined) this.go(toDay(next), { settle: true });
    else this.map.say(forward ? "No later change." : "No earlier change.");
  }

  // Tells what the last move brought and took.
  tell(places) {
    const { content, state } = this.map;
    const now = { day: state.day, links: places, listed: content.entities.filter((one) => listingsOn(one, state.day).length).map((one) => one.name) };
    const { before } = this;
    this.before = now;
    if (!before || before.day === now.day) return;
    const line = (place) => this.lineOf(content.links[place]);
    at("change").textContent = [
      told("Appeared", now.links, before.links, line), told("Vanished", before.links, now.links, line),
      told("Listed", now.listed, before.listed), told("No longer listed", before.listed, now.listed),
    ].filter(Boolean).join(" ");
  }

  lineOf(link) {
    const shares = [...new Set(link.claims.filter((claim) => !claim.never).map((claim) => claim.share).filter(Boolean))];
    return `${this.map.entity(link.source).name} → ${this.map.entity(link.target).name}${shares.length ? ` ${shares.join(" / ")}` : ""}`;
  }

  show() {
    const slider = at("slider"), now = toNumber(today()), day = toNumber(this.map.state.day);
    slider.min = Math.min(this.days[0] ?? now - 365, day) - 30;
    slider.max = Math.max(this.days.at(-1) ?? now, now, day);
    slider.value = day;
    slider.setAttribute("aria-valuetext", this.map.state.day);
    at("as-of").value = this.map.state.day;
    const key = `${slider.min} ${slider.max} ${this.days.length} ${this.days[0]} ${this.days.at(-1)}`;
    if (key !== this.ticksFor) this.ticks(slider);
    this.ticksFor = key;
  }

  ticks(slider) {
    const each = Math.ceil(this.days.length / TICKS);
    at("ticks").replaceChildren(...this.days.filter((_, place) => place % each === 0).map((one) => {
      const tick = document.createElement("i");
      tick.style.left = `${(100 * (one - slider.min)) / Math.max(slider.max - slider.min, 1)}%`;
      return tick;
    }));
  }
}

function told(word, some, others, line = (one) => one) {
  const had = new Set(others), lines = [...new Set(some.filter((one) => !had.has(one)).map(line))];
  return lines.length ? `${word}: ${lines.slice(0, 2).join("; ")}${lines.length > 2 ? ` and ${(lines.length - 2).toLocaleString("en")} more` : ""}.` : "";
}

// Screening: the file goes up as it is, the page asks how far it is, and shows the outcome with filters.
import { addressOf, ask, counted, make } from "./page.js";

const at = (id) => document.getElementById(id);
const STEP = 200;
const form = at("screening");
let rows = [], kept = [], shown = 0, job = "", least = 0;

const settings = () => {
  const words = {};
  for (const name of ["as-of", "regime", "min-score", "matches", "name-column", "country-column"]) if (at(name).value) words[name] = at(name).value;
  return words;
};

function problem(text) {
  at("progress").hidden = true;
  at("problem").textContent = text;
  at("problem").hidden = !text;
}

async function take(file) {
  if (!file) return;
  problem("");
  at("outcome").hidden = true;
  if (file.size > Number(form.dataset.mostBytes)) return problem(`${file.name} is too large for the page; use: listed screen FILE`);
  at("progress").hidden = false;
  at("told").textContent = `Sending ${file.name}…`;
  try {
    const words = new URLSearchParams({ ...settings(), name: file.name });
    job = (await ask(`/screen?${words}`, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } })).job;
    await follow();
  } catch (error) {
    problem(error.message);
  }
}

async function follow() {
  for (;;) {
    const how = await ask(`/screen/job.json?job=${encodeURIComponent(job)}`);
    at("told").textContent = `${how.file}: ${counted(how.names, "name")} screened…`;
    if (how.state === "done") return outcome();
    if (how.state === "stopped") return problem("Stopped.");
    if (how.state === "failed") return problem(how.problem);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

async function outcome() {
  const answer = await ask(`/screen/outcome.json?job=${encodeURIComponent(job)}`);
  rows = answer.rows;
  least = answer.bounds.least_score;
  at("progress").hidden = true;
  const names = new Set(rows.map((row) => row.row)), listed = new Set(rows.filter((row) => row.listed_on.length).map((row) => row.row));
  const without = rows.filter((row) => !row.entity).length;
  at("in-short").textContent = `${counted(names.size, "name")}: ${[`${listed.size} with a listed match`, ...standing(answer.bounds)].join(", ")}; ${without} without a match of ${least} or more${near(answer.bounds)}. As of ${answer.as_of}, snapshot ${answer.snapshot}.`;
  at("unread").textContent = answer.notes.filter((note) => URGENT.some((words) => note.includes(words))).join(" ");
  for (const form of ["xlsx", "csv", "json"]) at(`as-${form}`).href = `/screen/outcome.${form}?job=${encodeURIComponent(job)}`;
  at("outcome").hidden = false;
  filter();
  at("outcome-title").focus();
}

const STANDINGS = { captured: "that a rule captures", would_be_captured: "that a rule would capture if it were in force", may_be_captured: "that a rule may capture" };
// What must be read at once: what was not read, what no list can say, and what is told only later.
const URGENT = ["passed over", "Not read: ", "holds no list of", "only from a later day"];
const standing = (bounds) => Object.entries(STANDINGS).filter(([what]) => bounds[what]).map(([what, said]) => `${bounds[what]} with one ${said}`);
const near = (bounds) => bounds.without_but_near ? `, ${bounds.without_but_near} of them near a listed or captured one` : "";

const TESTS = {
  all: () => true,
  listed: (row) => row.listed_on.length > 0,
  verdict: (row) => row.verdicts.length + row.undetermined.length > 0,
  match: (row) => Boolean(row.entity),
  none: (row) => !row.entity,
  near: (row) => Boolean(row.nearest),
};

function filter() {
  const text = at("containing").value.trim().toLowerCase(), test = TESTS[at("which").value];
  kept = rows.filter((row) => test(row) && (!text || `${row.asked} ${row.name} ${row.entity} ${row.listed_on.join(" ")} ${row.verdicts.join(" ")} ${row.path}`.toLowerCase().includes(text)));
  shown = 0;
  at("rows").tBodies[0].replaceChildren();
  further();
}

function further() {
  at("rows").tBodies[0].append(...kept.slice(shown, shown + STEP).map(line));
  shown = Math.min(shown + STEP, kept.length);
  at("shown").textContent = `${shown.toLocaleString("en")} of ${counted(kept.length, "row")} shown`;
  at("further").hidden = shown >= kept.length;
}

function line(row) {
  const found = row.entity
    ? [make("a", { href: addressOf("/entity", { id: row.entity }) }, row.name), make("span", { class: "fine block" }, `${row.score} of 100: ${row.reason}`)]
    : row.nearest
      ? [make("span", { class: "fine block" }, row.reason), make("a", { href: addressOf("/entity", { id: row.nearest }) }, "Look at the nearest")]
      : [make("span", { class: "fine" }, `nothing of ${least} or more`)];
  const said = [...row.verdicts, ...row.undetermined.map((one) => `would settle it: ${one}`)];
  return make("tr", {},
    make("td", {}, String(row.row)), make("th", { scope: "row" }, row.asked, row.asked_country ? make("span", { class: "fine block" }, row.asked_country.toUpperCase()) : ""),
    make("td", {}, row.match), make("td", {}, ...found),
    make("td", {}, row.listed_on.length ? make("span", { class: "badge listed" }, `■ ${row.listed_on.join(", ")}`) : ""),
    make("td", {}, said.length ? make("ul", { class: "plain" }, said.map((one) => make("li", {}, one))) : ""), make("td", {}, row.path));
}

at("file").addEventListener("change", (event) => take(event.target.files[0]));
at("drop").addEventListener("dragover", (event) => { event.preventDefault(); at("drop").classList.add("over"); });
at("drop").addEventListener("dragleave", () => at("drop").classList.remove("over"));
at("drop").addEventListener("drop", (event) => { event.preventDefault(); at("drop").classList.remove("over"); take(event.dataTransfer.files[0]); });
form.addEventListener("submit", (event) => event.preventDefault());
at("stop").addEventListener("click", () => ask(`/screen/stop?job=${encodeURIComponent(job)}`, { method: "POST" }).catch(() => {}));
at("filters").addEventListener("submit", (event) => event.preventDefault());
at("containing").addEventListener("input", filter);
at("which").addEventListener("change", filter);
at("further").addEventListener("click", further);

// Suggestions as one types: a combobox (WAI-ARIA), one for each field with data-suggest.
// "entity" opens the page of what is chosen, "fill" puts its id into the field, "event" tells the page.
import { addressOf, ask, make } from "./page.js";

let fields = 0;

function suggesting(input) {
  const id = `suggestions-${++fields}`;
  const list = make("ul", { id, role: "listbox", "aria-label": "Suggestions", hidden: true });
  const told = make("p", { class: "away", role: "status", "aria-live": "polite" });
  input.closest(".combo").append(list, told);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id }))
    input.setAttribute(name, value);
  let rows = [], at = -1, asked = 0, waiting = null, running = null;

  function close() {
    list.hidden = true;
    at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(place) {
    at = place;
    [...list.children].forEach((one, other) => one.setAttribute("aria-selected", other === place));
    if (place < 0) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", list.children[place].id);
    list.children[place].scrollIntoView({ block: "nearest" });
  }

  function choose(row) {
    close();
    if (input.dataset.suggest === "entity") location.assign(addressOf("/entity", { id: row.entity }));
    else if (input.dataset.suggest === "fill") input.value = row.entity;
    else {
      input.value = "";
      input.dispatchEvent(new CustomEvent("chosen", { detail: row, bubbles: true }));
    }
  }

  function show(found) {
    rows = found;
    list.replaceChildren(
      ...found.map((row, place) =>
        make("li", { id: `${id}-${place}`, role: "option", "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); choose(row); } },
          row.name, " ",
          row.listed_on.length ? make("span", { class: "badge listed" }, `■ listed: ${row.listed_on.join(", ")}`) : "",
          make("span", { class: "fine" }, [row.schema, row.countries.join(", ").toUpperCase(), row.reason].filter(Boolean).join(" · ")))),
    );
    list.hidden = !found.length;
    at = -1;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    told.textContent = found.length ? `${found.length} suggestions` : "No suggestion";
  }

  async function look() {
    const text = input.value.trim();
    const mine = ++asked;
    running?.abort();
    if (!text) return close();
    running = new AbortController();
    try {
      const { rows: found } = await ask(addressOf("/suggest.json", { q: text }), { signal: running.signal });
      if (mine === asked && document.activeElement === input) show(found);
    } catch (error) {
      if (error.name !== "AbortError") close();
    }
  }

  input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 60); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) { close(); event.preventDefault(); }
    else if (event.key === "ArrowDown" && !list.hidden) { mark((at + 1) % rows.length); event.preventDefault(); }
    else if (event.key === "ArrowUp" && !list.hidden) { mark((at <= 0 ? rows.length : at) - 1); event.preventDefault(); }
    else if (event.key === "Enter" && at >= 0) { choose(rows[at]); event.preventDefault(); }
    else if (event.key === "Enter" && input.dataset.suggest === "event") {
      event.preventDefault();
      if (rows.length && !list.hidden) choose(rows[0]);
    }
  });
}

document.querySelectorAll("[data-suggest]").forEach(suggesting);

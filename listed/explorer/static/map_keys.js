// The map by keyboard.
import { addressOf } from "./page.js";

export function pressed(map, event) {
  const node = map.cy.nodes(":selected")[0], id = node?.data("entity"), fold = node?.data("fold");
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const control = event.ctrlKey || event.metaKey;
  if (control && event.key.toLowerCase() === "z") map.undo();
  else if (control || event.altKey) return;
  else if (moves[event.key]) map.toward(...moves[event.key]);
  else if (event.key === "Enter" && (id || fold)) map.expand(id || fold);
  else if (event.key === "Enter") map.toward(1, 0);
  else if (event.key === "Delete" && id) map.hide(id);
  else if (event.key === "+" || event.key === "=") map.board.zoom(1.25);
  else if (event.key === "-") map.board.zoom(0.8);
  else if (event.key === "0") map.board.fit();
  else if (event.key === "[") map.slider.toChange(false);
  else if (event.key === "]") map.slider.toChange(true);
  else if (event.key === "Escape") { map.cy.elements().unselect(); map.chosen = null; map.showChosen(); }
  else {
    const key = event.key.toLowerCase();
    if (key === "u") map.undo();
    else if (key === "p" && id) map.pin(id);
    else if (key === "n" && id) document.getElementById("note")?.focus();
    else if (key === "o" && id) location.assign(addressOf("/entity", { id, "as-of": map.state.day }));
    else if (key === "f" && id) { if (map.pathFrom && map.pathFrom !== id) map.pathTo(id); else map.beginPath(id); }
    else return;
  }
  event.preventDefault();
}

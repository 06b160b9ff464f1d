// Making elements: what is put into one is always text, so that no name becomes markup.

export function make(tag, facts = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(facts)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...inside.flat().filter((one) => one !== null && one !== undefined && one !== ""));
  return element;
}

export async function ask(address, options = {}) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  let content = {};
  try {
    content = await answer.json();
  } catch {
    throw new Error(answer.ok ? "The answer cannot be read." : `The server said ${answer.status}.`);
  }
  if (!answer.ok) throw new Error(content.error || `The server said ${answer.status}.`);
  return content;
}

// Links keep to the day and the rule of the page.
export function addressOf(path, words) {
  const here = new URLSearchParams(location.search);
  const search = new URLSearchParams(words);
  for (const name of ["as-of", "regime"]) if (here.get(name) && !search.has(name)) search.set(name, here.get(name));
  return `${path}?${search}`;
}

export function download(name, content, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const counted = (number, word) => `${number.toLocaleString("en")} ${word}${number === 1 ? "" : "s"}`;

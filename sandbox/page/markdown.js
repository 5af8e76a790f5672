/** Shows Markdown: the server makes safe HTML of it, many texts at once, each only once. */

import { renderTexts } from "./api.js";
import { h } from "./dom.js";
import { dress } from "./links.js";

const known = new Map();
const waiting = new Map();
const MOST = 200;
let planned = false;

/** Return an element that shows a text, at once if it is known and otherwise very soon. */
export function markdown(text, kind = "") {
  const element = h("div", { class: `markdown ${kind}` });
  if (!text) return element;
  if (known.has(text)) {
    fill(element, text);
    return element;
  }
  waiting.set(text, [...(waiting.get(text) ?? []), element]);
  plan();
  return element;
}

/** Have texts rendered before they are drawn, so that nothing moves on the screen afterwards. */
export async function prepare(texts) {
  const missing = [...new Set(texts)].filter((text) => text && !known.has(text));
  for (let start = 0; start < missing.length; start += MOST) await learn(missing.slice(start, start + MOST));
}

async function learn(texts) {
  const pages = await renderTexts(texts);
  texts.forEach((text, place) => known.set(text, pages[place]));
}

function plan() {
  if (planned) return;
  planned = true;
  queueMicrotask(async () => {
    planned = false;
    const elements = new Map(waiting);
    waiting.clear();
    await prepare([...elements.keys()]);
    for (const [text, places] of elements) places.forEach((element) => fill(element, text));
  });
}

function fill(element, text) {
  element.innerHTML = known.get(text);
  if (element.classList.contains("links-only")) unwrap(element);
  dress(element);
}

/** Leave only the words and the links, as the web client does in a title. */
function unwrap(element) {
  for (const inner of element.querySelectorAll(":not(a[target])")) inner.replaceWith(...inner.childNodes);
}

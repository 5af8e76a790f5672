/** Folds what is too high behind *Show more*, as the web client does. */

import { h, icon } from "./dom.js";

const open = new Set();
const watched = new ResizeObserver((entries) => entries.forEach(({ target }) => target.measure()));

/** Return a box that shows at most so many pixels of an element; `key` remembers what somebody has opened. */
export function folded(key, element, most) {
  const inside = h("div", { class: "fold-inside" }, element);
  const words = h("span", {}, "");
  const button = h("button", { type: "button", onclick: toggle }, icon("down"), words);
  const line = h("div", { class: "fold-line", hidden: true }, button);
  const box = h("div", { class: "fold" }, inside, line);

  function draw() {
    const shut = !open.has(key);
    box.classList.toggle("shut", shut);
    inside.style.maxHeight = shut ? `${most}px` : "";
    words.textContent = shut ? "Show more" : "Show less";
  }

  function toggle() {
    if (!open.delete(key)) open.add(key);
    draw();
  }

  element.measure = () => {
    line.hidden = element.offsetHeight <= most;
    box.classList.toggle("over", !line.hidden);
  };
  watched.observe(element);
  draw();
  return box;
}

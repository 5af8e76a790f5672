/** Opens small boxes beside a button: menus and pickers. */

import { h } from "./dom.js";

let close = () => {};

/** Open a box beside an element; it closes on Escape or a click elsewhere. */
export function popup(anchor, kind, ...children) {
  const again = anchor.getAttribute("aria-expanded") === "true";
  close();
  if (again) return () => {};
  const box = h("div", { class: `popup ${kind}` }, ...children);
  (anchor.closest("dialog") ?? document.body).append(box);
  anchor.setAttribute("aria-expanded", "true");
  setPlace(box, anchor);
  const outside = (event) => {
    if (!box.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
    anchor.focus();
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  close = () => {
    box.remove();
    anchor.removeAttribute("aria-expanded");
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    close = () => {};
  };
  return close;
}

/** Open a menu of actions; an action with `sure` has to be chosen twice. */
export function menu(anchor, actions) {
  const items = actions.map(({ text, act, sure }) => {
    const item = h("button", { type: "button", role: "menuitem", class: sure ? "danger" : "" }, text);
    let asked = !sure;
    item.addEventListener("click", () => {
      if (asked) {
        close();
        act();
      } else item.textContent = sure;
      asked = true;
    });
    return item;
  });
  popup(anchor, "menu", h("div", { role: "menu" }, ...items));
  items[0]?.focus();
}

/** Put a box below its anchor, or above it where there is more room. */
export function setPlace(box, anchor) {
  const edge = 8;
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = box;
  const below = at.bottom + 4 + height < innerHeight - edge || at.top < innerHeight / 2;
  box.style.left = `${Math.max(edge, Math.min(at.left, innerWidth - width - edge))}px`;
  box.style.top = `${below ? at.bottom + 4 : Math.max(edge, at.top - height - 4)}px`;
  if (below) box.style.maxHeight = `${innerHeight - at.bottom - 4 - edge}px`;
}

/** A menu that is searched by typing, as messages and dialogs have it. */

import { h, icon } from "./dom.js";
import { setPlace } from "./popup.js";
import { state, titleOf } from "./state.js";

const SHORT_LIST = 7;
let count = 0;

/** Return the options of a menu: its own, or all users or channels. */
export function optionsOf({ data_source: source, options }) {
  if (source === "users") return users().map((user) => ({ text: `@${user.username}`, value: user.id }));
  if (source === "channels") return channels().map((row) => ({ text: titleOf(row), value: row.id }));
  return options ?? [];
}

/** Make a menu of options `{text, value}`; `picked` hears the one that was chosen. */
export function combobox({ label, placeholder = "", options, value = "", picked = () => {}, id = "" }) {
  const listId = `list-${(count += 1)}`;
  const input = h("input", {
    type: "text", role: "combobox", autocomplete: "off", "aria-label": id ? null : label, id: id || null, placeholder,
    "aria-expanded": "false", "aria-controls": listId, readonly: options.length <= SHORT_LIST,
  });
  const element = h("span", { class: "combobox" }, input, icon("down"));
  let chosen = options.find((option) => option.value === value) ?? null;
  let list = null;
  let at = -1;
  input.value = chosen?.text ?? "";

  function offered() {
    const words = input.value.toLowerCase();
    const typed = chosen?.text !== input.value && words;
    return typed ? options.filter((option) => option.text.toLowerCase().includes(words)) : options;
  }

  function open() {
    hide();
    const rows = offered().map((option, place) =>
      h("li", {
        role: "option", id: `${listId}-${place}`, "aria-selected": String(option === chosen),
        onpointerdown: (event) => event.preventDefault(), onclick: () => pick(option),
      }, option.text));
    if (!rows.length) rows.push(h("li", { class: "none" }, "Nothing found"));
    list = h("ul", { class: "popup options", role: "listbox", id: listId, "aria-label": label }, ...rows);
    (element.closest("dialog") ?? document.body).append(list);
    list.style.minWidth = `${element.offsetWidth}px`;
    setPlace(list, element);
    input.setAttribute("aria-expanded", "true");
    at = -1;
  }

  function hide() {
    list?.remove();
    list = null;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function pick(option) {
    chosen = option;
    input.value = option.text;
    hide();
    picked(option.value);
  }

  function step(by) {
    const rows = [...list.querySelectorAll("[role=option]")];
    rows[at]?.classList.remove("at");
    at = (at + by + rows.length) % rows.length;
    rows[at]?.classList.add("at");
    rows[at]?.scrollIntoView({ block: "nearest" });
    if (rows[at]) input.setAttribute("aria-activedescendant", rows[at].id);
  }

  input.addEventListener("click", () => (list ? hide() : open()));
  input.addEventListener("input", () => {
    chosen = null;
    open();
  });
  input.addEventListener("blur", () => {
    hide();
    input.value = chosen?.text ?? "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!list) open();
      step(event.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (list && offered()[Math.max(at, 0)]) pick(offered()[Math.max(at, 0)]);
      else open();
    } else if (event.key === "Escape" && list) {
      event.preventDefault();
      event.stopPropagation();
      hide();
    } else if (input.readOnly && (event.key === "Backspace" || event.key === "Delete")) {
      chosen = null;
      input.value = "";
    }
  });
  return { element, input, get value() { return chosen?.value ?? ""; } };
}

function users() {
  const present = [...state.users.values()].filter((user) => !user.delete_at);
  return present.sort((one, other) => one.username.localeCompare(other.username));
}

function channels() {
  return [...state.channels.values(), ...state.joinable.values()].filter((row) => row.team_id && !row.delete_at);
}

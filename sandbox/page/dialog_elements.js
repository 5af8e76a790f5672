/** The fields of a dialog: what each kind looks like, checks and hands in. */

import { combobox, optionsOf } from "./combobox.js";
import { h } from "./dom.js";
import { markdown } from "./markdown.js";
import { state } from "./state.js";

const INPUTS = { email: "email", number: "number", tel: "tel", url: "url", password: "password" };
const DEFAULT_LENGTHS = { text: 150, textarea: 3000 };
let count = 0;

/** Draw a field; it comes with `value`, `check`, `complain` and `focus`. */
export function drawElement(element, earlier) {
  const id = `field-${(count += 1)}`;
  const start = earlier ?? element.default ?? "";
  const control = { textarea, select, bool, radio }[element.type]?.(element, id, start) ?? text(element, id, start);
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const title = [element.display_name, element.optional ? h("span", { class: "note" }, " (optional)") : h("span", { class: "star", title: "required" }, " *")];
  const grouped = element.type === "radio";
  const label = grouped ? h("legend", {}, title) : h("label", { for: id }, title);
  const help = element.help_text ? markdown(element.help_text, "help") : null;
  const row = h(grouped ? "fieldset" : "div", { class: "form-row" }, label, control.element, help, error);
  control.target?.setAttribute("aria-describedby", error.id);

  function complain(words) {
    error.textContent = words;
    error.hidden = !words;
    row.classList.toggle("wrong", Boolean(words));
  }

  return {
    row,
    name: element.name,
    complain,
    value: control.value,
    focus: () => (control.target ?? control.element.querySelector("input"))?.focus(),
    check() {
      const words = problem(element, control.value());
      complain(words);
      return !words;
    },
  };
}

function text(element, id, start) {
  const type = INPUTS[element.subtype] ?? "text";
  const most = element.max_length || DEFAULT_LENGTHS.text;
  const input = h("input", { type, id, placeholder: element.placeholder || null, maxlength: most, value: start, autocomplete: "off" });
  const number = element.subtype === "number" && state.major < 11;
  return { element: input, target: input, value: () => (number && input.value ? Number(input.value) : input.value) };
}

function textarea(element, id, start) {
  const most = element.max_length || DEFAULT_LENGTHS.textarea;
  const input = h("textarea", { id, rows: 5, placeholder: element.placeholder || null, maxlength: most, value: start });
  return { element: input, target: input, value: () => input.value };
}

function select(element, id, start) {
  const options = optionsOf(element);
  const box = combobox({ id, label: element.display_name, placeholder: element.placeholder ?? "", options, value: start });
  return { element: box.element, target: box.input, value: () => box.value };
}

function bool(element, id, start) {
  const input = h("input", { type: "checkbox", id, checked: String(start) === "true" });
  const box = h("label", { class: "check" }, input, element.placeholder || element.display_name);
  return { element: box, target: input, value: () => input.checked };
}

function radio(element, id, start) {
  const choices = (element.options ?? []).map(({ text: words, value }) =>
    h("label", { class: "check" }, h("input", { type: "radio", name: id, value, checked: value === start }), words));
  const box = h("div", { class: "choices" }, choices);
  return { element: box, target: null, value: () => box.querySelector("input:checked")?.value ?? "" };
}

function problem(element, value) {
  if (value === "") return element.optional ? "" : "This field is required.";
  if (typeof value === "boolean") return "";
  const words = String(value);
  if (element.min_length && words.length < element.min_length) return `Minimum input length is ${element.min_length}.`;
  if (element.subtype === "email" && !/^\S+@\S+$/.test(words)) return "Must be a valid email address.";
  if (element.subtype === "url" && !/^https?:\/\//.test(words)) return "URL must include http:// or https://.";
  if (element.subtype === "number" && !Number.isFinite(Number(words))) return "Must be a number.";
  return "";
}

/** Draws the attachments of a message, with buttons and menus that call their integration. */

import { call } from "./api.js";
import { combobox, optionsOf } from "./combobox.js";
import { h } from "./dom.js";
import { folded } from "./fold.js";
import { markdown } from "./markdown.js";

const COLOURS = { good: "#2f9e6e", warning: "#e0a100", danger: "#d24b4e" };
const HIGHEST_TEXT = 200;
const STYLES = new Set(["primary", "good", "success", "warning", "danger"]);

/** Return the texts of attachments that are Markdown. */
export function markdownOf(attachments) {
  return attachments.flatMap(({ pretext, title, text, fields, footer }) => [pretext, title, text, ...(fields ?? []).map(valueOf), footer]);
}

/** Draw all attachments of a post. */
export function drawAttachments(post) {
  return (post.props?.attachments ?? []).map((row) => drawAttachment(post, row));
}

function drawAttachment(post, row) {
  const box = h("div", { class: "attachment" },
    row.author_name && h("div", { class: "attachment-author" }, linked(row.author_name, row.author_link)),
    row.title && drawTitle(row),
    row.text && folded(`${post.id} ${row.title ?? ""}`, markdown(row.text), HIGHEST_TEXT),
    row.fields?.length ? inRows(row.fields).map((fields) => h("div", { class: "fields" }, fields.map(drawField))) : null,
    row.footer && markdown(row.footer, "attachment-footer"),
    row.actions?.length ? drawActions(post, row.actions) : null,
  );
  const colour = COLOURS[row.color] ?? row.color;
  if (/^#[0-9a-f]{3,8}$/i.test(colour)) box.style.setProperty("--bar", colour);
  return row.pretext ? h("div", {}, markdown(row.pretext, "pretext"), box) : box;
}

function drawTitle({ title, title_link: address }) {
  const leads = /^https?:/i.test(address ?? "");
  return leads ? h("div", { class: "attachment-title" }, linked(title, address)) : markdown(title, "attachment-title links-only");
}

/** Put fields into rows as the web client does: two that are short stand beside each other, on a phone too. */
function inRows(fields) {
  const rows = [];
  for (const field of fields) {
    const last = rows.at(-1);
    if (last?.length === 1 && last[0].short && field.short) last.push(field);
    else rows.push([field]);
  }
  return rows;
}

function drawField(field) {
  return h("div", { class: "field" }, h("div", { class: "field-title" }, field.title), markdown(valueOf(field)));
}

function drawActions(post, actions) {
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const row = h("div", { class: "actions" });
  let busy = false;

  async function perform(action, selected) {
    if (busy) return;
    busy = true;
    error.hidden = true;
    row.classList.add("busy");
    setDisabled(true);
    const body = { selected_option: selected, cookie: action.cookie ?? "" };
    try {
      await call("POST", `/posts/${post.id}/actions/${action.id}`, body);
    } catch (refusal) {
      error.textContent = refusal.message;
      error.hidden = false;
    }
    busy = false;
    row.classList.remove("busy");
    setDisabled(false);
  }

  function setDisabled(waiting) {
    for (const control of row.querySelectorAll("button, input")) {
      control.disabled = waiting || control.dataset.off === "true";
    }
  }

  row.append(...actions.map((action) => drawAction(action, perform)));
  setDisabled(false);
  return h("div", {}, row, error);
}

function drawAction(action, perform) {
  const off = String(Boolean(action.disabled));
  if (action.type === "select") {
    const picked = (value) => perform(action, value);
    const value = action.default_option ?? "";
    const box = combobox({ label: action.name, placeholder: action.name, options: optionsOf(action), value, picked });
    box.input.dataset.off = off;
    return box.element;
  }
  const kind = STYLES.has(action.style) ? action.style : "";
  const button = h("button", { type: "button", class: `action ${kind}`, title: action.tooltip || null }, action.name);
  if (/^#[0-9a-f]{3,8}$/i.test(action.style ?? "")) {
    button.classList.add("coloured");
    button.style.setProperty("--tone", action.style);
  }
  button.dataset.off = off;
  button.addEventListener("click", () => perform(action, ""));
  return button;
}

function linked(text, address) {
  return /^https?:/i.test(address ?? "") ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, text) : text;
}

function valueOf(field) {
  return String(field.value ?? "");
}

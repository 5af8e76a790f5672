/** Shows the dialogs that integrations open, and hands in what was filled in. */

import { call } from "./api.js";
import { drawElement } from "./dialog_elements.js";
import { h, iconButton } from "./dom.js";
import { markdown } from "./markdown.js";
import { state } from "./state.js";

/** Open a dialog `{url, dialog}` as the server announced it; `earlier` are the values of steps before it. */
export function openDialog({ url, dialog }, earlier = {}) {
  const fields = (dialog.elements ?? []).map((element) => drawElement(element, earlier[element.name]));
  const general = h("p", { class: "error", role: "alert", hidden: true });
  const submit = h("button", { type: "submit", class: "primary" }, dialog.submit_label || "Submit");
  const form = h("form", { novalidate: true },
    dialog.introduction_text ? markdown(dialog.introduction_text, "introduction") : null,
    fields.map((field) => field.row), general,
    h("footer", {}, h("button", { type: "button", class: "quiet", onclick: () => cancel() }, "Cancel"), submit));
  const window = h("dialog", { class: "window dialog", "aria-label": dialog.title || "Dialog" },
    h("header", {}, h("h2", {}, dialog.title || "Dialog"), iconButton("close", "Close", () => cancel())), form);

  async function hand(cancelled, submission) {
    const { channel, team } = state;
    const { callback_id: callbackId, state: carried } = dialog;
    const place = { channel_id: channel.id, team_id: channel.team_id || team.id };
    return call("POST", "/actions/dialogs/submit", {
      type: "dialog_submission", url, callback_id: callbackId ?? "", state: carried ?? "", ...place, submission, cancelled,
    });
  }

  function cancel() {
    window.close();
    if (dialog.notify_on_cancel) hand(true, {}).catch(() => {});
  }

  function complain(text) {
    general.textContent = text;
    general.hidden = !text;
  }

  function finish(answer, submission) {
    const named = fields.filter((field) => answer?.errors?.[field.name]);
    named.forEach((field) => field.complain(answer.errors[field.name]));
    if (answer?.error || named.length) {
      complain(answer.error || (state.major >= 11 ? "Submission failed with validation errors" : ""));
      named[0]?.focus();
      return;
    }
    window.close();
    if (answer?.type === "form" && answer.form) openDialog({ url, dialog: answer.form }, { ...earlier, ...submission });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    complain("");
    const wrong = fields.filter((field) => !field.check());
    if (wrong.length) {
      wrong[0].focus();
      return;
    }
    submit.disabled = true;
    const submission = { ...earlier, ...valuesOf(fields) };
    try {
      finish(await hand(false, submission), submission);
    } catch (refusal) {
      complain(refusal.message);
    }
    submit.disabled = false;
  });
  window.addEventListener("cancel", (event) => {
    event.preventDefault();
    cancel();
  });
  window.addEventListener("close", () => window.remove());
  document.body.append(window);
  window.showModal();
  (fields[0] ?? { focus: () => submit.focus() }).focus();
}

/** Collect the values as the clients of this version do: newer ones leave empty fields out. */
function valuesOf(fields) {
  const all = fields.map((field) => [field.name, field.value()]);
  return Object.fromEntries(state.major >= 11 ? all.filter(([, value]) => value !== "") : all);
}

/** The line above the messages: where one is, and what belongs to the channel. */

import { face, h, icon, iconButton } from "./dom.js";
import { markdown } from "./markdown.js";
import { showPanel } from "./panel.js";
import { toggleDrawer, totalUnread } from "./sidebar.js";
import { partnerOf, state, titleOf } from "./state.js";

/** Draw the line. */
export function drawHead() {
  const { channel } = state;
  if (!channel) return;
  const { any, mentions } = totalUnread();
  const drawer = iconButton("menu", "Channels", () => toggleDrawer(true), `drawer-button ${any || mentions ? "dot" : ""}`);
  const partner = channel.type === "D" ? partnerOf(channel) : null;
  const sign = partner ? face(partner, true) : icon(channel.delete_at ? "archive" : { P: "lock", G: "people" }[channel.type] ?? "globe");
  document.getElementById("head").replaceChildren(drawer,
    h("div", { class: "where" },
      h("h1", {}, sign, h("span", {}, titleOf(channel)),
        partner?.is_bot && h("span", { class: "tag" }, "BOT"), channel.delete_at > 0 && h("span", { class: "tag" }, "ARCHIVED")),
      channel.header ? markdown(channel.header, "one-line") : null),
    h("div", { class: "head-tools" },
      iconButton("pin", "Pinned messages", () => showPanel("pins")),
      iconButton("people", "Members", () => showPanel("members"))));
  document.title = `${mentions ? `(${mentions}) ` : any ? "• " : ""}${titleOf(channel)} · ${state.me.username}`;
}

/** Show the hint, unless the same one was put away in this tab; code in it can be taken over with a click. */
export function drawHint(text, offer) {
  const box = document.getElementById("hint");
  box.hidden = !text || sessionStorage.getItem("hint") === text;
  if (box.hidden) return;
  const words = markdown(text);
  words.addEventListener("click", (event) => {
    const code = event.target.closest("code");
    if (code) offer(code.textContent.trim());
  });
  box.replaceChildren(icon("bulb"), words, iconButton("close", "Put the hint away", () => {
    sessionStorage.setItem("hint", text);
    box.hidden = true;
  }));
}

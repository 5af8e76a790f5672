/** The window behind the plus signs: join a channel, make one, write to somebody. */

import { call } from "./api.js";
import { h, icon, iconButton, person } from "./dom.js";
import { go } from "./place.js";
import { joinChannel, loadChannels, openTalk, slugOf, state } from "./state.js";

const TABS = [["join", "Join a channel"], ["create", "New channel"], ["people", "Direct message"]];

/** Open the window at one of its tabs. */
export async function browse(tab) {
  await loadChannels();
  const body = h("div", { class: "browse-body" });
  const window = h("dialog", { class: "window", "aria-label": "Channels and people" });
  const tabs = TABS.map(([kind, text]) => h("button", { type: "button", role: "tab", onclick: () => show(kind) }, text));
  const visit = (channel) => {
    window.close();
    document.body.classList.remove("drawer");
    go({ channel: slugOf(state.channels.get(channel.id)), thread: "" });
  };

  function show(kind) {
    TABS.forEach(([name], place) => tabs[place].setAttribute("aria-selected", String(name === kind)));
    body.replaceChildren({ join: joining, create: creating, people: talking }[kind](visit));
    body.querySelector("input, button")?.focus();
  }

  window.append(h("header", {}, h("div", { role: "tablist" }, tabs), iconButton("close", "Close", () => window.close())), body);
  window.addEventListener("close", () => window.remove());
  document.body.append(window);
  window.showModal();
  show(tab);
}

function joining(visit) {
  const rows = [...state.joinable.values()].map((channel) => {
    const join = async () => {
      await joinChannel(channel.id);
      visit(channel);
    };
    return h("li", {}, icon("globe"), h("span", { class: "member-name" }, h("strong", {}, channel.display_name), h("span", { class: "note" }, channel.purpose)),
      h("button", { type: "button", class: "action", onclick: join }, "Join"));
  });
  return rows.length ? h("ul", { class: "members" }, rows) : h("p", { class: "empty" }, "You are in all public channels.");
}

function creating(visit) {
  const title = h("input", { type: "text", maxlength: 64, required: true, id: "new-title" });
  const secret = h("input", { type: "checkbox" });
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const create = async (event) => {
    event.preventDefault();
    const name = nameOf(title.value);
    const body = { team_id: state.team.id, name, display_name: title.value.trim(), type: secret.checked ? "P" : "O" };
    try {
      const channel = await call("POST", "/channels", body);
      await loadChannels();
      visit(channel);
    } catch (refusal) {
      error.textContent = refusal.message;
      error.hidden = false;
    }
  };
  return h("form", { onsubmit: create },
    h("label", { for: "new-title" }, "Name"), title,
    h("label", { class: "check" }, secret, "Private: only people who are invited see it"), error,
    h("footer", {}, h("button", { type: "submit", class: "primary" }, "Create")));
}

function talking(visit) {
  const others = [...state.users.values()].filter((user) => user.id !== state.me.id && !user.delete_at);
  others.sort((one, other) => one.username.localeCompare(other.username));
  const rows = others.map((user) => h("li", {}, ...person(user),
    h("button", { type: "button", class: "action", onclick: async () => visit(await openTalk(user.id)) }, "Write")));
  return h("ul", { class: "members" }, rows);
}

function nameOf(title) {
  const name = title.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return name || `channel-${Date.now().toString(36)}`;
}

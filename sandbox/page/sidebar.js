/** The left side: who one is, the channels, and what is unread in them. */

import { browse } from "./browse.js";
import { face, h, icon, iconButton } from "./dom.js";
import { address, place } from "./place.js";
import { popup } from "./popup.js";
import { loadChannels, loadCommands, partnerOf, slugOf, state, titleOf, unreadOf } from "./state.js";

const SIGNS = { O: "globe", P: "lock", G: "people" };

/** Draw the whole side. */
export function drawSidebar() {
  drawPerson(document.getElementById("person"));
  const mine = [...state.channels.values()];
  const byTitle = (one, other) => titleOf(one).localeCompare(titleOf(other));
  const open = mine.filter((row) => row.team_id && !row.delete_at).sort(byTitle);
  const archived = mine.filter((row) => row.delete_at && row.id === state.channel?.id);
  const talks = mine.filter((row) => !row.team_id && !row.delete_at && row.last_post_at + row.create_at > 0).sort(byTitle);
  document.getElementById("channels").replaceChildren(
    section("Channels", iconButton("plus", "Join or create a channel", () => browse("join")), [...open, ...archived]),
    section("Direct messages", iconButton("plus", "Write to somebody", () => browse("people")), talks),
  );
}

/** Open or close the side on a narrow screen. */
export function toggleDrawer(open) {
  document.body.classList.toggle("drawer", open);
}

/** Count what is unread everywhere, for the title of the page and the button of the drawer. */
export function totalUnread() {
  const rows = [...state.channels.values()].filter((row) => row.id !== state.channel?.id).map(unreadOf);
  return { any: rows.some((row) => row.count), mentions: rows.reduce((sum, row) => sum + row.mentions, 0) };
}

function section(title, button, channels) {
  return h("section", {}, h("h2", {}, title, button), h("ul", {}, channels.map(drawChannel)));
}

function drawChannel(channel) {
  const here = channel.id === state.channel?.id;
  const { count, mentions } = here ? { count: 0, mentions: 0 } : unreadOf(channel);
  const kind = `${here ? "here" : ""} ${count || mentions ? "unread" : ""}`;
  const sign = channel.type === "D" ? face(partnerOf(channel), true) : icon(channel.delete_at ? "archive" : SIGNS[channel.type]);
  const label = `${titleOf(channel)}${mentions ? `, ${mentions} mentions` : count ? ", unread" : ""}`;
  return h("li", {}, h("a", {
    class: kind, href: address({ channel: slugOf(channel), thread: "" }), "aria-current": here ? "page" : null, "aria-label": label,
    onclick: () => toggleDrawer(false),
  }, sign, h("span", { class: "title" }, titleOf(channel)), mentions ? h("span", { class: "badge" }, String(mentions)) : null));
}

function drawPerson(container) {
  if (!state.me) return;
  const button = h("button", { type: "button", class: "person", "aria-haspopup": "true", "aria-label": `Chatting as ${state.me.username}. Switch person` },
    face(state.me), h("span", { class: "who" }, h("strong", {}, state.me.username), h("span", {}, state.team?.display_name ?? "Sandbox")), icon("down"));
  button.addEventListener("click", () => popup(button, "people",
    h("h2", {}, "Chat as"), ...state.people.map(drawChoice),
    state.teams.length > 1 ? h("h2", {}, "Team") : null, ...(state.teams.length > 1 ? state.teams.map(drawTeam) : [])));
  container.replaceChildren(button);
}

function drawChoice(person) {
  const here = person.username === place().person;
  const link = address({ person: person.username, channel: "", thread: "" });
  return h("div", { class: "choice" },
    h("a", { href: address({ person: person.username, thread: "" }), "aria-current": here ? "true" : null },
      face(person, true), h("span", {}, h("strong", {}, person.username), note(person))),
    h("a", {
      href: link, target: "_blank", "data-tab": true, class: "icon-button",
      "aria-label": `Open ${person.username} in a new tab`, title: "Open in a new tab",
    }, icon("window")));
}

function note(person) {
  const words = [person.name, person.admin ? "administrator" : ""].filter(Boolean).join(" · ");
  return words ? h("span", { class: "note" }, words) : null;
}

function drawTeam(team) {
  const choose = async () => {
    state.team = team;
    await Promise.all([loadChannels(), loadCommands()]);
    location.hash = address({ channel: "town-square", thread: "" });
  };
  return h("button", { type: "button", class: "team-choice", "aria-pressed": String(team.id === state.team.id), onclick: choose }, team.display_name);
}

/** The right side: a thread, the pinned messages or the members; on a phone it fills the screen. */

import { call } from "./api.js";
import { combobox } from "./combobox.js";
import { Composer } from "./composer.js";
import { h, iconButton, person } from "./dom.js";
import { prepare } from "./markdown.js";
import { go } from "./place.js";
import { drawPost, placeOf, textsOf } from "./posts.js";
import { keep, loadThread, state, threadOf, titleOf } from "./state.js";
import { Timeline } from "./timeline.js";

const panel = document.getElementById("panel");
const posts = h("div", { class: "posts", role: "log", "aria-label": "Thread", tabindex: "0" });
const compose = h("div", { class: "compose" });
const composer = new Composer(compose, { thread: true });
const timeline = new Timeline(posts, { inThread: true, edit: (post) => composer.edit(post) });
let shown = "";

/** Show the thread that the address names, or close its panel. */
export async function openThread(rootId) {
  if (!rootId) {
    if (shown === "thread") hide();
    state.thread = "";
    return;
  }
  const other = rootId !== state.thread || shown !== "thread";
  state.thread = rootId;
  state.freshThreads.delete(rootId);
  if (!other) return;
  shown = "thread";
  timeline.reset();
  frame("Thread", titleOf(state.channel), posts, compose);
  try {
    await loadThread(rootId);
    await prepare(threadOf(rootId).flatMap(textsOf));
  } catch {
    go({ thread: "" }, true);
    return;
  }
  drawThread();
}

/** Draw the thread anew, if one is open. */
export function drawThread() {
  if (shown !== "thread") return;
  if (!state.posts.has(state.thread)) {
    go({ thread: "" }, true);
    return;
  }
  timeline.draw(threadOf(state.thread));
  composer.draw();
}

/** Bring a post of the thread before one's eyes, if one is open. */
export function bringInThread(postId) {
  timeline.bring(postId);
}

/** Show the pinned messages or the members; a second time hides them. */
export async function showPanel(kind) {
  if (shown === kind) {
    hide();
    return;
  }
  if (state.thread) go({ thread: "" });
  shown = kind;
  await drawPanel();
}

/** Draw pins or members anew, if they are open. */
export async function drawPanel() {
  if (shown === "pins") await drawPins();
  else if (shown === "members") await drawMembers();
}

/** Close pins or members. */
export function closePanel() {
  if (shown !== "thread") hide();
}

async function drawPins() {
  const list = await call("GET", `/channels/${state.channel.id}/pinned`);
  const pinned = Object.values(list.posts).sort((one, other) => other.create_at - one.create_at);
  await prepare(pinned.flatMap(textsOf));
  keep(pinned);
  if (shown !== "pins") return;
  const rows = pinned.map((post) => h("li", {}, drawPost(post, { plain: true, inThread: true }),
    h("button", { type: "button", class: "link", onclick: () => jump(post) }, "Show in the channel")));
  const none = h("p", { class: "empty" }, "Nothing is pinned here yet.");
  frame("Pinned messages", titleOf(state.channel), rows.length ? h("ul", { class: "pins" }, rows) : none);
}

function jump(post) {
  if (matchMedia("(max-width: 760px)").matches) hide();
  go({ channel: placeOf(post).channel, thread: post.root_id, post: post.root_id || post.id });
}

async function drawMembers() {
  const { channel } = state;
  const members = await call("GET", `/users?in_channel=${channel.id}&per_page=200`);
  if (shown !== "members") return;
  const fixed = !channel.team_id || channel.delete_at;
  const error = h("p", { class: "error", role: "alert", hidden: true });
  const attempt = async (method, path, body) => {
    error.hidden = true;
    try {
      await call(method, `/channels/${channel.id}/members${path}`, body);
      await drawMembers();
    } catch (refusal) {
      error.textContent = refusal.message;
      error.hidden = false;
    }
  };
  const rows = members.map((user) => h("li", {}, ...person(user),
    !fixed && iconButton("close", user.id === state.me.id ? "Leave the channel" : `Remove ${user.username}`, () => attempt("DELETE", `/${user.id}`))));
  frame(`Members · ${members.length}`, titleOf(channel), fixed ? null : adding(members, attempt), error, h("ul", { class: "members" }, rows));
}

function adding(members, attempt) {
  const inside = new Set(members.map((user) => user.id));
  const others = [...state.users.values()].filter((user) => !inside.has(user.id) && !user.delete_at);
  const options = others.map((user) => ({ text: `@${user.username}`, value: user.id }));
  const picked = (userId) => attempt("POST", "", { user_id: userId });
  return h("div", { class: "adding" }, combobox({ label: "Add somebody", placeholder: "Add somebody…", options, picked }).element);
}

function frame(title, subtitle, ...content) {
  panel.replaceChildren(
    h("header", {}, h("div", {}, h("h2", {}, title), h("span", { class: "note" }, subtitle)), iconButton("close", "Close", close)),
    ...content.filter(Boolean));
  panel.hidden = false;
  document.body.classList.add("with-panel");
}

function close() {
  if (shown === "thread") go({ thread: "" });
  else hide();
}

function hide() {
  shown = "";
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove("with-panel");
}

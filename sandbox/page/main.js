/** Starts the page and keeps what is shown in step with the address and the server. */

import { logIn, start } from "./api.js";
import { Composer } from "./composer.js";
import { openDialog } from "./dialogs.js";
import { h } from "./dom.js";
import { take } from "./events.js";
import { drawHead, drawHint } from "./head.js";
import { dress, followLinks, visit } from "./links.js";
import { prepare } from "./markdown.js";
import { bringInThread, closePanel, drawPanel, drawThread, openThread } from "./panel.js";
import { address, go, place, takeWanted } from "./place.js";
import { textsOf } from "./posts.js";
import { drawSidebar, toggleDrawer } from "./sidebar.js";
import { connect } from "./socket.js";
import { channelAt, changed, clear, load, loadPosts, loadThread, markRead, on, postsOf, slugOf, state, unreadOf } from "./state.js";
import { Timeline } from "./timeline.js";

const composer = new Composer(document.getElementById("compose"));
const timeline = new Timeline(document.getElementById("posts"), { edit: (post) => composer.edit(post) });
const lost = document.getElementById("connection");
let socket = null;
let person = "";
let queue = Promise.resolve();
let asked = location.pathname === "/" ? "" : location.pathname;

async function begin() {
  clear();
  Object.assign(state, await start());
  followLinks();
  on("channels", drawPlaces);
  on("posts", drawPosts);
  on("panel", drawPanel);
  on("typing", () => composer.draw());
  addEventListener("hashchange", () => inTurn(follow));
  document.addEventListener("visibilitychange", () => state.channel && markRead(state.channel.id));
  document.getElementById("shade").addEventListener("click", () => toggleDrawer(false));
  showHint(state.hint);
  history.replaceState(null, "", `/${location.hash}`);
  inTurn(follow);
}

function showHint(text) {
  drawHint(text, (code) => composer.offer(code));
}

function answer(postId) {
  timeline.bring(postId);
  bringInThread(postId);
}

/** Do one thing after the other, so that what is slow cannot overtake. */
function inTurn(work) {
  queue = queue.then(work).catch((error) => {
    lost.textContent = error.message;
    lost.hidden = false;
  });
}

/** Go where the address says. */
async function follow() {
  const wanted = place();
  if (!state.people.length) throw new Error("There is nobody to chat as yet. Make a user, then load this page again.");
  if (!state.people.some((row) => row.username === wanted.person)) {
    go({ person: state.people[0].username }, true);
    return;
  }
  if (wanted.person !== person) await become(wanted.person);
  const channel = channelAt(wanted.channel) ?? channelAt("town-square") ?? [...state.channels.values()][0];
  if (!channel) throw new Error(`${person} is in no team yet.`);
  if (channel.id !== state.channel?.id) await enter(channel);
  const isNamed = channelAt(wanted.channel) === channel;
  // The address always names the channel that is shown, so that a thread in it can be asked for.
  if (!isNamed) history.replaceState(null, "", address({ channel: slugOf(channel), thread: "" }));
  await openThread(isNamed ? wanted.thread : "");
  drawPosts();
  const post = takeWanted();
  if (post) timeline.reveal(post);
  if (asked) visit(asked);
  asked = "";
}

async function become(username) {
  person = username;
  socket?.close();
  closePanel();
  clear();
  Object.assign(state, await start());
  await logIn(username);
  await load();
  let first = true;
  socket = connect({
    enter: () => logIn(username),
    heard: (frame) => inTurn(() => username === person && take(frame, { dialog: openDialog, hint: showHint, answer })),
    up: () => {
      lost.hidden = true;
      if (!first) inTurn(refresh);
      first = false;
    },
    down: () => {
      lost.textContent = "Connecting again…";
      lost.hidden = false;
    },
  });
}

async function enter(channel) {
  state.channel = channel;
  state.newSince = unreadOf(channel).count ? (state.members.get(channel.id)?.last_viewed_at ?? 0) : 0;
  closePanel();
  timeline.reset();
  if (!state.loaded.has(channel.id)) await loadPosts(channel.id);
  await prepare(postsOf(channel.id).flatMap(textsOf));
  markRead(channel.id);
  drawPlaces();
}

/** Catch up after the connection was lost. */
async function refresh() {
  await load();
  state.loaded.clear();
  state.complete.clear();
  for (const post of state.posts.values()) if (post.type !== "system_ephemeral") state.posts.delete(post.id);
  await loadPosts(state.channel.id);
  if (state.thread) await loadThread(state.thread);
  await prepare([...state.posts.values()].flatMap(textsOf));
  changed("channels");
  changed("posts");
}

function drawPlaces() {
  drawSidebar();
  drawHead();
  composer.draw();
  dress(document.body);
}

function drawPosts() {
  if (!state.channel) return;
  const { id } = state.channel;
  const older = state.complete.has(id) ? [] : [h("button", { type: "button", class: "older", onclick: () => inTurn(more) }, "Show older messages")];
  timeline.draw(postsOf(id), { newSince: state.newSince, before: older });
  composer.draw();
  drawThread();
}

async function more() {
  await loadPosts(state.channel.id, true);
  await prepare(postsOf(state.channel.id).flatMap(textsOf));
  drawPosts();
}

begin();

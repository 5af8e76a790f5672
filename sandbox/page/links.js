/** Gives mentions and links their meaning for the person who looks, and follows clicks on them. */

import { call } from "./api.js";
import { go } from "./place.js";
import { channelNamed, joinChannel, loadChannels, openTalk, slugOf, state, userNamed } from "./state.js";

const EVERYBODY = new Set(["all", "channel", "here"]);

/** Mark the mentions and channels in an element: known or not, me or somebody else. */
export function dress(element) {
  for (const link of element.querySelectorAll("a.mention")) {
    const { name } = link.dataset;
    const user = userNamed(name);
    link.classList.toggle("me", EVERYBODY.has(name) || user?.id === state.me?.id);
    link.classList.toggle("unknown", !user && !EVERYBODY.has(name));
    if (user && user.id !== state.me?.id) link.setAttribute("href", `/${state.team?.name}/messages/@${name}`);
  }
  for (const link of element.querySelectorAll("a.channel")) {
    const channel = channelNamed(link.dataset.name);
    link.classList.toggle("unknown", !channel);
    if (!channel) continue;
    link.textContent = `~${channel.display_name}`;
    link.setAttribute("href", `/${state.team?.name}/channels/${channel.name}`);
  }
}

/** Follow clicks on links that lead to a place in this page. */
export function followLinks() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || link.hasAttribute("data-tab")) return;
    if (visit(link.href)) event.preventDefault();
  });
}

/** Go to what an address of this server means; say whether it meant anything. */
export function visit(address) {
  const url = new URL(address, location.origin);
  const own = [location.origin, new URL(state.config.SiteURL || location.origin).origin];
  const [, kind, name] = url.pathname.match(/^\/[^/]+\/(channels|messages|pl)\/([^/]+)$/) ?? [];
  if (!own.includes(url.origin) || !kind) return false;
  if (kind === "channels") visitChannel(decodeURIComponent(name));
  else if (kind === "pl") visitPost(name);
  else visitPerson(decodeURIComponent(name).replace(/^@/, ""));
  return true;
}

async function visitChannel(name) {
  // A link may lead to what has come into being a moment ago.
  if (!channelNamed(name)) await loadChannels();
  const channel = channelNamed(name);
  if (channel && !state.channels.has(channel.id)) await joinChannel(channel.id);
  go({ channel: name, thread: "" });
}

async function visitPerson(name) {
  const user = userNamed(name);
  if (user) go({ channel: slugOf(await openTalk(user.id)), thread: "" });
}

async function visitPost(id) {
  const post = await call("GET", `/posts/${id}`).catch(() => null);
  if (post && !state.channels.has(post.channel_id)) await loadChannels();
  const channel = post && state.channels.get(post.channel_id);
  if (channel) go({ channel: slugOf(channel), thread: post.root_id || (post.reply_count ? post.id : ""), post: id });
}

/** Draws one message with all that belongs to it. */

import { drawAttachments, markdownOf } from "./attachments.js";
import { call } from "./api.js";
import { clock, face, h, icon, iconButton } from "./dom.js";
import { drawFiles } from "./files.js";
import { folded } from "./fold.js";
import { markdown } from "./markdown.js";
import { go, place } from "./place.js";
import { menu, popup } from "./popup.js";
import { changed, collapsed, slugOf, state } from "./state.js";

const HIGHEST_MESSAGE = 600;
const QUICK = "+1 white_check_mark eyes tada heart rocket fire joy thinking_face pray clap wave 100 warning x bulb".split(" ");

/** Return the texts of a post that are shown as Markdown. */
export function textsOf(post) {
  return [post.message, ...markdownOf(post.props?.attachments ?? [])].filter(Boolean);
}

/** Say whether the server wrote a post by itself for all to see. */
export function isNotice(post) {
  return post.type.startsWith("system_") && post.type !== "system_ephemeral";
}

/** Draw a post; `follows` leaves out the head, `inThread` what leads to the thread. */
export function drawPost(post, { follows = false, inThread = false, plain = false, edit = () => {} }) {
  if (isNotice(post)) return drawNotice(post);
  const { name, user, bot } = authorOf(post);
  const secret = post.type === "system_ephemeral";
  const own = h("article", { class: `post${follows ? " follows" : ""}${secret ? " secret" : ""}`, "data-id": post.id, "aria-label": `Message by ${name}` },
    h("div", { class: "post-side" }, follows ? clock(post.create_at) : face(user)),
    h("div", { class: "post-body" },
      follows ? null : h("div", { class: "post-head" },
        h("span", { class: "author" }, name), bot && h("span", { class: "tag" }, "BOT"), clock(post.create_at),
        secret && h("span", { class: "note" }, "(Only visible to you)"),
        post.is_pinned && h("span", { class: "note pinned" }, icon("pin"), "Pinned")),
      replyNote(post, inThread),
      message(post),
      drawAttachments(post),
      drawFiles(post),
      plain ? null : drawReactions(post),
      inThread || plain ? null : drawFoot(post)),
    plain ? null : drawTools(post, { inThread, edit }));
  return own;
}

/** Return who is shown as the author of a post. */
function authorOf(post) {
  const user = state.users.get(post.user_id);
  const hook = post.props?.from_webhook === "true";
  if (post.type === "system_ephemeral" && !hook) return { name: "System", user: null, bot: false };
  const renamed = hook && state.config.EnablePostUsernameOverride === "true" && post.props.override_username;
  return { name: renamed || user?.username || "Somebody", user: user ?? null, bot: hook || Boolean(user?.is_bot) };
}

function drawNotice(post) {
  return h("article", { class: "notice", "data-id": post.id }, markdown(post.message), clock(post.create_at));
}

function message(post) {
  if (!post.message) return null;
  const element = markdown(post.message, post.type === "me" ? "me" : "");
  if (post.edit_at) element.classList.add("edited");
  const words = post.edit_at ? h("div", {}, element, h("span", { class: "edited-mark" }, "Edited")) : element;
  return folded(post.id, words, HIGHEST_MESSAGE);
}

/** Where threads are not collapsed, a reply in the channel says what it answers. */
function replyNote(post, inThread) {
  if (!post.root_id || inThread || collapsed()) return null;
  const root = state.posts.get(post.root_id);
  const words = root ? `In reply to ${authorOf(root).name}: ${root.message.slice(0, 60)}` : "In reply to an earlier message";
  return h("button", { type: "button", class: "reply-note", onclick: () => go({ thread: post.root_id }) }, icon("reply"), words);
}

function drawReactions(post) {
  const byName = new Map();
  for (const row of post.metadata?.reactions ?? []) byName.set(row.emoji_name, [...(byName.get(row.emoji_name) ?? []), row.user_id]);
  if (!byName.size) return null;
  const chips = [...byName].map(([name, ids]) => {
    const mine = ids.includes(state.me.id);
    const who = ids.map((id) => state.users.get(id)?.username ?? "somebody").join(", ");
    return h("button", {
      type: "button", class: "reaction", "aria-pressed": String(mine), title: `${who}: ${name}`, onclick: () => react(post, name, mine),
    }, h("span", { class: "emoji" }, state.emoji[name] ?? `:${name}:`), String(ids.length));
  });
  return h("div", { class: "reactions" }, chips);
}

function drawFoot(post) {
  if (!collapsed() || !post.reply_count) return null;
  const fresh = state.freshThreads.has(post.id);
  const words = post.reply_count === 1 ? "1 reply" : `${post.reply_count} replies`;
  return h("button", { type: "button", class: `thread-foot${fresh ? " fresh" : ""}`, onclick: () => go({ thread: post.id }) },
    icon("reply"), words, fresh && h("span", { class: "fresh-note" }, "new"));
}

function drawTools(post, { inThread, edit }) {
  const archived = Boolean(state.channels.get(post.channel_id)?.delete_at);
  if (post.type === "system_ephemeral") {
    return h("div", { class: "tools shown" }, iconButton("close", "Hide this message", () => {
      state.posts.delete(post.id);
      changed("posts");
    }));
  }
  const more = iconButton("more", "More actions", () => menu(more, actionsOn(post, archived, edit)));
  const smile = iconButton("smile", "Add a reaction", () => pickEmoji(smile, post));
  const reply = iconButton("reply", "Reply in the thread", () => go({ thread: post.root_id || post.id }));
  return h("div", { class: "tools" }, !archived && smile, !inThread && reply, more);
}

function actionsOn(post, archived, edit) {
  const mine = post.user_id === state.me.id;
  const [words, deed] = post.is_pinned ? ["Unpin from channel", "unpin"] : ["Pin to channel", "pin"];
  const pin = { text: words, act: () => call("POST", `/posts/${post.id}/${deed}`) };
  const copy = { text: "Copy link", act: () => navigator.clipboard.writeText(linkTo(post)) };
  const change = { text: "Edit", act: () => edit(post) };
  const remove = { text: "Delete", sure: "Delete for everybody?", act: () => call("DELETE", `/posts/${post.id}`) };
  return [...(archived ? [] : [pin]), copy, ...(mine && !archived ? [change, remove] : [])];
}

function pickEmoji(anchor, post) {
  const chosen = (name) => (post.metadata?.reactions ?? []).some((row) => row.user_id === state.me.id && row.emoji_name === name);
  const close = popup(anchor, "emojis", QUICK.map((name) => h("button", {
    type: "button", title: name, "aria-label": name,
    onclick: () => {
      close();
      react(post, name, chosen(name));
    },
  }, state.emoji[name])));
}

async function react(post, name, remove) {
  if (remove) await call("DELETE", `/users/me/posts/${post.id}/reactions/${name}`);
  else await call("POST", "/reactions", { user_id: state.me.id, post_id: post.id, emoji_name: name });
}

function linkTo(post) {
  return `${state.config.SiteURL || location.origin}/${state.team.name}/pl/${post.id}`;
}

/** Return the address of a post's channel in this tab. */
export function placeOf(post) {
  const channel = state.channels.get(post.channel_id);
  return { ...place(), channel: channel ? slugOf(channel) : "", thread: post.root_id };
}

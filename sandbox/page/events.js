/** What the server tells over the websocket, put into the state. */

import { prepare } from "./markdown.js";
import { textsOf } from "./posts.js";
import { changed, collapsed, keep, loadChannels, loadUsers, markRead, state, touch } from "./state.js";

const TYPING_FOR = 5_000;
const CHANNEL_EVENTS = new Set([
  "channel_created", "channel_updated", "channel_converted", "channel_deleted", "channel_restored",
  "direct_added", "group_added", "added_to_team", "leave_team",
]);

/** Take in one event; `show` has what the page brings before one's eyes by itself: dialogs, hints, private answers. */
export async function take({ event, data, broadcast }, show) {
  if (event === "posted") await posted(data);
  else if (event === "ephemeral_message") await answered(JSON.parse(data.post), show);
  else if (event === "post_edited") await showPost(JSON.parse(data.post));
  else if (event === "post_deleted") deleted(JSON.parse(data.post));
  else if (event.startsWith("reaction_")) reacted(event, JSON.parse(data.reaction));
  else if (event === "user_added" || event === "user_removed") await moved(data, broadcast);
  else if (event === "new_user" || event === "user_updated") await loadUsers().then(() => changed("posts"));
  else if (CHANNEL_EVENTS.has(event)) await loadChannels();
  else if (event === "typing") typing(data, broadcast.channel_id);
  else if (event === "multiple_channels_viewed") viewed(data.channel_times);
  else if (event === "channel_viewed") markRead(data.channel_id);
  else if (event === "open_dialog") show.dialog(JSON.parse(data.dialog));
  else if (event === "custom_sandbox_hint") show.hint(data.hint);
}

async function posted(data) {
  const post = JSON.parse(data.post);
  const mentioned = JSON.parse(data.mentions ?? "[]").includes(state.me.id);
  state.typing.delete(post.user_id);
  // The server's own counters: what was counted here might be in what was loaded a moment ago.
  await loadChannels();
  noteReply(post, mentioned);
  await showPost(post);
}

function noteReply(post, mentioned) {
  const root = state.posts.get(post.root_id);
  if (root) touch(root.id, { reply_count: Math.max(root.reply_count, post.reply_count) });
  if (!post.root_id || post.user_id === state.me.id || post.root_id === state.thread || !collapsed()) return;
  state.freshThreads.add(post.root_id);
  const member = state.members.get(post.channel_id);
  if (member && (mentioned || root?.user_id === state.me.id)) member.freshReplies = 1;
}

async function answered(post, show) {
  await showPost(post);
  show.answer(post.id);
}

/** What has come since somebody looked elsewhere is not read. */
function viewed(times) {
  for (const [id, time] of Object.entries(times)) if (time >= (state.channels.get(id)?.last_post_at ?? 0)) markRead(id);
}

async function showPost(post) {
  await prepare(textsOf(post)).catch(() => {});
  keep([post]);
  seen(post);
  changed("posts");
  changed("channels");
}

/** A message that comes into the channel before one's eyes is read. */
function seen(post) {
  if (post.channel_id === state.channel?.id && document.visibilityState === "visible") markRead(post.channel_id);
}

function deleted(post) {
  const root = state.posts.get(post.root_id);
  if (root) touch(root.id, { reply_count: Math.max(root.reply_count - 1, 0) });
  for (const row of state.posts.values()) {
    if (row.id === post.id || row.root_id === post.id) state.posts.delete(row.id);
  }
  changed("posts");
}

function reacted(event, reaction) {
  const post = state.posts.get(reaction.post_id);
  if (!post) return;
  const same = (row) => row.user_id === reaction.user_id && row.emoji_name === reaction.emoji_name;
  const others = (post.metadata?.reactions ?? []).filter((row) => !same(row));
  const reactions = event === "reaction_added" ? [...others, reaction] : others;
  touch(post.id, { metadata: { ...post.metadata, reactions } });
  changed("posts");
}

async function moved(data, broadcast) {
  if (data.user_id && !state.users.has(data.user_id)) await loadUsers();
  const mine = (data.user_id ?? broadcast.user_id) === state.me.id;
  if (mine || broadcast.user_id === state.me.id) await loadChannels();
  changed("panel");
  changed("posts");
}

function typing({ user_id: userId }, channelId) {
  state.typing.set(userId, { channelId, until: Date.now() + TYPING_FOR });
  changed("typing");
  setTimeout(() => changed("typing"), TYPING_FOR + 50);
}

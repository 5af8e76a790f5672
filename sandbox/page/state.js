/** What one person knows of the server: loaded over REST, kept fresh by `events.js`. */

import { call } from "./api.js";
import { fullName } from "./dom.js";

const PAGE_SIZE = 60;
const MOST_USERS = 200;

/** Everything that is known; `clear` empties it when another person is picked. */
export const state = {};

const bus = new EventTarget();

/** Call `listener` when something of this kind has changed: channels, posts, panel. */
export function on(kind, listener) {
  bus.addEventListener(kind, () => listener());
}

/** Tell the page that something has changed. */
export function changed(kind) {
  bus.dispatchEvent(new Event(kind));
}

/** Forget everything. */
export function clear() {
  Object.assign(state, {
    me: null,
    team: null,
    teams: [],
    config: {},
    major: 11,
    users: new Map(),
    channels: new Map(),
    members: new Map(),
    joinable: new Map(),
    posts: new Map(),
    complete: new Set(),
    loaded: new Set(),
    freshThreads: new Set(),
    typing: new Map(),
    newSince: 0,
    viewing: null,
    channel: null,
    thread: "",
    commands: [],
  });
}

/** Load who I am, where I belong and who else is there. */
export async function load() {
  const [me, teams, config] = await Promise.all([
    call("GET", "/users/me"),
    call("GET", "/users/me/teams"),
    call("GET", "/config/client?format=old"),
  ]);
  const team = teams.find((row) => row.id === state.team?.id) ?? teams[0] ?? null;
  Object.assign(state, { me, teams, team, config, major: Number.parseInt(config.Version, 10) || 11 });
  await Promise.all([loadUsers(), team && loadChannels(), team && loadCommands()]);
}

/** Load all users, page after page. */
export async function loadUsers() {
  for (let page = 0; ; page += 1) {
    const users = await call("GET", `/users?page=${page}&per_page=${MOST_USERS}`);
    for (const user of users) state.users.set(user.id, user);
    if (users.length < MOST_USERS) return;
  }
}

/** Load my channels, my memberships and the public channels that I could join. */
export async function loadChannels() {
  const team = state.team.id;
  await state.viewing;
  const [channels, members, open] = await Promise.all([
    call("GET", `/users/me/teams/${team}/channels?include_deleted=true`),
    call("GET", `/users/me/teams/${team}/channels/members`),
    call("GET", `/teams/${team}/channels?per_page=200`),
  ]);
  state.channels = new Map(channels.map((row) => [row.id, row]));
  state.members = new Map(members.map((row) => [row.channel_id, { ...state.members.get(row.channel_id), ...row }]));
  state.joinable = new Map(open.filter((row) => !state.channels.has(row.id)).map((row) => [row.id, row]));
  if (state.channel) state.channel = state.channels.get(state.channel.id) ?? state.channel;
  changed("channels");
}

/** Load the slash commands that are offered; of the server's own, which have no id, those that say what they do. */
export async function loadCommands() {
  const commands = await call("GET", `/teams/${state.team.id}/commands/autocomplete`);
  state.commands = commands.filter((row) => row.id || row.auto_complete_desc);
}

/** Load a channel's newest posts, or with `older` the page before those that are known. */
export async function loadPosts(channelId, older = false) {
  const first = older ? postsOf(channelId)[0] : null;
  const before = first ? `&before=${first.id}` : "";
  const path = `/channels/${channelId}/posts?per_page=${PAGE_SIZE}&collapsedThreads=${collapsed()}${before}`;
  const list = await call("GET", path);
  keep(Object.values(list.posts).reverse());
  state.loaded.add(channelId);
  if (!list.prev_post_id) state.complete.add(channelId);
}

/** Load a thread. */
export async function loadThread(rootId) {
  const posts = Object.values((await call("GET", `/posts/${rootId}/thread`)).posts);
  keep(state.major < 10 ? posts.reverse() : posts);
}

/** Remember posts; a newer form of a post replaces the older one. */
export function keep(posts) {
  for (const post of posts) {
    const known = state.posts.get(post.id);
    const revision = (known?.revision ?? 0) + 1;
    state.posts.set(post.id, { ...known, ...post, revision });
  }
}

/** Change a post that is known, so that it is drawn anew. */
export function touch(postId, change = {}) {
  const post = state.posts.get(postId);
  if (post) keep([{ ...post, ...change }]);
}

/** Return the posts that a channel shows, oldest first: with collapsed threads only roots. */
export function postsOf(channelId) {
  const shown = [...state.posts.values()].filter((post) => post.channel_id === channelId && inChannel(post));
  return shown.sort((one, other) => one.create_at - other.create_at);
}

/** Return a thread's posts, root first. */
export function threadOf(rootId) {
  const posts = [...state.posts.values()].filter((post) => post.id === rootId || post.root_id === rootId);
  return posts.sort((one, other) => one.create_at - other.create_at);
}

/** Say whether replies are shown in their thread only. */
export function collapsed() {
  return (state.config.CollapsedThreads ?? "disabled") !== "disabled";
}

/** Find a user by @name. */
export function userNamed(name) {
  return [...state.users.values()].find((user) => user.username === name.toLowerCase());
}

/** Find a channel by name: one of mine, or one that I could join. */
export function channelNamed(name) {
  const known = [...state.channels.values(), ...state.joinable.values()];
  return known.find((channel) => channel.name === name);
}

/** Find one of my channels by its place in the address. */
export function channelAt(slug) {
  return [...state.channels.values()].find((channel) => slugOf(channel) === slug || channel.name === slug);
}

/** Return a channel's place in the address; a talk with one person is called after that person. */
export function slugOf(channel) {
  return channel.type === "D" ? `@${partnerOf(channel)?.username ?? channel.name}` : channel.name;
}

/** Return the other person of a talk; it may be oneself. */
export function partnerOf(channel) {
  const ids = channel.name.split("__");
  return state.users.get(ids.find((id) => id !== state.me.id) ?? state.me.id);
}

/** Return a channel's title. */
export function titleOf(channel) {
  if (channel.type === "G") return channel.display_name.split(", ").filter((name) => name !== state.me.username).join(", ");
  if (channel.type !== "D") return channel.display_name;
  const partner = partnerOf(channel);
  return partner ? fullName(partner) || partner.username : channel.name;
}

/** Return how many messages of a channel I have not read, and how many of them mention me. */
export function unreadOf(channel) {
  const member = state.members.get(channel.id);
  if (!member || channel.delete_at) return { count: 0, mentions: 0 };
  const suffix = collapsed() ? "_root" : "";
  const count = channel[`total_msg_count${suffix}`] - member[`msg_count${suffix}`];
  return { count: Math.max(count, member.freshReplies ? 1 : 0), mentions: member.mention_count };
}

/** Note, here and on the server, that I have read a channel. */
export function markRead(channelId) {
  const channel = state.channels.get(channelId);
  const member = state.members.get(channelId);
  if (!channel || !member) return;
  const { count, mentions } = unreadOf(channel);
  member.msg_count = channel.total_msg_count;
  member.msg_count_root = channel.total_msg_count_root;
  member.mention_count = member.mention_count_root = member.freshReplies = 0;
  member.last_viewed_at = Math.max(member.last_viewed_at, channel.last_post_at);
  if (count || mentions) {
    state.viewing = call("POST", "/channels/members/me/view", { channel_id: channelId }).catch(() => {});
    changed("channels");
  }
}

/** Join a public channel. */
export async function joinChannel(channelId) {
  await call("POST", `/channels/${channelId}/members`, { user_id: state.me.id });
  await loadChannels();
}

/** Open the talk with somebody. */
export async function openTalk(userId) {
  const channel = await call("POST", "/channels/direct", [state.me.id, userId]);
  await loadChannels();
  return channel;
}

function inChannel(post) {
  if (!post.root_id || !collapsed()) return true;
  return state.major < 11 && post.type === "system_ephemeral";
}

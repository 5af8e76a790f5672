/** The box to write in: messages, commands, completion of names, changing one's last message. */

import { call } from "./api.js";
import { h, iconButton } from "./dom.js";
import { visit } from "./links.js";
import { suggest } from "./suggestions.js";
import { postsOf, state, threadOf, titleOf } from "./state.js";

const TYPING_EVERY = 4_000;

/** Make a box for a channel, or for the thread of `root`. */
export class Composer {
  constructor(container, { thread = false } = {}) {
    this.container = container;
    this.thread = thread;
    this.drafts = new Map();
    this.editing = null;
    this.typedAt = 0;
    this.input = h("textarea", { rows: 1, maxlength: 16383 });
    this.error = h("p", { class: "error", role: "alert", hidden: true });
    this.typing = h("p", { class: "typing", "aria-live": "off" });
    this.note = h("p", { class: "editing", hidden: true });
    this.list = suggest(this.input, () => this.grow());
    this.box = h("div", { class: "compose-box" }, this.input, iconButton("send", "Send", () => this.send(), "send"));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** Show the box for the present channel; an archived one has none. */
  draw() {
    const { channel } = state;
    const key = this.key();
    if (key !== this.drawnKey) this.change(key);
    if (!channel || channel.delete_at) {
      const text = channel ? "This channel is archived. Nobody can write here any more." : "";
      this.container.replaceChildren(h("p", { class: "archived" }, text));
      return;
    }
    const label = this.thread ? "Reply to this thread" : `Write to ${titleOf(channel)}`;
    this.input.placeholder = label;
    this.input.setAttribute("aria-label", label);
    this.showTyping();
    if (!this.box.isConnected) this.container.replaceChildren(this.list, this.error, this.note, this.box, this.typing);
    this.grow();
  }

  /** Put a text into the box, ready to be sent. */
  offer(text) {
    this.input.value = text;
    this.grow();
    this.input.focus();
  }

  /** Begin to change a message. */
  edit(post) {
    this.editing = post;
    this.note.replaceChildren("Changing a message · ", h("button", { type: "button", class: "link", onclick: () => this.stopEditing() }, "Cancel"));
    this.note.hidden = false;
    this.offer(post.message);
  }

  async send() {
    const text = this.input.value;
    if (!text.trim()) return;
    const { editing } = this;
    this.offer("");
    this.error.hidden = true;
    this.typedAt = 0;
    this.stopEditing();
    try {
      if (editing) await call("PUT", `/posts/${editing.id}/patch`, { message: text });
      else if (text.startsWith("/")) await this.command(text);
      else await call("POST", "/posts", this.post(text));
    } catch (refusal) {
      this.error.textContent = refusal.message;
      this.error.hidden = false;
      if (!this.input.value) this.offer(text);
    }
  }

  post(message) {
    const pending = `${state.me.id}:${crypto.randomUUID()}`;
    return { channel_id: state.channel.id, root_id: this.root(), message, pending_post_id: pending };
  }

  async command(command) {
    const body = { command, channel_id: state.channel.id, team_id: state.team.id, root_id: this.root() };
    const answer = await call("POST", "/commands/execute", body);
    if (answer.goto_location && !visit(answer.goto_location)) window.open(answer.goto_location, "_blank", "noopener");
  }

  pressed(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    } else if (event.key === "ArrowUp" && !this.input.value) {
      const last = this.lastOwn();
      if (last) {
        event.preventDefault();
        this.edit(last);
      }
    } else if (event.key === "Escape" && this.editing) this.stopEditing(true);
  }

  lastOwn() {
    const posts = this.thread ? threadOf(state.thread) : postsOf(state.channel.id);
    return posts.findLast((post) => post.user_id === state.me.id && (post.type === "" || post.type === "me"));
  }

  stopEditing(clear = true) {
    if (this.editing && clear) this.input.value = "";
    this.editing = null;
    this.note.hidden = true;
    this.grow();
  }

  typed() {
    this.error.hidden = true;
    this.grow();
    if (Date.now() - this.typedAt < TYPING_EVERY || !this.input.value || this.input.value.startsWith("/")) return;
    this.typedAt = Date.now();
    call("POST", "/users/me/typing", { channel_id: state.channel.id, parent_id: this.root() }).catch(() => {});
  }

  change(key) {
    if (this.drawnKey !== undefined) this.drafts.set(this.drawnKey, this.editing ? "" : this.input.value);
    this.drawnKey = key;
    this.editing = null;
    this.note.hidden = this.error.hidden = true;
    this.input.value = this.drafts.get(key) ?? "";
  }

  showTyping() {
    const now = Date.now();
    const here = [...state.typing].filter(([, row]) => row.channelId === state.channel.id && row.until > now);
    const names = here.map(([id]) => state.users.get(id)?.username ?? "somebody");
    const words = names.length ? `${names.join(", ")} ${names.length === 1 ? "is" : "are"} typing…` : "";
    this.typing.textContent = this.thread ? "" : words;
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 220)}px`;
  }

  root() {
    return this.thread ? state.thread : "";
  }

  key() {
    return `${state.me?.id} ${state.channel?.id} ${this.root()}`;
  }
}

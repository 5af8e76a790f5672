/** A list of messages that is redrawn in place: a channel's or a thread's. */

import { arrange, day, h } from "./dom.js";
import { drawPost, isNotice } from "./posts.js";
import { state } from "./state.js";

const TOGETHER = 5 * 60_000;
const NEAR = 80;

/** Keep a container showing posts, at its end as long as nobody scrolls away from it. */
export class Timeline {
  constructor(container, options = {}) {
    this.container = container;
    this.options = options;
    this.drawn = new Map();
    this.atEnd = true;
    container.addEventListener("scroll", () => {
      this.atEnd = container.scrollHeight - container.scrollTop - container.clientHeight < NEAR;
    });
    this.watched = new ResizeObserver(() => this.settle());
    this.watched.observe(container);
  }

  /** Show these posts; `before` are elements above them. */
  draw(posts, { newSince = 0, before = [] } = {}) {
    const fromEnd = this.container.scrollHeight - this.container.scrollTop;
    const grew = posts.length && this.first && posts[0].id !== this.first && posts.some((post) => post.id === this.first);
    const nodes = [h("div", { class: "posts-space" }), ...before, ...this.rows(posts, newSince)];
    arrange(this.container, nodes);
    this.first = posts[0]?.id;
    if (grew) this.container.scrollTop = this.container.scrollHeight - fromEnd;
    else this.settle();
  }

  /** Forget what is drawn, and go to the end with the next posts. */
  reset() {
    this.drawn.clear();
    this.atEnd = true;
    this.first = null;
  }

  /** Bring a post before one's eyes: all of it, or its beginning where it is higher than the screen. */
  bring(postId) {
    const element = this.find(postId);
    if (!element) return;
    const fits = element.offsetHeight <= this.container.clientHeight;
    element.scrollIntoView({ block: fits ? "nearest" : "start" });
  }

  /** Show one post in the middle of the screen. */
  reveal(postId) {
    const element = this.find(postId);
    if (!element) return;
    this.atEnd = false;
    element.scrollIntoView({ block: "center" });
    element.classList.add("revealed");
    setTimeout(() => element.classList.remove("revealed"), 2500);
  }

  find(postId) {
    return this.container.querySelector(`[data-id="${CSS.escape(postId)}"]`);
  }

  settle() {
    if (this.atEnd) this.container.scrollTop = this.container.scrollHeight;
  }

  rows(posts, newSince) {
    const rows = [];
    const drawn = new Map();
    let before = null;
    let marked = !newSince;
    for (const post of posts) {
      const newDay = !before || day(before.create_at) !== day(post.create_at);
      const isNew = !marked && post.create_at > newSince && post.user_id !== state.me.id;
      if (newDay) rows.push(this.line(`day ${day(post.create_at)}`, "day-line", day(post.create_at), drawn));
      if (isNew) rows.push(this.line("new", "new-line", "New messages", drawn));
      marked ||= isNew;
      rows.push(this.row(post, !newDay && !isNew && together(before, post), drawn));
      before = post;
    }
    this.drawn = drawn;
    return rows;
  }

  row(post, follows, drawn) {
    const fresh = state.freshThreads.has(post.id);
    const key = `${post.id} ${post.revision} ${follows} ${fresh}`;
    const element = this.drawn.get(key) ?? drawPost(post, { ...this.options, follows });
    if (!this.drawn.has(key)) this.watched.observe(element);
    drawn.set(key, element);
    return element;
  }

  line(key, kind, text, drawn) {
    const element = this.drawn.get(key) ?? h("div", { class: kind, role: "separator" }, h("span", {}, text));
    drawn.set(key, element);
    return element;
  }
}

function together(one, other) {
  const plain = [one, other].every((post) => !isNotice(post) && post.type !== "system_ephemeral" && !post.is_pinned);
  const same = one.user_id === other.user_id && one.props?.from_webhook === other.props?.from_webhook;
  return plain && same && !other.root_id === !one.root_id && other.create_at - one.create_at < TOGETHER;
}

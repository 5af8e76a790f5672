/** Where somebody is, kept in the address: `#person/channel/thread`, so that every tab has its own. */

/** Read the present place. */
export function place() {
  const [person = "", channel = "", thread = ""] = location.hash.slice(1).split("/").map(decodeURIComponent);
  return { person, channel, thread };
}

/** Return the address of a place; what is not given stays as it is. */
export function address(change) {
  const { person, channel, thread } = { ...place(), ...change };
  const parts = [person, channel, thread].map((part) => encodeURIComponent(part).replaceAll("%40", "@"));
  return `#${parts.join("/").replace(/\/+$/, "")}`;
}

/** Go to a place; a `post` in it is shown once the channel is there. */
export function go(change, replace = false) {
  const { post = "", ...rest } = change;
  wanted = post;
  const target = address(rest);
  if (target === location.hash) window.dispatchEvent(new HashChangeEvent("hashchange"));
  else if (replace) location.replace(target);
  else location.hash = target;
}

/** Take the post that is to be shown, once. */
export function takeWanted() {
  const post = wanted;
  wanted = "";
  return post;
}

let wanted = "";

/** Small parts of the page: elements, icons, faces and times. */

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden"]);
const SVG = "http://www.w3.org/2000/svg";
const DAY = 86_400_000;

/** Make an element; attributes that are `null` or `false` are left out, `on…` ones are listeners. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Draw an icon of the set in `icons.svg`. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

/** Make a button that shows an icon only. */
export function iconButton(name, label, onclick, kind = "") {
  return h("button", { type: "button", class: `icon-button ${kind}`, "aria-label": label, title: label, onclick }, icon(name));
}

/** Draw the round face of a user: a robot, or two letters on a colour of their own. */
export function face(user, small = false) {
  const element = h("span", { class: `face${small ? " small" : ""}`, "aria-hidden": "true" });
  if (!user || user.is_bot) {
    element.classList.add(user ? "bot" : "system");
    element.append(icon(user ? "robot" : "system"));
    return element;
  }
  const sum = [...user.username].reduce((total, letter) => Math.imul(total ^ letter.charCodeAt(0), 16777619) >>> 0, 2166136261);
  element.style.setProperty("--hue", ((sum >>> 16) % 18) * 20);
  element.append(initials(user));
  return element;
}

/** Draw the face and the names of a user, as lists of people show them. */
export function person(user) {
  const names = h("span", { class: "member-name" }, h("strong", {}, user.username), h("span", { class: "note" }, fullName(user)));
  return user.is_bot ? [face(user, true), names, h("span", { class: "tag" }, "BOT")] : [face(user, true), names];
}

/** Return the name that is shown beside a user's @name, if there is one. */
export function fullName(user) {
  return user.name || user.nickname || `${user.first_name ?? ""} ${user.last_name ?? ""}`.trim();
}

/** Write the time of day of a moment in milliseconds. */
export function clock(time) {
  return h("time", { datetime: new Date(time).toISOString(), title: new Date(time).toLocaleString() },
    new Date(time).toLocaleTimeString([], { hour: "numeric", minute: "2-digit" }));
}

/** Name the day of a moment. */
export function day(time) {
  const start = (moment) => new Date(moment).setHours(0, 0, 0, 0);
  const days = Math.round((start(Date.now()) - start(time)) / DAY);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Date(time).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

/** Make a container hold exactly the given nodes, moving as few as possible. */
export function arrange(container, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...container.childNodes]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, place) => {
    if (container.childNodes[place] !== node) container.insertBefore(node, container.childNodes[place] ?? null);
  });
}

function initials(user) {
  const words = (fullName(user) || user.username).split(/[\s._-]+/).filter(Boolean);
  return (words.length > 1 ? words[0][0] + words[1][0] : user.username.slice(0, 2)).toUpperCase();
}

/** Completes what somebody types: commands, people, channels, emoji. */

import { face, fullName, h } from "./dom.js";
import { state } from "./state.js";

const MOST = 7;
const SPOTS = [
  [/^\/([\w.-]*)$/, commands],
  [/(?:^|\s)@([\w.-]*)$/, people],
  [/(?:^|\s)~([\w.-]*)$/, channels],
  [/(?:^|\s):([a-z0-9_+-]{2,})$/, emoji],
];

/** Return the list of suggestions for a text box; `changed` hears that one was taken. */
export function suggest(input, changed) {
  const list = h("ul", { class: "suggestions", role: "listbox", "aria-label": "Suggestions", hidden: true });
  let rows = [];
  let at = 0;

  function show() {
    const { word, found } = spot(input.value.slice(0, input.selectionStart));
    rows = found.map((row) => ({ ...row, word }));
    at = 0;
    draw();
  }

  function draw() {
    list.hidden = !rows.length;
    list.replaceChildren(...rows.map((row, place) => h("li", {
      role: "option", "aria-selected": String(place === at),
      onpointerdown: (event) => event.preventDefault(), onclick: () => take(row),
    }, row.sign, h("strong", {}, row.text), row.hint && h("span", { class: "hint-word" }, row.hint), row.note && h("span", { class: "note" }, row.note))));
  }

  function take(row) {
    const start = input.selectionStart - row.word.length;
    input.setRangeText(`${row.put} `, start, input.selectionStart, "end");
    rows = [];
    draw();
    input.focus();
    changed();
  }

  input.addEventListener("input", show);
  input.addEventListener("blur", () => {
    rows = [];
    draw();
  });
  input.addEventListener("keydown", (event) => {
    if (!rows.length) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      at = (at + step + rows.length) % rows.length;
      draw();
    } else if (event.key === "Tab" || (event.key === "Enter" && rows[at].word !== rows[at].put)) take(rows[at]);
    else if (event.key === "Escape") {
      rows = [];
      draw();
    } else return;
    event.preventDefault();
  });
  return list;
}

function spot(before) {
  for (const [pattern, find] of SPOTS) {
    const match = before.match(pattern);
    if (match) return { word: match[0].trimStart(), found: find(match[1].toLowerCase()).slice(0, MOST) };
  }
  return { word: "", found: [] };
}

function commands(start) {
  const fitting = state.commands.filter((row) => row.trigger.startsWith(start));
  return fitting.map((row) => ({
    put: `/${row.trigger}`, text: `/${row.trigger}`, hint: row.auto_complete_hint, note: row.auto_complete_desc,
  }));
}

function people(start) {
  const fits = (user) => [user.username, ...fullName(user).toLowerCase().split(" ")].some((name) => name.startsWith(start));
  const fitting = [...state.users.values()].filter((user) => !user.delete_at && fits(user));
  fitting.sort((one, other) => one.username.localeCompare(other.username));
  return fitting.map((user) => ({
    put: `@${user.username}`, text: `@${user.username}`, note: fullName(user), sign: face(user, true),
  }));
}

function channels(start) {
  const all = [...state.channels.values(), ...state.joinable.values()].filter((row) => row.team_id && !row.delete_at);
  const fitting = all.filter((row) => row.name.startsWith(start) || row.display_name.toLowerCase().startsWith(start));
  return fitting.map((row) => ({ put: `~${row.name}`, text: row.display_name, note: `~${row.name}` }));
}

function emoji(start) {
  const fitting = Object.entries(state.emoji).filter(([name]) => name.startsWith(start));
  return fitting.map(([name, sign]) => ({ put: `:${name}:`, text: name, sign: h("span", { class: "emoji" }, sign) }));
}

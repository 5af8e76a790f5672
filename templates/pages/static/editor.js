/* What the editor does besides, where a browser runs scripts: tasks are added by Enter, dragged, moved by keys and
   pasted as lists, and what somebody writes is saved as a draft meanwhile. Without any of this everything works as well. */
"use strict";
(() => {
  const PAUSE = 2000;
  const AGAIN = 10000;
  const part = () => document.getElementById("part");
  const form = () => document.querySelector("form.editor");
  const canSave = () => form()?.querySelector("[name=do][value=save]");

  /* -- tasks: numbers, new ones, and where they stand */
  const lists = () => [...document.querySelectorAll(".edit-list")];
  const tasksOf = (list) => [...list.querySelectorAll(".edit-task")];
  const titleOf = (task) => task.querySelector(".title");

  function renumber() {
    lists().forEach((list, at) => {
      list.querySelector(".head .number").textContent = at + 1;
      tasksOf(list).forEach((task, number) => {
        const said = `${at + 1}.${number + 1}`;
        task.querySelector(".number").textContent = said;
        titleOf(task).setAttribute("aria-label", `Title of task ${said}`);
      });
    });
  }
  function made(title) {
    const id = `n${Math.random().toString(36).slice(2, 10)}`;
    const fresh = document.getElementById("task-row").content.firstElementChild.cloneNode(true);
    for (const one of [fresh, ...fresh.querySelectorAll("*")]) {
      for (const { name, value } of [...one.attributes]) {
        if (value.includes("tasks.ID")) one.setAttribute(name, value.replaceAll("tasks.ID", `tasks.${id}`));
      }
    }
    titleOf(fresh).value = title;
    return fresh;
  }
  function add(after, titles) {
    let last = after;
    for (const title of titles) {
      const fresh = made(title);
      last.after(fresh);
      last = fresh;
    }
    renumber();
    titleOf(last).focus();
    changed();
  }
  function move(task, up) {
    const all = [...document.querySelectorAll(".edit-task")];
    const list = task.closest(".edit-list");
    const inside = tasksOf(list);
    const at = inside.indexOf(task);
    const other = lists()[lists().indexOf(list) + (up ? -1 : 1)];
    if (up ? at > 0 : at < inside.length - 1) {
      if (up) inside[at - 1].before(task);
      else inside[at + 1].after(task);
    } else if (other && up) other.querySelector(".tasks").append(task);
    else if (other) other.querySelector(".tasks").prepend(task);
    if (all.length) { renumber(); changed(); }
  }
  const lines = (text) => text.split(/\r?\n/).map((line) => line.trim()
    .replace(/^(?:[-*+•]|\d{1,3}[.)])\s+/, "").replace(/^\[[ xX]?\]\s*/, "")).filter((line) => line);

  document.addEventListener("keydown", (event) => {
    const task = event.target.closest?.(".edit-task");
    if (!task || !event.target.matches(".title") || event.target.readOnly) return;
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      add(task, [""]);
    } else if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      event.preventDefault();
      move(task, event.key === "ArrowUp");
      event.target.focus();
    } else if (event.key === "Backspace" && !event.target.value && !said(task)) {
      const rows = [...document.querySelectorAll(".edit-task")];
      const next = rows[rows.indexOf(task) - 1] || rows[rows.indexOf(task) + 1];
      event.preventDefault();
      task.remove();
      renumber();
      if (next) titleOf(next).focus();
      changed();
    }
  });
  const said = (task) => [...task.querySelectorAll("details input:not([type=hidden], [type=checkbox]), details textarea")]
    .some((field) => field.value);
  document.addEventListener("paste", (event) => {
    if (!event.target.matches?.(".edit-task .title")) return;
    const titles = lines(event.clipboardData.getData("text"));
    if (titles.length < 2) return;
    event.preventDefault();
    const task = event.target.closest(".edit-task");
    if (!event.target.value) event.target.value = titles.shift();
    add(task, titles);
  });

  /* -- dragging, with a mouse, a pen or a finger */
  let dragged = null;
  document.addEventListener("pointerdown", (event) => {
    const number = event.target.closest?.(".can-move .edit-task .number");
    if (!number || event.button > 0) return;
    dragged = number.closest(".edit-task");
    dragged.dataset.moving = "";
    number.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const under = document.elementsFromPoint(event.clientX, event.clientY);
    const row = under.map((one) => one.closest(".edit-task")).find((one) => one);
    if (row && row !== dragged) {
      const { top, height } = row.getBoundingClientRect();
      if (event.clientY < top + height / 2) row.before(dragged);
      else row.after(dragged);
    } else if (!row) {
      const list = under.map((one) => one.closest(".edit-list")).find((one) => one);
      if (list && !list.contains(dragged)) list.querySelector(".tasks").append(dragged);
    }
    const edge = 60;
    if (event.clientY < edge) scrollBy(0, -12);
    if (event.clientY > innerHeight - edge) scrollBy(0, 12);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => {
      if (!dragged) return;
      delete dragged.dataset.moving;
      dragged = null;
      renumber();
      changed();
    });
  }

  /* -- buttons that move something need not ask the server */
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("form.editor .tools button");
    if (!button) return;
    const [how] = button.value.split(":");
    const entry = button.closest("[data-entry]");
    event.preventDefault();
    if (how === "remove") {
      const next = entry.nextElementSibling || entry.previousElementSibling;
      entry.remove();
      next?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    } else if (entry.matches(".edit-task")) {
      move(entry, how === "up");
      button.focus();
    } else {
      const other = how === "up" ? entry.previousElementSibling : entry.nextElementSibling;
      if (!other || other.matches("[data-new]")) return;
      if (how === "up") other.before(entry);
      else other.after(entry);
      button.focus();
    }
    renumber();
    changed();
  });

  /* -- what somebody writes is saved meanwhile */
  let timer = 0;
  let isSaving = false;
  let isChanged = false;
  function state(name) {
    const line = document.getElementById("saving");
    if (!line) return;
    line.hidden = false;
    line.textContent = line.dataset[name];
  }
  function changed() {
    isChanged = true;
    if (!canSave()) return;
    state("writing");
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }
  const written = () => new URLSearchParams(new FormData(form())).toString();
  async function save() {
    const mine = form();
    if (!mine || mine.dataset.busy || isSaving) { timer = setTimeout(save, PAUSE); return; }
    isSaving = true;
    const sent = written();
    const data = new URLSearchParams(sent);
    data.set("do", "auto");
    state("saving");
    try {
      const answer = await fetch(mine.action, { method: "POST", body: data });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine.isConnected) settle(mine, page, answer, sent);
    } catch {
      state("lost");
      timer = setTimeout(save, AGAIN);
    }
    isSaving = false;
  }
  function settle(mine, page, answer, sent) {
    const fresh = page.querySelector("form.editor");
    if (!answer.ok || !fresh) { state("lost"); if (answer.status >= 500) timer = setTimeout(save, AGAIN); return; }
    mine.elements.once.value = fresh.elements.once.value;
    if (page.getElementById("clashes")) { state("together"); return; }
    if (page.querySelector("#told .wrong")) { state("wrong"); return; }
    const isSame = plain(written()) === plain(sent);
    const isAlone = fresh.elements.revision.value - mine.elements.revision.value <= 1;
    if (!isAlone && !isSame) { state("together"); return; }
    if (isAlone) mine.elements.revision.value = fresh.elements.revision.value;
    else withTheirs(page);
    isChanged = !isSame;
    if (isSame) state("saved");
    else changed();
  }
  const plain = (form) => form.replace(/(^|&)(revision|once)=[^&]*/g, "");
  function withTheirs(page) {
    const had = document.activeElement?.id;
    part().replaceWith(document.adoptNode(page.getElementById("part")));
    if (had) document.getElementById(had)?.focus({ preventScroll: true });
  }
  document.addEventListener("input", ({ target }) => { if (target.closest("form.editor")) changed(); });
  document.addEventListener("submit", ({ target }) => { if (target.matches("form.editor")) { clearTimeout(timer); isChanged = false; } });
  addEventListener("beforeunload", (event) => { if (isChanged && canSave()) event.preventDefault(); });

  /* -- what scripts make possible is shown, also when a part of the page was drawn anew */
  function begin() {
    document.querySelectorAll(".only-scripts").forEach((one) => { one.hidden = false; });
    if (canSave()) part()?.classList.add("can-move");
    part()?.classList.add("has-scripts");
  }
  new MutationObserver(() => { if (part() && !part().classList.contains("has-scripts")) begin(); })
    .observe(document.querySelector("main"), { childList: true, subtree: true });
  begin();
})();

/* What pages do besides, where a browser runs scripts: they follow what happens elsewhere, and stay where they are
   when something is pressed. Without any of this everything works as well. */
"use strict";
(() => {
  const body = document.body;
  const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
  const tell = (name) => { document.getElementById(name).hidden = false; };

  /* -- the focus, and what somebody is typing */
  const canHave = "a[href], button, input:not([type=hidden]), select, summary, textarea";
  const isTyped = (field) => field && field.matches("input:not([type=hidden]), select, textarea");
  const isChanged = (field) => (field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.tagName !== "SELECT" && field.value !== field.defaultValue);
  const isBusy = (part) => (part.contains(document.activeElement) && isTyped(document.activeElement))
    || [...part.querySelectorAll("input:not([type=hidden]), textarea")].some(isChanged);

  function replace(old, fresh) {
    const had = old.contains(document.activeElement) ? document.activeElement : null;
    const place = had && [...old.querySelectorAll(canHave)].indexOf(had);
    const open = new Set([...old.querySelectorAll("details[open][id]")].map((one) => one.id));
    old.replaceWith(fresh);
    fresh.querySelectorAll("details[id]").forEach((one) => { one.open = one.open || open.has(one.id); });
    const again = had && ((had.id && document.getElementById(had.id)) || fresh.querySelectorAll(canHave)[place]);
    (again || (had && fresh))?.focus({ preventScroll: true });
  }

  /* -- parts that follow what happens elsewhere */
  const waiting = new Map();
  function renew(page) {
    for (const fresh of page.querySelectorAll("[data-live][id]")) {
      const old = document.getElementById(fresh.id);
      if (!old || old.outerHTML === fresh.outerHTML) continue;
      if (isBusy(old)) waiting.set(fresh.id, fresh);
      else { waiting.delete(fresh.id); replace(old, document.adoptNode(fresh)); }
    }
  }
  document.addEventListener("focusout", () => setTimeout(() => {
    for (const [id, fresh] of waiting) {
      const old = document.getElementById(id);
      if (old && isBusy(old)) continue;
      waiting.delete(id);
      if (old) replace(old, document.adoptNode(fresh));
    }
  }));

  let source = null;
  let seen = "";
  let isAsking = false;
  async function refresh() {
    if (isAsking) { isAsking = "again"; return; }
    isAsking = true;
    try {
      const answer = await fetch(location.href, { headers: { "X-Muster": "live" } });
      if (answer.ok) renew(await parsed(answer));
      else if ([401, 404].includes(answer.status)) over();
    } catch { /* the stream tells when the server is there again */ }
    const again = isAsking === "again";
    isAsking = false;
    if (again) setTimeout(refresh, 500);
  }
  function over() {
    source?.close();
    source = null;
    delete body.dataset.events;
    tell("over");
  }
  function follow() {
    source?.close();
    source = null;
    if (!body.dataset.events || document.hidden) return;
    const at = new URL(body.dataset.events, location.href);
    if (seen) at.searchParams.set("seen", seen);
    source = new EventSource(at);
    source.addEventListener("changed", (event) => { seen = event.data; refresh(); });
    source.addEventListener("over", over);
    // A stream that is refused from the start tells nothing itself: the session may be over already.
    source.addEventListener("error", (event) => { if (event.target.readyState === EventSource.CLOSED) refresh(); });
  }
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) { follow(); refresh(); } });
  follow();

  /* -- forms, sent without leaving the page */
  let shown = location.pathname + location.search;
  function show(page, form, answer) {
    const isHere = new URL(answer.url).pathname === location.pathname && answer.ok;
    const part = isHere && form.closest("[id]:not(form):not(main)");
    const fresh = part && page.getElementById(part.id);
    if (fresh) {
      replace(document.getElementById("told"), document.adoptNode(page.getElementById("told")));
      replace(part, document.adoptNode(fresh));
      renew(page);
    } else {
      document.title = page.title;
      replace(document.querySelector("main"), document.adoptNode(page.querySelector("main")));
      if (answer.ok) history[isHere ? "replaceState" : "pushState"](null, "", answer.url);
      shown = location.pathname + location.search;
      if (!isHere) scrollTo(0, 0);
    }
    const { events } = page.body.dataset;
    seen = events ? new URL(events, location.href).searchParams.get("seen") : "";
    if (events) body.dataset.events = events;
    document.querySelector("#told .wrong")?.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter: button } = event;
    if (form.method !== "post" || !new URL(form.action).pathname.includes("/act/") || event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    button?.setAttribute("aria-busy", "true");
    document.getElementById("offline").hidden = true;
    try {
      const data = new FormData(form, button);
      const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
      const answer = await fetch(form.action, { method: "POST", body });
      show(await parsed(answer), form, answer);
    } catch {
      tell("offline");
    }
    delete form.dataset.busy;
    button?.removeAttribute("aria-busy");
  });
  addEventListener("popstate", () => { if (location.pathname + location.search !== shown) location.reload(); });

  /* -- what somebody writes is saved meanwhile */
  const PAUSE = 2500;
  const AGAIN = 10000;
  let timer = 0;
  function state(name, words) {
    const line = document.getElementById("autosave");
    if (!line) return;
    line.hidden = false;
    line.textContent = words || line.dataset[name];
  }
  function later(field, pause) {
    clearTimeout(timer);
    timer = setTimeout(() => save(field), pause);
  }
  async function save(field) {
    const form = field.form;
    if (!field.isConnected || field.value === field.defaultValue) return;
    if (form.dataset.busy) { later(field, PAUSE); return; }
    const sent = field.value;
    const data = new URLSearchParams(new FormData(form));
    data.set("do", "auto");
    state("saving");
    let answer, page;
    try {
      answer = await fetch(form.action, { method: "POST", body: data });
      page = await parsed(answer);
    } catch {
      state("lost");
      later(field, AGAIN);
      return;
    }
    if (!field.isConnected) return;
    if (page.getElementById("theirs")) { state("overtaken"); return; }
    const wrong = page.querySelector(".told.wrong[role=alert]:not([hidden])");
    if (!answer.ok || wrong) {
      state("lost", wrong?.textContent.trim());
      if (answer.status >= 500) later(field, AGAIN);
      return;
    }
    for (const name of ["known", "once"]) {
      form.elements[name].value = page.querySelector(`#write [name=${name}]`)?.value ?? form.elements[name].value;
    }
    field.defaultValue = sent;
    field.value === sent ? state("saved") : later(field, PAUSE);
  }
  document.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-autosave]")) return;
    state("writing");
    later(target, PAUSE);
  });
  addEventListener("beforeunload", (event) => {
    const field = document.querySelector("#write textarea");
    if (field && field.value !== field.defaultValue) event.preventDefault();
  });
})();

/* A draft goes to the server while it is typed: half a second after the last key, when a box is left, when the page is
   left. Nothing is kept in the browser (shared computers): what the network could not take stays in the form. */

import { beforeSending, signedIn } from "./session.js";

const PAUSE = 500, PREVIEW = 2500, LARGEST = 60000;
const BACK_OFF = [2000, 4000, 8000, 15000, 30000];
const states = new WeakMap();

const of = (form) => {
  if (!states.has(form)) {
    states.set(form, { known: "", dirty: false, body: null, busy: null, tries: 0, failed: false, later: false, left: false });
  }
  return states.get(form);
};

/* What is typed, without what the page says of itself. */
const content = (body) => Array.from(body).filter(([name]) => name[0] !== "_" && name !== "csrf_token").join("\n");
const sheet = (form) => new URLSearchParams(new FormData(form));

const tell = (text, state, more) => {
  const told = document.getElementById("saved");
  if (!told) { return; }
  told.dataset.state = state;
  if (state === "busy") { return; }  /* the words stay: somebody may be about to click the link in them */
  told.replaceChildren(text);
  if (more) { told.append(" ", more); }
};

const link = (words, address) => {
  const made = document.createElement("a");
  made.href = address;
  made.textContent = words;
  return made;
};

const post = (form, body) => {
  const text = body.toString();
  return fetch(form.dataset.draft, {
    method: "POST", body, headers: { "X-Requested-With": "draft" }, redirect: "manual", keepalive: text.length < LARGEST,
  });
};

/* The same body is sent again until it is answered: the server knows what it has already, so nothing is saved twice. */
const again = (form, state) => {
  state.failed = true;
  tell("未保存，网络断了，内容还在本页。", "bad");
  window.clearTimeout(state.timer);
  state.timer = window.setTimeout(() => keep(form), BACK_OFF[Math.min(state.tries, BACK_OFF.length - 1)]);
  state.tries += 1;
};

const ended = async (form, state) => {
  state.failed = true;
  state.body = null;
  state.dirty = true;
  const open = document.createElement("button");
  open.type = "button";
  open.className = "btn btn-outline-primary btn-sm";
  open.textContent = "登录";
  open.addEventListener("click", () => { state.later = false; keep(form); });
  tell("未保存，登录已到期，内容还在本页。", "bad", open);
  if (state.later) { return false; }
  const there = await signedIn();
  state.later = !there;
  return there;
};

const taken = async (form, state, answer, body) => {
  const { headers } = answer;
  const words = await answer.text();
  state.known = content(body);
  state.body = null;
  state.tries = 0;
  state.failed = false;
  if (headers.has("X-Draft-Keep")) {
    form.elements._keep.value = headers.get("X-Draft-Keep");
    tell(words, "kept", link("对照两份", headers.get("X-Draft-Look")));
  } else if (headers.has("X-Draft-Version")) {
    form.elements._version.value = headers.get("X-Draft-Version");
    form.elements._base.value = headers.get("X-Draft-Base");
    tell(words, "done");
    window.clearTimeout(state.picture);
    state.picture = window.setTimeout(preview, PREVIEW);
  } else {
    state.failed = true;
    tell(words, "bad");
  }
};

const work = async (form, state) => {
  while (state.dirty || state.body) {
    if (!state.body) {
      state.dirty = false;
      state.body = sheet(form);
      if (content(state.body) === state.known && !state.failed) { state.body = null; return; }
    }
    if (!state.failed) { tell("", "busy"); }
    try {
      const answer = await post(form, state.body);
      if (answer.status === 401) {
        if (!await ended(form, state)) { return; }
      } else if (answer.ok) {
        await taken(form, state, answer, state.body);
      } else {
        again(form, state);
        return;
      }
    } catch {
      again(form, state);
      return;
    }
  }
};

const keep = (form) => {
  const state = of(form);
  window.clearTimeout(state.timer);
  if (!state.busy) { state.busy = work(form, state).finally(() => { state.busy = null; }); }
  return state.busy;
};

export const touched = (form) => {
  if (!form || !form.dataset.draft) { return; }
  const state = of(form);
  state.dirty = true;
  window.clearTimeout(state.timer);
  state.timer = window.setTimeout(() => keep(form), PAUSE);
};

export const preview = () => {
  document.querySelectorAll("img[data-preview]").forEach((picture) => {
    const fresh = new Image();
    const address = picture.dataset.preview + (picture.dataset.preview.includes("?") ? "&" : "?") + "t=" + Date.now();
    fresh.onload = () => { picture.src = address; picture.hidden = false; const none = document.getElementById("no-preview"); if (none) { none.hidden = true; } };
    fresh.src = address;
  });
};

document.querySelectorAll("form[data-draft]").forEach((form) => { of(form).known = content(sheet(form)); });
const drafts = () => Array.from(document.querySelectorAll("form[data-draft]"));

document.addEventListener("input", (event) => touched(event.target.closest("form[data-draft]")));
document.addEventListener("change", (event) => touched(event.target.closest("form[data-draft]")));
document.addEventListener("focusout", (event) => {
  const form = event.target.closest ? event.target.closest("form[data-draft]") : null;
  if (form && of(form).dirty && !of(form).failed) { keep(form); }
});
window.addEventListener("online", () => drafts().forEach((form) => { if (of(form).failed) { keep(form); } }));

/* The page is left or put aside: what is not on its way yet goes now, and outlives the page. */
const last = () => drafts().forEach((form) => {
  const state = of(form);
  const body = sheet(form);
  if (!state.dirty || state.left || content(body) === state.known) { return; }
  state.dirty = false;
  post(form, body).then((answer) => taken(form, state, answer, body)).catch(() => { state.dirty = true; });
});
window.addEventListener("pagehide", last);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") { drafts().forEach((form) => { if (of(form).dirty && !of(form).failed) { keep(form); } }); }
});
window.addEventListener("pageshow", (event) => { if (event.persisted) { drafts().forEach((form) => { of(form).left = false; of(form).known = ""; touched(form); }); } });
window.addEventListener("beforeunload", (event) => {
  if (drafts().some((form) => of(form).failed && !of(form).left)) { event.preventDefault(); event.returnValue = ""; }
});

/* A save on its way is waited for, or the form would be sent on top of a version that is just being made. */
beforeSending(async (form) => {
  const state = states.get(form);
  if (!state) { return; }
  window.clearTimeout(state.timer);
  if (state.busy && !state.later) { await Promise.race([state.busy, new Promise((done) => { window.setTimeout(done, 5000); })]); }
});
document.addEventListener("submit", (event) => {
  const state = states.get(event.target);
  if (state && !event.defaultPrevented) { state.left = true; window.clearTimeout(state.timer); }
});

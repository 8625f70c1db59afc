/* Who is there. A session that ended is opened again in the page, so that nothing typed leaves the screen; a form is
   sent once, however often its button is pressed. Without this script the server keeps the form until its person is back. */

const box = document.getElementById("again");
const gate = box ? box.querySelector("[data-gate]") : null;
const said = box ? box.querySelector("[data-said]") : null;
let waiting = null;

const present = async () => {
  const answer = await fetch(box.dataset.session, { headers: { "X-Requested-With": "session" } });
  if (!answer.ok) { throw new Error("session"); }
  return answer.json();
};

/* Every form of the page gets the token of the new session; the keys of one use stay what they are. */
const renew = (token) => {
  document.querySelectorAll("input[name=csrf_token]").forEach((each) => {
    if (!box.contains(each)) { each.value = token; }
  });
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
};

const close = (outcome) => {
  if (box.open) { box.close(); }
  if (waiting) { const { resolve } = waiting; waiting = null; resolve(outcome); }
};

/* Whatever form the sign-in page shows now (password, then perhaps a code) stands in the dialog. */
const show = (text) => {
  const page = new DOMParser().parseFromString(text, "text/html");
  const form = page.querySelector("main form[method=post]");
  if (!form) { gate.replaceChildren(); said.textContent = "请在新窗口登录，再回到这一页。"; return; }
  form.querySelectorAll("[autofocus]").forEach((each) => each.removeAttribute("autofocus"));
  gate.replaceChildren(document.importNode(form, true));
  const first = Array.from(gate.querySelectorAll("input:not([type=hidden])")).find((each) => !each.value);
  if (first) { first.focus(); }
};

const start = async () => show(await (await fetch(box.dataset.signIn)).text());

const leave = async (token) => {
  await fetch(box.dataset.signOut, { method: "POST", body: new URLSearchParams({ csrf_token: token }), redirect: "manual" });
};

const step = async (form) => {
  said.textContent = "";
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)) });
  const text = await answer.text();
  const who = await present();
  if (!who.who) { show(text); return; }
  if (who.who === box.dataset.who) { renew(who.csrf); close(true); return; }
  await leave(who.csrf);
  await start();
  said.textContent = `这一页是${box.dataset.name}打开的，只能由${box.dataset.name}本人接着办。刚才的登录已退出。`;
};

/* Answers true when the person of this page is signed in, after asking in the dialog if need be; false for "later".
   Throws when the network is away. */
export const signedIn = async () => {
  if (!box || !box.showModal) { return true; }
  const who = await present();
  if (who.who === box.dataset.who) { renew(who.csrf); return true; }
  if (waiting) { return waiting.promise; }
  said.textContent = who.who ? `现在登录的是${who.name}。这一页是${box.dataset.name}打开的，请${box.dataset.name}本人登录后接着办。` : "";
  gate.replaceChildren();
  if (!who.who) { await start(); }
  waiting = {};
  waiting.promise = new Promise((resolve) => { waiting.resolve = resolve; });
  const { promise } = waiting;
  box.showModal();
  return promise;
};

if (box) {
  box.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (box.dataset.busy) { return; }
    box.dataset.busy = "1";
    try { await step(event.target); } catch { said.textContent = "网络断了，请稍后再试。这一页的内容还在。"; }
    delete box.dataset.busy;
  });
  box.addEventListener("cancel", () => close(false));
  box.querySelector("[data-later]").addEventListener("click", () => close(false));
}

/* Before a form is sent that somebody typed into: what the page is about to keep is kept, and its person is there. */
const before = [];
export const beforeSending = (wait) => before.push(wait);

const worth = (form) => form.matches("[data-fields], [enctype='multipart/form-data']");

const held = (form, on) => {
  form.querySelectorAll("button").forEach((each) => { each.toggleAttribute("aria-busy", on); each.disabled = on; });
};

const away = (form) => {
  const old = document.getElementById("away");
  const note = old || document.createElement("div");
  note.id = "away";
  note.className = "warned";
  note.setAttribute("role", "alert");
  note.textContent = "网络断了，还没有交出去，内容还在本页。请稍后再按一次。";
  if (!old) { form.prepend(note); }
  note.scrollIntoView({ block: "nearest" });
};

const check = async (form, button) => {
  let there = false;
  try {
    for (const wait of before) { await wait(form); }
    there = await signedIn();
  } catch {
    away(form);
  }
  held(form, false);
  delete form.dataset.sent;
  if (!there) { return; }
  form.dataset.checked = "1";
  form.requestSubmit(button);
  delete form.dataset.checked;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") { return; }
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  if (worth(form) && !form.dataset.checked && box) {
    event.preventDefault();
    const button = event.submitter;
    held(form, true);
    check(form, button);
    return;
  }
  window.setTimeout(() => held(form, true), 0);  /* not at once: a disabled button would not be sent */
  window.setTimeout(() => { held(form, false); delete form.dataset.sent; }, 8000);
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    document.querySelectorAll("form[data-sent]").forEach((form) => { held(form, false); delete form.dataset.sent; });
  }
});

/* Keys and rows. Everything here only makes faster what a plain form does as well. */

import { preview, touched } from "./drafts.js";

const editable = (box) => box.matches("input, select, textarea") && box.type !== "hidden" && !box.disabled;

/* Enter goes to the next field; Ctrl+Enter presses the one blue button; "/" goes to the search box. */
document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const button = document.querySelector("button[data-primary]");
    if (button) { event.preventDefault(); button.click(); }
    return;
  }
  if (event.key === "/" && !editable(at)) {
    const search = document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
    return;
  }
  const form = at.closest ? at.closest("form[data-fields]") : null;
  if (event.key !== "Enter" || !form || event.isComposing || at.tagName === "TEXTAREA" || at.tagName === "BUTTON" || !editable(at)) {
    return;
  }
  event.preventDefault();
  const boxes = Array.from(form.querySelectorAll("input, select, textarea")).filter((box) => editable(box) && !box.readOnly);
  const next = boxes[boxes.indexOf(at) + 1];
  if (next) { next.focus(); } else { const last = document.querySelector("button[data-primary]"); if (last) { last.focus(); } }
});

/* The first wrong field has the focus when a form comes back. */
const wrong = document.querySelector("[aria-invalid=true]");
if (wrong) { wrong.focus(); }

/* A note that comes in above must not push the box one types in under the bar at the foot. */
document.addEventListener("htmx:afterSettle", () => {
  if (editable(document.activeElement)) { document.activeElement.scrollIntoView({ block: "nearest" }); }
});

/* Rows: a template in the page is copied under the next free number. */
document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-row-add]");
  if (add) {
    const list = document.getElementById(add.dataset.rowAdd);
    const template = document.getElementById(add.dataset.rowAdd + "-new");
    if (!list || !template) { return; }
    event.preventDefault();
    const number = Number(list.dataset.next);
    list.dataset.next = String(number + 1);
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.split("__n__").join(String(number));
    const row = holder.firstElementChild;
    list.append(row);
    if (window.htmx) { window.htmx.process(row); }
    renumber(list);
    const first = row.querySelector("input, select, textarea");
    if (first) { first.focus(); }
    touched(list.closest("form"));
    return;
  }
  const remove = event.target.closest("[data-row-remove]");
  if (remove) {
    event.preventDefault();
    const list = remove.closest("[data-next]");
    const form = remove.closest("form");
    remove.closest(".rowset").remove();
    renumber(list);
    touched(form);
  }
});

const renumber = (list) => {
  list.querySelectorAll("[data-row-no]").forEach((place, index) => { place.textContent = String(index + 1); });
};

/* A question before what cannot be taken back; without script the page asks itself. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
  }
  if (event.target.closest("[data-close]")) { event.preventDefault(); event.target.closest("dialog").close(); }
  if (event.target.closest("[data-print]")) { event.preventDefault(); window.print(); }
});

preview();

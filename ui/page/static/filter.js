// The filter: a panel that the button beside the box opens, what is chosen in it, and the sign that it is on.

import { $, all, call } from "./kit.js";

const panel = () => document.getElementById("filter-panel");
const button = () => document.getElementById("filter-button");
const listeners = new Set();
const NOTHING = { outlets: [], languages: [], since: null, until: null };

export const onChoice = (listener) => listeners.add(listener);

export function choice() {
  if (!panel()) return NOTHING;
  const fields = new FormData(panel());
  return {
    outlets: fields.getAll("outlet"), languages: fields.getAll("language"),
    since: fields.get("since").trim() || null, until: fields.get("until").trim() || null,
  };
}

export const isEmpty = ({ outlets, languages, since, until }) => !(outlets.length || languages.length || since || until);

// Shows a choice in the panel, and its sign.
export function choose(wanted) {
  const { outlets, languages, since, until } = { ...NOTHING, ...wanted };
  all("[name=outlet]", panel()).forEach((box) => (box.checked = outlets.includes(box.value)));
  all("[name=language]", panel()).forEach((box) => (box.checked = languages.includes(box.value)));
  $("[name=since]", panel()).value = since ?? "";
  $("[name=until]", panel()).value = until ?? "";
  return tell();
}

// Only the answer to the last choice is shown.
let asked = 0;
async function tell() {
  const mine = ++asked;
  const chosen = choice();
  let sign = "";
  try {
    sign = isEmpty(chosen) ? "" : (await call("POST", "page/filter", chosen)).sign;
  } catch {
    return; // the filter goes with the question all the same, which tells what is wrong
  }
  if (mine === asked) $("#filter-sign").innerHTML = sign;
}

function changed() {
  tell();
  listeners.forEach((listener) => listener());
}

export function toggle(opened) {
  if (!panel() || panel().hidden !== opened) return;
  panel().hidden = !opened;
  button().setAttribute("aria-expanded", opened);
  if (opened) panel().focus({ preventScroll: true });
}

function close() {
  toggle(false);
  button().focus();
}

// As the index folds the outlets that it compares with.
const neighbours = { "ی": "ي", "ى": "ي", "ک": "ك", "گ": "ك", "پ": "ب", "چ": "ج", "ژ": "ز", "ة": "ه" };
const folded = (text) =>
  text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "").replace(/[یىکگپچژة]/g, (letter) => neighbours[letter]);

const showOutlets = (typed) => all("[data-folded]", panel()).forEach((row) => (row.hidden = !row.dataset.folded.includes(folded(typed))));

export function fill(html) {
  $("#filter").innerHTML = html;
}

export function start() {
  document.addEventListener("click", ({ target }) => {
    if (target.closest("#filter-button")) toggle(panel()?.hidden);
    if (target.closest("#send, [data-question]")) toggle(false);
    if (target.closest("#filter-sign .clear")) {
      panel().reset();
      button().focus();
    }
    target.closest("#filter .calendar")?.nextElementSibling.showPicker();
  });
  document.addEventListener("keydown", (event) => {
    const { key, shiftKey, target } = event;
    if (key === "Escape" && !panel()?.hidden && target.closest("#filter-panel, #filter-button, #question")) {
      event.preventDefault();
      close();
    }
    if (key === "Enter" && !shiftKey && target.closest("#question")) toggle(false);
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== panel()) return;
    event.preventDefault();
    close();
  });
  document.addEventListener("reset", ({ target }) => {
    if (target !== panel()) return;
    showOutlets("");
    setTimeout(changed);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.name && target.closest("#filter-panel")) changed();
  });
  document.addEventListener("input", ({ target }) => {
    if (target.matches("#filter-panel [type=search]")) showOutlets(target.value);
    if (target.matches("#filter-panel [type=date]")) {
      const field = target.parentElement.querySelector("[type=text]");
      field.value = target.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
}

// The view of the archive: a table with its form and chart, names, copies, what was taken out; each at an address of its own.

import * as conversation from "./conversation.js";
import * as filter from "./filter.js";
import * as incoming from "./incoming.js";
import { $, all, call, el, fragment, inEachLanguage, say, toast } from "./kit.js";

// Milliseconds after the last letter until the list follows, and between two looks at what is still embedded.
const REST = 250;
const LOOK = 4000;
// Milliseconds in which what has changed is shown once: files come in by the dozen.
const GATHER = 300;

let container = null;
let unlisten = () => {};
let looking = null;
// The number of the last request: what an earlier one brings later is dropped.
let latest = 0;

export async function enter(into) {
  container = into;
  container.replaceChildren(el(`<div class="archive"><p class="hint">${say("page_archive.loading")}</p></div>`));
  unlisten = inEachLanguage(() => showAll());
  mark("page");
  incoming.watch();
  looking = setInterval(look, LOOK);
}

export function leave() {
  unlisten();
  clearInterval(looking);
  mark(null);
  container = null;
  latest += 1;
  document.title = "Khabar · خبر";
}

const mark = (current) => all('a[data-view="archive"]').forEach((link) => (current ? link.setAttribute("aria-current", current) : link.removeAttribute("aria-current")));

// What is shown

const query = () => location.search;
const frame = () => (container ? $(".archive", container) : null);

async function shown(path) {
  const own = (latest += 1);
  try {
    const html = await fragment(path);
    return own === latest ? html : null;
  } catch (error) {
    if (own === latest && frame()) frame().replaceChildren(failed());
    return null;
  }
}

const failed = () => {
  const told = el(`<p class="fault" role="alert">${say("page_archive.failed")} <button type="button" class="quiet">${say("page_archive.again")}</button></p>`);
  $("button", told).addEventListener("click", () => showAll());
  return told;
};

async function showAll() {
  document.title = `${say("page_archive.name")} · Khabar`;
  const html = await shown(`page/archive/view${query()}`);
  if (html === null || !frame()) return;
  frame().innerHTML = html;
  toLatest();
}

// The newest months are those that are looked for; on a phone the others are out of sight.
function toLatest() {
  const columns = $(".columns", frame());
  columns?.scrollTo({ left: getComputedStyle(columns).direction === "rtl" ? -columns.scrollWidth : columns.scrollWidth });
}

// Whoever is typing in the form keeps it, and what has been typed so far.
const isTyping = () => document.activeElement?.closest("form.narrow") !== null && frame()?.contains(document.activeElement);

async function showChanged() {
  if (!isTyping()) return showAll();
  await Promise.all([showBody(), showHead()]);
}

async function showBody() {
  const html = await shown(`page/archive/list${query()}`);
  const body = $("#archive-body");
  if (html === null || !body) return;
  const place = placeOfFocus(body);
  body.innerHTML = html;
  toLatest();
  place?.()?.focus({ preventScroll: true });
}

// The same place after what it is in was replaced: the n-th link of its list.
function placeOfFocus(body) {
  const focused = document.activeElement;
  if (!body.contains(focused)) return null;
  const within = [".columns", ".by-outlet", "thead", ".pager", ".conditions"].find((name) => focused.closest(name));
  if (!within) return null;
  const links = () => all(`${within} a, ${within} .quiet`, body);
  const index = links().indexOf(focused);
  return () => links()[Math.min(index, links().length - 1)] ?? $(".find input", frame());
}

function go(address, { replace = false, all: whole = false } = {}) {
  if (replace) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  if (whole) return showAll();
  fillForm();
  return showBody();
}

// The form and the address tell the same.

const FIELDS = ["q", "outlet", "language", "since", "until"];

function fillForm() {
  const form = $("form.narrow", frame());
  const given = new URLSearchParams(query());
  if (!form) return;
  FIELDS.forEach((name) => form.elements[name] && (form.elements[name].value = given.get(name) ?? ""));
  if (form.elements.problems) form.elements.problems.checked = given.has("problems");
}

function readForm(form) {
  const given = new URLSearchParams(query());
  given.delete("page");
  [...FIELDS, "problems"].forEach((name) => given.delete(name));
  new FormData(form).forEach((value, name) => value && given.set(name, value));
  return `archive${given.size ? `?${given}` : ""}`;
}

let resting = null;
function follow(form, rest) {
  clearTimeout(resting);
  resting = setTimeout(() => frame() && go(readForm(form), { replace: true }), rest);
}

// What is still to be embedded is told anew for as long as there is some.
async function look() {
  if (frame() && $(".embedding", frame()) && !document.hidden) await showHead();
}

async function showHead() {
  const html = await fragment("page/archive/head").catch(() => null);
  if (html && $("#archive-head")) $("#archive-head").innerHTML = html;
}

// Taking out and putting back

async function askRemoval(id) {
  const html = await fragment(`page/archive/removal/${id}`).catch(told);
  if (!html) return;
  const box = el(html);
  $("#khabar").append(box);
  box.addEventListener("close", () => {
    box.remove();
    if (box.returnValue) remove(id, box.returnValue === "file");
  });
  box.showModal();
}

const told = (error) => {
  // Of an article that is gone the server tells in the reader's words; of all else, in a maintainer's.
  const isTold = error.status === 404 && error.problem;
  toast(isTold ? `${error.problem}. ${error.remedy}` : say(error.status ? "page_shell.failed" : "page_archive.failed"), { urgent: true });
};

async function remove(id, whole) {
  try {
    await incoming.baseline();
    await call("POST", `page/archive/remove/${id}?whole=${whole ? 1 : 0}`);
    all(`[data-row="${id}"]`, frame() ?? document).forEach((row) => row.setAttribute("aria-busy", "true"));
    if (!whole) incoming.undoes(id);
    toast(say("page_archive.working"), { key: "archive" });
    incoming.watch();
  } catch (error) {
    told(error);
  }
}

export async function restore(id) {
  try {
    await incoming.baseline();
    await call("POST", `page/archive/restore/${id}`);
    toast(say("page_archive.working"), { key: "archive" });
    incoming.watch();
  } catch (error) {
    told(error);
  }
}

// An archive without articles invites files where questions would be.

let isEmpty = false;

async function welcome() {
  document.body.classList.toggle("without-articles", isEmpty);
  if (!$(".opening")) return;
  if (!isEmpty && $(".opening .invitation")) {
    $(".opening .invitation").remove();
    document.dispatchEvent(new CustomEvent("khabar:welcome"));
  }
  if (!isEmpty || $(".opening .invitation")) return;
  const html = await fragment("page/archive/invitation").catch(() => null);
  const opening = $(".opening");
  if (html && isEmpty && opening?.hasChildNodes() && !$(".invitation", opening)) opening.append(el(html));
}

// What else of the page tells of the archive: the outlets to choose from, and how much there is.
async function refreshOthers() {
  const begun = await call("GET", "page/start").catch(() => null);
  if (!begun) return;
  isEmpty = begun.empty;
  welcome();
  const chosen = filter.choice();
  const opened = !$("#filter-panel")?.hidden;
  filter.fill(begun.filter);
  filter.choose(chosen);
  filter.toggle(opened);
  conversation.refreshStatus();
}

let gathering = null;
function changed() {
  clearTimeout(gathering);
  gathering = setTimeout(() => {
    if (frame()) showChanged();
    refreshOthers();
  }, GATHER);
}

export function start(begun) {
  isEmpty = begun.empty;
  incoming.start(restore);
  document.addEventListener("khabar:welcome", welcome);
  document.addEventListener("khabar:archive", changed);
  document.addEventListener("click", (event) => {
    const { target } = event;
    const link = target.closest("a[data-archive]");
    if (link && frame() && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.button) {
      event.preventDefault();
      const kind = link.dataset.archive;
      go(link.getAttribute("href"), { all: kind === "part" });
      if (kind === "page") $("#archive-body").scrollIntoView({ block: "start" });
    }
    if (target.closest("[data-remove]")) askRemoval(target.closest("[data-remove]").dataset.remove);
    if (target.closest("[data-restore]")) restore(target.closest("[data-restore]").dataset.restore);
  });
  document.addEventListener("input", ({ target }) => {
    const form = target.closest("form.narrow");
    if (form) follow(form, target.matches("[type=search], [type=text]") ? REST : 0);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.narrow")) return;
    event.preventDefault();
    follow(event.target, 0);
  });
}

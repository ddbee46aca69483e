// An article beside the answer that cites it; on a small screen over it. Closing leads back to where the reader was.

import * as conversation from "./conversation.js";
import * as filter from "./filter.js";
import { $, all, el, escape, fragment, icon, inEachLanguage, number, say, show } from "./kit.js";

const CROSS = "M5 5l10 10M15 5L5 15";
const UP = "M4 12.5l6-6 6 6";
const DOWN = "M4 7.5l6 6 6-6";
const small = matchMedia("(max-width: 60rem)");

let go = () => {};
// What is open: its places, those before and after it in the same answer, and what was left for it.
let shown = null;
// Whether the browser's Back closes it.
let pushed = false;

const panel = () => $("#reader");
export const isOpen = () => shown !== null;
export const isSheet = () => small.matches;

// Opens an article, at its quote where one is given. `from` is the element that was left; focus comes back to it.
function openArticle({ id, start = 0, end = 0, print = "", from = document.activeElement, place = null }) {
  const left = from?.closest("#reader") || !from ? shown?.left ?? {} : { element: from, scroll: scrollY };
  const opens = shown === null;
  const places = place ? placesOf(place) : [];
  // Whoever steps on by keyboard stays on the button.
  const steps = document.activeElement?.dataset.step;
  shown = { id, start, end, print, place, places, left };
  draw();
  if (opens) uncover();
  ($(`[data-step="${steps}"]:enabled`, panel()) ?? $(".page", panel())).focus({ preventScroll: true });
  return load();
}

// Opens what an element tells in its data.
export const openElement = (element, from = element) => openArticle({ ...element.dataset, id: element.dataset.article, from, place: placed(element) });

// The place of a quote among the sources of its answer: where an element is, or else what opens the same words.
const placed = (element) =>
  element.closest(".other, .evidence") ??
  all(".evidence", element.closest(".sources") ?? el("<p></p>")).find(({ dataset }) => dataset.article === element.dataset.article) ??
  null;

const inOrder = (element) => {
  const [, citation, other] = element.id.match(/source-(\d+)(?:-also-(\d+))?$/);
  return Number(citation) * 1000 + Number(other ?? 0);
};

const placesOf = (place) => all(".evidence, .other", place.closest(".sources")).sort((one, other) => inOrder(one) - inOrder(other));

function draw() {
  const { place, places } = shown;
  const at = places.indexOf(place);
  const told = places.length > 1 ? say("page_reader.place", { place: number(at + 1), all: number(places.length) }) : "";
  const step = (name, drawing, to) => icon(drawing, say(`page_reader.${name}`), `data-step="${name}" ${places[to] ? "" : "disabled"}`);
  const steps = places.length > 1 ? `${step("previous", UP, at - 1)}<p class="at" role="status">${escape(told)}</p>${step("next", DOWN, at + 1)}` : "";
  panel().setAttribute("aria-label", say("page_reader.panel"));
  const close = icon(CROSS, say("page_reader.close"), "data-close");
  panel().innerHTML = `<div class="bar"><div class="steps">${steps}</div>${close}</div><div class="page" tabindex="-1"></div>`;
  // The words that were quoted are in sight before the article is there.
  const words = place?.querySelector(".passage")?.cloneNode(true);
  $(".page", panel()).append(el(`<p class="hint" role="status">${escape(say("page_reader.loading"))}</p>`), ...(words ? [words] : []));
}

async function load() {
  const mine = shown;
  const page = $(".page", panel());
  let html;
  try {
    html = await fragment(`page/article/${encodeURIComponent(mine.id)}?start=${mine.start}&end=${mine.end}&print=${mine.print}`);
  } catch (error) {
    if (mine === shown) $(".hint", page).textContent = say(error.status === 0 ? "page_reader.unreachable" : "page_shell.failed");
    return;
  }
  if (mine !== shown) return;
  if (!html.includes("reader-title")) {
    // It is gone; what the answer keeps of it stays.
    $(".hint", page).replaceWith(el(html));
    return;
  }
  page.innerHTML = html;
  if (document.activeElement === page) $("#reader-title").focus({ preventScroll: true });
  $("mark.quoted", page)?.scrollIntoView({ block: "center" });
  const around = await fragment(`page/article/${encodeURIComponent(mine.id)}/around`).catch(() => "");
  if (mine === shown) $(".around", page).innerHTML = around;
}

const step = (by) => {
  const next = shown.places[shown.places.indexOf(shown.place) + by];
  if (next) openElement(next, null);
};

// Coming and going

function uncover() {
  panel().hidden = false;
  document.body.classList.add("reading");
  putOutOfReach();
  if (!isSheet()) return;
  // The browser's Back closes a sheet.
  history.pushState({ reader: true }, "");
  pushed = true;
}

function cover() {
  const { left } = shown;
  shown = null;
  panel().hidden = true;
  panel().replaceChildren();
  document.body.classList.remove("reading");
  putOutOfReach();
  return left;
}

// What lies under a sheet is out of reach; beside a panel it is not, also where a phone was turned meanwhile.
function putOutOfReach() {
  all("#khabar > :not(#reader, dialog)").forEach((part) => (part.inert = shown !== null && isSheet()));
}

// Closes, and leads back to the element that was left.
export function close() {
  if (!shown) return;
  if (pushed) history.back(); // which ends in goesBack
  else comeBack(cover());
}

// Closes for something else that takes the focus.
export function giveWay() {
  if (!shown) return;
  cover();
  if (pushed) history.replaceState(null, "");
  pushed = false;
}

// Tells whether the browser's Back was about the article: then it is closed, and the page stays where it is.
export function goesBack() {
  if (!shown || !pushed) return Boolean(history.state?.reader); // forward again, to what is closed by now
  pushed = false;
  comeBack(cover());
  return true;
}

function comeBack({ element, scroll }) {
  if (!element?.isConnected) return;
  scrollTo({ top: scroll, behavior: "instant" });
  element.focus({ preventScroll: true });
  show(element, "nearest");
}

// Asking about it

async function askWithin(choice) {
  if (!conversation.isShown()) await go("");
  if (isSheet()) giveWay();
  await filter.choose(choice);
  $("#box").focus();
}

const plain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button);

export function start(navigate) {
  go = navigate;
  document.addEventListener("click", (event) => {
    const { target } = event;
    // Beside the sheet, of which the page under it takes no click.
    if (shown && isSheet() && !target.closest("#reader, #toasts, dialog")) {
      close();
      return;
    }
    const opens = target.closest("a[data-article], button[data-article]");
    if (opens && plain(event)) {
      event.preventDefault();
      openElement(opens);
    }
    if (!shown) return;
    if (target.closest("#reader [data-close]")) close();
    const steps = target.closest("#reader [data-step]");
    if (steps) step(steps.dataset.step === "next" ? 1 : -1);
    const within = target.closest("#reader [data-within]");
    if (within) askWithin(JSON.parse(within.dataset.within));
    if (isSheet() && target.closest("#reader :is([data-question], [data-fill])")) giveWay();
  });
  small.addEventListener("change", putOutOfReach);
  document.addEventListener("keydown", (event) => {
    if (!shown || event.defaultPrevented || event.isComposing) return;
    // What is open over the page closes first.
    if (event.key !== "Escape" || event.target.closest("dialog, .menu, #filter-panel, #filter-button")) return;
    event.preventDefault();
    close();
  });
  inEachLanguage(() => {
    if (!shown) return;
    draw();
    load();
  });
}

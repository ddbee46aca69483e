// Days up to today that one button of the filter chooses, told in three calendars; today is the browser's, also after midnight.

import { $, all, language } from "./kit.js";

const CALENDARS = {
  ar: ["gregory", "islamic-umalqura", "persian"], fa: ["persian", "gregory", "islamic-umalqura"], en: ["gregory", "persian", "islamic-umalqura"],
};
const LOCALES = { ar: "ar", fa: "fa", en: "en-GB" };
const DIGITS = { ar: "latn", fa: "arabext", en: "latn" };
const panel = () => $("#filter-panel");

const written = (calendar, parts) => new Intl.DateTimeFormat(LOCALES[language()], { calendar, numberingSystem: DIGITS[language()], ...parts });

// At noon, where no change of clocks moves a day.
function daysBack(count) {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - count, 12);
}

const iso = (day) => [day.getFullYear(), day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

// A day as it is typed: in Persian as its readers reckon.
function typed(day) {
  if (language() !== "fa") return iso(day);
  const parts = written("persian", { year: "numeric", month: "numeric", day: "numeric" }).formatToParts(day);
  return ["year", "month", "day"].map((name) => parts.find(({ type }) => type === name).value).join("/");
}

const boundsOf = (button) => [daysBack(Number(button.dataset.days) - 1), daysBack(0)];
const fields = () => [$("[name=since]", panel()), $("[name=until]", panel())];

const isChosen = (button) =>
  boundsOf(button).every((day, at) => [iso(day), typed(day)].includes(fields()[at].value.trim()));

function tell(bounds) {
  const [first, last] = bounds;
  const ranges = CALENDARS[language()].map((calendar) =>
    written(calendar, { day: "numeric", month: "long", year: "numeric" }).formatRange(first, last),
  );
  $("#filter-told").replaceChildren(
    ...ranges.map((range) => Object.assign(document.createElement("li"), { textContent: range, dir: document.documentElement.dir })),
  );
}

// Which button holds is read off the fields, which change in other ways too.
function mark() {
  if (!panel()) return;
  const buttons = all("[data-days]", panel());
  buttons.forEach((button) => button.setAttribute("aria-pressed", isChosen(button)));
  const pressed = buttons.find(isChosen);
  if (pressed) tell(boundsOf(pressed));
  else $("#filter-told").replaceChildren();
}

function choose(button) {
  const values = isChosen(button) ? ["", ""] : boundsOf(button).map(typed);
  fields().forEach((field, at) => (field.value = values[at]));
  fields()[1].dispatchEvent(new Event("change", { bubbles: true }));
}

export function start() {
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("#filter-panel [data-days]");
    if (button) choose(button);
    if (target.closest("#filter-button")) mark();
  });
  document.addEventListener("change", ({ target }) => {
    if (target.closest("#filter-panel") || target.name === "page-language") mark();
  });
  document.addEventListener("reset", () => setTimeout(mark));
}

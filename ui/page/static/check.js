// A maintainer's view: the fixed questions are chosen, asked and stopped; the run is looked at until it has ended.

import { $, all, call, fetched, fragment, headers, inEachLanguage, say, toast } from "./kit.js";

// Milliseconds between two looks at a run.
const LOOK = 700;
const AT_WORK = new Set(["running", "waiting"]);
let place = null;
let timer = null;
let unhear = () => {};

export async function enter(container) {
  place = container;
  unhear = inEachLanguage(draw);
  await drawn;
}

export function leave() {
  unhear();
  clearTimeout(timer);
  place = null;
}

let drawn = Promise.resolve();

function draw() {
  const here = place;
  drawn = fragment("page/check").then((html) => {
    if (here !== place) return;
    place.innerHTML = html;
    look();
  });
  return drawn;
}

const isAtWork = () => AT_WORK.has($(".run", place)?.dataset.state);

function look() {
  clearTimeout(timer);
  show();
  if (isAtWork()) timer = setTimeout(again, LOOK);
}

async function again() {
  const html = await fragment("page/check/now").catch(() => null);
  if (!place) return;
  if (html !== null) put(html);
  look();
}

function put(html) {
  $("#check-now", place).innerHTML = html;
}

function show() {
  const start = $("#check-sets [type=submit]", place);
  if (!start) return;
  start.disabled = isAtWork();
  $("#check-stop", place).hidden = !isAtWork();
}

async function begin() {
  const sets = all("[name=set]:checked", place).map(({ value }) => value);
  const body = JSON.stringify({ sets });
  const reply = await fetched("page/check", { method: "POST", headers: headers({ "Content-Type": "application/json" }), body }).catch(() => null);
  if (!reply) toast(say("page_shell.failed"), { urgent: true });
  else put(await reply.text());
  look();
}

export function start() {
  document.addEventListener("submit", (event) => {
    if (event.target.id !== "check-sets") return;
    event.preventDefault();
    begin();
  });
  document.addEventListener("click", ({ target }) => {
    if (target.id === "check-stop") call("DELETE", "page/check").catch(() => toast(say("page_shell.failed"), { urgent: true }));
  });
}

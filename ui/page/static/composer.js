// The box for a question: never busy, and nothing that was typed in it is lost.

import * as conversation from "./conversation.js";
import { $, all, escape, inEachLanguage, isTouch, number, say, toast } from "./kit.js";

const box = () => $("#box");
const listeners = new Set();
let most = 2000;
// The number of the turn whose question is being edited.
let since = null;

export const onType = (listener) => listeners.add(listener);
export const text = () => box().value;

export function fill(value, focus = false) {
  box().value = value;
  since = null;
  fit();
  tellFault("");
  if (focus && !isTouch()) box().focus({ preventScroll: true });
}

// A question that was not sent goes back; where something newer stands there, it is offered.
export function giveBack(question, status) {
  const key = { 409: "page_box.too_many", 503: "page_box.busy" }[status] ?? "page_box.not_sent";
  if (text() && text() !== question) offer(question);
  else put(question, say(key));
}

export function offer(question) {
  const run = () => put(text() ? `${question}\n${text()}` : question);
  toast(say("page_box.set_aside", { question: cut(question) }), { action: say("page_box.bring_back"), run, seconds: 0, urgent: true });
}

const MOST_TOLD = 80;
const cut = (question) => ([...question].length > MOST_TOLD ? `${[...question].slice(0, MOST_TOLD - 1).join("")}…` : question);

function put(value, fault = "") {
  fill(value, true);
  tellFault(fault);
  listeners.forEach((listener) => listener());
}

export function edit(question, number) {
  fill(question);
  since = number;
  box().focus();
  box().setSelectionRange(question.length, question.length);
}

function tellFault(told) {
  $("#composer-fault").innerHTML = told ? `<p role="alert" dir="auto">${escape(told)}</p>` : "";
}

// As high as its text, up to a third of the window.
function fit() {
  box().style.height = "auto";
  box().style.height = `${Math.min(box().scrollHeight + 2, innerHeight / 3)}px`;
}

export function showWorking() {
  $("#stop").hidden = !conversation.working().length;
}

function send() {
  const question = text().trim();
  if (!question) return;
  // As the server counts: by code points.
  const length = [...question].length;
  if (length > most) {
    tellFault(say("page_box.too_long", { count: number(length), most: number(most) }));
    return;
  }
  const options = { since };
  fill("");
  conversation.ask(question, options);
}

const questions = () => all("#conversation .question h2").map((asked) => asked.textContent);

// ArrowUp in an empty box brings the last question back, and again the one before it; ArrowDown goes the other way.
let recalled = 0;
function recall(step) {
  const asked = questions();
  const next = recalled + step;
  if (next < 0 || next > asked.length) return false;
  recalled = next;
  const value = next ? asked[asked.length - next] : "";
  fill(value);
  box().setSelectionRange(value.length, value.length);
  return true;
}

const isRecalled = () => recalled > 0 && text() === questions().at(-recalled);

function onKey(event) {
  const { key, shiftKey, isComposing } = event;
  if (isComposing) return;
  if (key === "Enter" && !shiftKey) {
    event.preventDefault();
    send();
  }
  if (!text() || !isRecalled()) recalled = isRecalled() ? recalled : 0;
  if ((key === "ArrowUp" && (!text() || isRecalled()) && recall(1)) || (key === "ArrowDown" && isRecalled() && recall(-1))) event.preventDefault();
}

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], dialog");

export function start(longest) {
  most = longest;
  inEachLanguage(() => (box().placeholder = say("page_box.placeholder")));
  box().addEventListener("keydown", onKey);
  box().addEventListener("input", () => {
    fit();
    tellFault("");
    listeners.forEach((listener) => listener());
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || isTyping(event.target) || !conversation.isShown()) return;
    event.preventDefault();
    box().focus();
  });
  document.addEventListener("click", ({ target }) => {
    if (target.closest("#send")) {
      send();
      if (!isTouch()) box().focus({ preventScroll: true });
    }
    if (target.closest("#stop")) conversation.stop();
  });
}

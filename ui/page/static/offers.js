// Questions that the page offers: examples before the first one, and follow-ups under the last answer.

import * as conversation from "./conversation.js";
import { $, all, call, el, escape, inEachLanguage, language, say } from "./kit.js";
import * as turns from "./turns.js";

// Milliseconds between two looks at examples that are still being looked for.
const REST = 5000;

const side = (tongue) => (tongue === "en" ? "ltr" : "rtl");

const button = (name, question, tongue) =>
  `<li><button type="button" class="${name}" lang="${tongue}" dir="${side(tongue)}" data-question="${escape(question)}">${escape(question)}</button></li>`;

// Examples

let timer = null;

async function showExamples() {
  clearTimeout(timer);
  const [list, wanted] = [$(".welcome .examples"), language()];
  if (!list) return;
  const offered = await call("GET", "page/examples").catch(() => null);
  if (!offered || !list.isConnected || wanted !== language()) return;
  const shown = offered.questions.map((each) => button("example", each.question, each.language)).join("");
  if (list.innerHTML !== shown) list.innerHTML = shown;
  if (offered.looking) timer = setTimeout(showExamples, REST);
}

// Follow-ups

const found = new Map();

async function showFollowups(turn) {
  const { turn: id } = turn.dataset;
  if (turn.querySelector(".followups")) return;
  if (!found.has(id)) {
    const asked = call("GET", `page/conversations/${conversation.current()}/turns/${id}/followups`);
    found.set(id, asked.catch(() => (found.delete(id), [])));
  }
  const questions = await found.get(id);
  // Meanwhile another question may have been asked, or another conversation opened.
  const now = last();
  if (!questions.length || now?.dataset.turn !== id || now.querySelector(".followups")) return;
  const tongue = now.querySelector(".answer")?.lang || now.querySelector("[lang]")?.lang || language();
  const items = questions.map((question) => button("followup", question, tongue)).join("");
  const block = el(`<div class="followups" aria-live="off"><p class="followups-name"></p><ul>${items}</ul></div>`);
  nameBlock(block);
  now.append(block);
}

const nameBlock = (block) => ($(".followups-name", block).textContent = say("page_offers.next"));

const last = () => all("#conversation > .turn").at(-1);

// Milliseconds after an answer until follow-ups are looked for: who asks on at once is not kept waiting by them.
const AFTER_ANSWER = 1500;
let looking = null;

// Turns come in numbers when a conversation is opened: only the last is looked at, when all are there.
function look() {
  clearTimeout(looking);
  const newest = last();
  all(".followups").filter((block) => block.closest(".turn") !== newest).forEach((block) => block.remove());
  looking = setTimeout(() => {
    if (last()?.dataset.state === "over") showFollowups(last());
  }, AFTER_ANSWER);
}

export function start() {
  document.addEventListener("khabar:welcome", showExamples);
  turns.onTurn(look);
  inEachLanguage(() => {
    showExamples();
    all(".followups").forEach(nameBlock);
  });
}

// Judging: right, wrong, or of a wrong source, with a note; changed, and taken back.

import * as conversation from "./conversation.js";
import { all, call, el, escape, say, toast } from "./kit.js";
import * as turns from "./turns.js";

// Characters of a note that the server takes.
const LONGEST_NOTE = 2000;

// What was said of the answers of the conversation that is shown, by turn.
let said = new Map();
let of = null;

const address = (turn) => `page/conversations/${conversation.current()}/turns/${turn.dataset.turn}/judgement`;
const judgingOf = (turn) => turn.querySelector(".judging");

async function load() {
  of = conversation.current();
  said = new Map();
  const asked = of;
  const found = await call("GET", `page/conversations/${asked}/judgements`).catch(() => null);
  if (!found || asked !== conversation.current()) return;
  said = new Map([...Object.entries(found.judgements), ...said]);
  all(".turn").forEach(draw);
}

function draw(turn) {
  const judging = judgingOf(turn);
  if (!judging) return;
  const judged = said.get(turn.dataset.turn);
  all("[data-verdict]", judging).forEach((button) => (button.ariaPressed = String(button.dataset.verdict === judged?.verdict)));
  const note = judging.querySelector(".note");
  if (!judged) note?.remove();
  else if (!note) judging.append(noteField(judged.note));
}

function noteField(text) {
  const button = (key, attributes) => `<button ${attributes}>${escape(say(key))}</button>`;
  const form = el(
    `<form class="note"><label><span class="name">${escape(say("page_judge.note"))}</span>` +
      `<textarea rows="2" maxlength="${LONGEST_NOTE}" dir="auto"></textarea></label><p class="ends">` +
      `${button("page_judge.keep", 'type="submit"')}${button("page_judge.remove", 'type="button" data-unjudge')}</p></form>`,
  );
  form.querySelector("textarea").value = text;
  return form;
}

async function judge(turn, verdict, note, told) {
  try {
    await call("PUT", address(turn), { verdict, note });
  } catch {
    toast(say("page_judge.not_kept"), { urgent: true, key: "judge" });
    return;
  }
  said.set(turn.dataset.turn, { verdict, note });
  draw(turn);
  if (told) toast(say("page_judge.kept"), { key: "judge", seconds: 3 });
}

async function unjudge(turn) {
  try {
    await call("DELETE", address(turn));
  } catch {
    toast(say("page_judge.not_kept"), { urgent: true, key: "judge" });
    return;
  }
  const { verdict } = said.get(turn.dataset.turn);
  said.delete(turn.dataset.turn);
  draw(turn);
  judgingOf(turn).querySelector(`[data-verdict="${verdict}"]`).focus();
  toast(say("page_judge.removed"), { key: "judge", seconds: 3 });
}

const noteOf = (turn) => judgingOf(turn).querySelector("textarea")?.value ?? "";

export function start() {
  turns.onTurn((turn) => {
    if (!judgingOf(turn)) return; // not answered yet: a new conversation may not even be known
    if (of !== conversation.current()) load();
    draw(turn);
  });
  document.addEventListener("click", ({ target }) => {
    const turn = target.closest(".judging")?.closest(".turn");
    if (!turn) return;
    const verdict = target.closest("[data-verdict]")?.dataset.verdict;
    // A second click on what was chosen takes it back.
    if (verdict && said.get(turn.dataset.turn)?.verdict === verdict) unjudge(turn);
    else if (verdict) judge(turn, verdict, noteOf(turn), false);
    if (target.closest("[data-unjudge]")) unjudge(turn);
  });
  document.addEventListener("submit", (event) => {
    const turn = event.target.closest(".judging .note")?.closest(".turn");
    if (!turn) return;
    event.preventDefault();
    judge(turn, said.get(turn.dataset.turn).verdict, noteOf(turn), true);
  });
}

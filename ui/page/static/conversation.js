// The view of a conversation: opened by its address, asked, stopped, edited, and kept as it is left.

import * as composer from "./composer.js";
import * as filter from "./filter.js";
import { $, all, announce, call, el, newId, remember, remembered, say } from "./kit.js";
import * as side from "./side.js";
import * as turns from "./turns.js";

// Milliseconds after the last letter before a draft is kept.
const REST = 400;

let id = null;
let isNew = true;
let list = null;
let welcome = "";
let go = () => {};

export const current = () => id;
export const isShown = () => list !== null && list.isConnected;

export function prepare(start, navigate) {
  welcome = start.welcome;
  go = navigate;
}

// Opens the conversation of an address, or a new one without any.
export async function enter(container, wanted) {
  const came = (id = wanted ?? newId());
  isNew = !wanted;
  container.replaceChildren(el('<div class="opening"></div>'), el('<div class="conversation" id="conversation" role="log" aria-live="polite"></div>'));
  list = $("#conversation");
  document.body.classList.add("asking");
  if (isNew) {
    $(".opening").innerHTML = welcome;
    document.dispatchEvent(new CustomEvent("khabar:welcome"));
    composer.fill(remembered("khabar.draft") ?? "", true);
    side.mark(null);
    return;
  }
  side.mark(id);
  const found = await call("GET", `page/conversations/${id}`);
  if (came !== id) return; // another was opened meanwhile
  document.title = found.title ? `${found.title} · Khabar` : document.title;
  found.turns.forEach((turn) => turns.put(list, turn));
  if (!found.turns.length) $(".opening").innerHTML = welcome;
  composer.fill(found.draft, true);
  await filter.choose(found.filter);
  all(".turn", list).filter((turn) => !turns.hasEnded(turn)).forEach(({ dataset }) => turns.follow(id, dataset.turn, list));
  const last = list.lastElementChild;
  if (last && !location.hash) last.scrollIntoView({ block: "start" });
}

export function leave() {
  keepDraft.now();
  turns.unfollow();
  document.body.classList.remove("asking");
  document.title = "Khabar · خبر";
  list = null;
}

// Asks a question. It is shown at once; where it cannot be sent it goes back into the box.
export function ask(question, { chosen = filter.choice(), since = null } = {}) {
  const [conversation, place, turn] = [id, list, newId()];
  $(".opening").replaceChildren();
  turns.putAsked(place, turn, question, place.children.length + 1);
  if (isNew) {
    isNew = false;
    remember("khabar.draft", null);
    go(`c/${id}`, { silent: true });
  }
  sending = sending.then(() => send(conversation, place, turn, { id: turn, question, filter: chosen, since }));
  return sending;
}

// One after the other, so that questions keep their order.
let sending = Promise.resolve();

async function send(conversation, place, turn, body) {
  try {
    const shown = await call("POST", `page/conversations/${conversation}/turns`, body);
    turns.put(place, shown);
    side.refresh();
    turns.follow(conversation, turn, place).then(ended);
  } catch (error) {
    if (error.status === 0) {
      turns.reconnecting();
      await turns.pause(1000);
      if (place.isConnected) return send(conversation, place, turn, body);
    }
    $(`[data-turn="${turn}"]`, place)?.remove();
    composer.giveBack(body.question, error.status);
  }
  return null;
}

const ended = () => {
  side.refresh();
  refreshStatus();
};

export async function refreshStatus() {
  const told = await call("GET", "page/status").catch(() => null);
  if (told) $("#status").innerHTML = told.status;
}

export function working() {
  return list ? all(".turn", list).filter((turn) => !turns.hasEnded(turn)) : [];
}

// Stops the question at work and those behind it; shown at once, whatever the server takes.
export async function stop() {
  const [conversation, place] = [id, list];
  for (const turn of working().reverse()) {
    turn.dataset.state = "stopped";
    turn.setAttribute("aria-busy", "false");
    composer.showWorking();
    const stopped = await call("POST", `page/conversations/${conversation}/turns/${turn.dataset.turn}/stop`).catch(() => null);
    if (stopped) turns.put(place, stopped);
  }
}

async function retry(turn) {
  const [conversation, place] = [id, list];
  const again = await call("POST", `page/conversations/${conversation}/turns/${turn.dataset.turn}/retry`);
  turns.put(place, again);
  turns.follow(conversation, again.id, place).then(ended);
}

const question = (turn) => turn.querySelector(".question h2").textContent;
const place = (turn) => Number(turn.id.slice("turn-".length));

// The draft and the filter are kept as they are left.
function keepLater() {
  let timer = null;
  const keep = () => {
    clearTimeout(timer);
    if (timer === null || !id) return;
    timer = null;
    if (isNew) {
      remember("khabar.draft", composer.text() || null);
      return;
    }
    call("PATCH", `page/conversations/${id}`, { draft: composer.text(), filter: filter.choice() }, { keepalive: true }).catch(() => null);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, REST);
  };
  later.now = keep;
  return later;
}

const keepDraft = keepLater();

export function start() {
  composer.onType(keepDraft);
  filter.onChoice(keepDraft);
  addEventListener("pagehide", () => keepDraft.now());
  turns.onTurn((turn, { state }) => {
    composer.showWorking();
    if (state === "over" && turn.isConnected) announce(say("page_turn.answered"));
  });
  document.addEventListener("click", ({ target }) => {
    const turn = target.closest(".turn");
    if (target.closest("[data-retry]")) retry(turn);
    if (target.closest("[data-unfiltered]")) ask(question(turn), { chosen: { outlets: [], languages: [], since: null, until: null } });
    if (target.closest("[data-edit]")) composer.edit(question(turn), place(turn));
  });
}

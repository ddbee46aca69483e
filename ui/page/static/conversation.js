// The view of a conversation: opened by its address, asked, stopped, edited, and kept as it is left.

import * as composer from "./composer.js";
import * as filter from "./filter.js";
import { $, all, announce, call, el, newId, remember, remembered, say, toast } from "./kit.js";
import { waits } from "./reach.js";
import * as side from "./side.js";
import * as turns from "./turns.js";

// Milliseconds after the last letter before a draft is kept.
const REST = 400;
// Bytes of a request that a browser still sends when its page is closed, less what stands around a draft.
const MOST_KEPT_ALIVE = 60_000;

let id = null;
let isNew = true;
let list = null;
// The number of the entry: what an earlier one brings later is dropped.
let entry = 0;
// Until it is there, what stands in the box is not all that will stand in it.
let isLoading = false;
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
  const own = (entry += 1);
  id = wanted ?? newId();
  isNew = !wanted;
  isLoading = !isNew;
  // Nothing of what is there already is read out; what comes to it is.
  container.replaceChildren(el('<div class="opening"></div>'), el('<div class="conversation" id="conversation" role="log" aria-live="off"></div>'));
  list = $("#conversation");
  document.body.classList.add("asking");
  side.mark(wanted);
  if (isNew) showWelcome();
  composer.fill(isNew ? remembered("khabar.draft") ?? "" : "", true);
  const found = isNew ? null : await opened(id);
  if (own !== entry) return;
  if (found) fill(found);
  setTimeout(() => own === entry && list.setAttribute("aria-live", "polite"));
  await filter.choose(found ? found.filter : chosenLast());
}

// One whose first question is still on its way is not there yet.
const opened = (wanted) =>
  call("GET", `page/conversations/${wanted}`).catch((error) => {
    if (error.status !== 404 || !unsentOf(wanted).length) throw error;
    return { title: "", turns: [], draft: "", filter: chosenLast() };
  });

function fill(found) {
  document.title = found.title ? `${found.title} · Khabar` : document.title;
  isLoading = false;
  // What was asked while it was on its way stands at the end.
  const asked = [...list.children];
  found.turns.forEach((turn) => list.append(turns.put(list, turn)));
  asked.filter(({ dataset }) => !found.turns.some((turn) => turn.id === dataset.turn)).forEach((turn) => list.append(turn));
  unsentOf(id).filter((question) => !turns.shown(list, question.id)).forEach(putAsked);
  if (!list.children.length) showWelcome();
  if (composer.text()) composer.fill(found.draft ? `${found.draft}\n${composer.text()}` : composer.text());
  else composer.fill(found.draft, true);
  // What was typed meanwhile was not kept yet.
  if (composer.text() !== found.draft) keepDraft();
  composer.showWorking();
  working().forEach(({ dataset }) => unsent.has(dataset.turn) || follow(id, dataset.turn, list));
  const last = list.lastElementChild;
  if (last && !location.hash) last.scrollIntoView({ block: "start" });
}

function showWelcome() {
  $(".opening").innerHTML = welcome;
  document.dispatchEvent(new CustomEvent("khabar:welcome"));
}

// The filter that was chosen last is that of new conversations.
function chosenLast() {
  try {
    return JSON.parse(remembered("khabar.filter"));
  } catch {
    return null; // no filter of this page's
  }
}

export function leave() {
  keepDraft.now();
  turns.unfollow();
  entry += 1;
  document.body.classList.remove("asking");
  document.title = "Khabar · خبر";
  list = null;
}

// Asking

// Questions that the server has not got yet, by their ids, with what is to become of them.
const unsent = new Map();
const unsentOf = (conversation) => [...unsent.values()].filter((question) => question.conversation === conversation);

// Asks a question. It is shown at once; where it cannot be sent it goes back into the box.
export function ask(question, { chosen = filter.choice(), since = null } = {}) {
  const asked = { conversation: id, id: newId(), question, filter: chosen, since, isFirst: isNew, isStopped: false };
  unsent.set(asked.id, asked);
  $(".opening").replaceChildren();
  putAsked(asked);
  if (isNew) {
    isNew = false;
    remember("khabar.draft", null);
    go(`c/${id}`, { silent: true });
  }
  // What breaks in one is told as any other fault, and holds up none of those behind it.
  sending = sending.then(() => send(asked)).catch((error) => void Promise.reject(error));
  return sending;
}

// Shown as working until the server tells more; what was stopped already stays so.
function putAsked({ id: turn, question, isStopped }) {
  turns.putAsked(list, turn, question, list.children.length + 1);
  if (isStopped) showStopped(turns.shown(list, turn));
}

function showStopped(turn) {
  turn.dataset.state = "stopped";
  turn.setAttribute("aria-busy", "false");
  composer.showWorking();
}

// One after the other, so that questions keep their order.
let sending = Promise.resolve();

const listOf = (conversation) => (conversation === id && isShown() ? list : null);
const path = (conversation, turn = "") => `page/conversations/${conversation}/turns${turn && `/${turn}`}`;

async function send(asked, between = waits()) {
  const { conversation, id: turn, question, filter: chosen, since } = asked;
  let shown;
  try {
    shown = await call("POST", path(conversation), { id: turn, question, filter: chosen, since });
  } catch (error) {
    if (error.status === 0) return between.rest().then(() => send(asked, between));
    unsent.delete(turn);
    giveBack(asked, error.status);
    return null;
  }
  unsent.delete(turn);
  // What was stopped on its way is stopped where it has come to.
  if (asked.isStopped) shown = (await call("POST", `${path(conversation, turn)}/stop`).catch(() => null)) ?? shown;
  if (asked.isFirst) keepFilter(conversation);
  const place = listOf(conversation);
  side.refresh();
  if (!place) return null;
  turns.put(place, shown);
  follow(conversation, turn, place);
  return null;
}

function follow(conversation, turn, place) {
  turns.follow(conversation, turn, place).then(() => {
    if (!place.isConnected) return;
    side.refresh();
    refreshStatus();
  });
}

// A new conversation is there from its first question on; what was chosen before is told it then.
function keepFilter(conversation) {
  if (conversation === id && !filter.isEmpty(filter.choice())) call("PATCH", `page/conversations/${conversation}`, { filter: filter.choice() }).catch(() => null);
}

// A question that was not sent goes back to where it was typed.
function giveBack({ conversation, id: turn, question }, status) {
  const place = listOf(conversation);
  if (place) {
    turns.shown(place, turn)?.remove();
    composer.showWorking();
    composer.giveBack(question, status);
  } else keepAsDraft(conversation, question);
}

// Where its conversation was left meanwhile it waits there, before what stands in its box.
async function keepAsDraft(conversation, question) {
  try {
    const { draft } = await call("GET", `page/conversations/${conversation}`);
    await call("PATCH", `page/conversations/${conversation}`, { draft: draft ? `${question}\n${draft}` : question });
    toast(say("page_box.kept_as_draft"), { urgent: true, action: say("page_box.bring_back"), run: () => go(`c/${conversation}`) });
  } catch {
    composer.offer(question);
  }
}

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
    showStopped(turn);
    const asked = unsent.get(turn.dataset.turn);
    if (asked) {
      asked.isStopped = true;
      continue;
    }
    const stopped = await call("POST", `${path(conversation, turn.dataset.turn)}/stop`).catch(() => null);
    if (stopped && place.isConnected) turns.put(place, stopped);
  }
}

async function retry(turn) {
  const [conversation, place] = [id, list];
  try {
    const again = await call("POST", `${path(conversation, turn.dataset.turn)}/retry`);
    if (!place.isConnected) return;
    turns.put(place, again);
    follow(conversation, again.id, place);
  } catch (error) {
    toast(say(error.status === 503 ? "page_box.busy" : "page_shell.failed"), { urgent: true, key: "retry" });
  }
}

const question = (turn) => turn.querySelector(".question h2").textContent;
const place = (turn) => Number(turn.id.slice("turn-".length));

// The draft and the filter are kept as they are left.
function keepLater() {
  let timer = null;
  const keep = () => {
    clearTimeout(timer);
    if (timer === null || !id || isLoading) return;
    timer = null;
    if (isNew) {
      remember("khabar.draft", composer.text() || null);
      return;
    }
    const kept = { draft: composer.text(), filter: filter.choice() };
    const keepalive = new Blob([JSON.stringify(kept)]).size < MOST_KEPT_ALIVE;
    call("PATCH", `page/conversations/${id}`, kept, { keepalive }).catch(() => null);
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
  filter.onChoice(() => {
    remember("khabar.filter", filter.isEmpty(filter.choice()) ? null : JSON.stringify(filter.choice()));
    keepDraft();
  });
  addEventListener("pagehide", () => keepDraft.now());
  // What has not been sent would be lost.
  addEventListener("beforeunload", (event) => unsent.size && event.preventDefault());
  turns.onTurn((turn, { state }, wasAtWork) => {
    composer.showWorking();
    if (state === "over" && wasAtWork) announce(say("page_turn.answered"));
  });
  document.addEventListener("click", ({ target }) => {
    const turn = target.closest(".turn");
    if (target.closest("[data-retry]")) retry(turn);
    if (target.closest("[data-unfiltered]")) ask(question(turn), { chosen: { outlets: [], languages: [], since: null, until: null } });
    if (target.closest("[data-edit]")) composer.edit(question(turn), place(turn));
  });
}

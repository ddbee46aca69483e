// The turns of a conversation: each one's own HTML, followed until it has ended, also over a server that goes away and comes back.

import { announce, call, el, fetched, headers, say, show, toast } from "./kit.js";
import { morph } from "./morph.js";

// Milliseconds between two tries to reach a server that is away.
const FIRST_WAIT = 300;
const LONGEST_WAIT = 5000;
const ENDED = new Set(["over", "stopped", "failed"]);

export const hasEnded = (turn) => ENDED.has(turn.dataset.state);

const listeners = new Set();
// Hears of each turn that has changed.
export const onTurn = (listener) => listeners.add(listener);

export function put(list, turn) {
  const wanted = el(turn.html);
  const shown = list.querySelector(`[data-turn="${CSS.escape(turn.id)}"]`);
  if (shown) morph(shown, wanted);
  else list.append(wanted);
  const now = shown?.isConnected ? shown : list.querySelector(`[data-turn="${CSS.escape(turn.id)}"]`);
  // What is told of another conversation's turn, since its list was left, would be taken for this one's.
  if (now.isConnected) listeners.forEach((listener) => listener(now, turn));
  return now;
}

// Shown at once, before the server has heard of it.
export function putAsked(list, id, question, number) {
  const turn = el(
    `<article class="turn" id="turn-${number}" data-turn="${id}" data-state="waiting" aria-busy="true" dir="auto"><div class="asked">` +
      `<div class="question" dir="auto"><h2></h2></div></div><div class="notice working"><p></p></div></article>`,
  );
  turn.querySelector("h2").textContent = question;
  turn.querySelector(".working p").textContent = say("page_turn.sent");
  list.append(turn);
  requestAnimationFrame(() => show(turn, "start"));
  listeners.forEach((listener) => listener(turn, { id, state: "waiting" }));
}

const following = new Map();

// Follows a turn to its end; `list` is where it is shown, until another conversation takes its place.
export function follow(conversation, id, list) {
  if (following.has(id)) return following.get(id).done;
  const leaving = new AbortController();
  const done = followed(conversation, id, list, leaving.signal).finally(() => following.delete(id));
  following.set(id, { leaving, done });
  return done;
}

export function unfollow() {
  following.forEach(({ leaving }) => leaving.abort());
}

async function followed(conversation, id, list, signal) {
  const path = `page/conversations/${conversation}/turns/${id}/events`;
  let wait = FIRST_WAIT;
  while (!signal.aborted) {
    try {
      for await (const turn of events(path, signal)) {
        wait = FIRST_WAIT;
        reconnected();
        put(list, turn);
        if (ENDED.has(turn.state)) return;
      }
    } catch (error) {
      if (signal.aborted || error.status === 404) return;
    }
    reconnecting();
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT);
    // After a restart nobody answers it until its conversation is opened.
    await call("GET", `page/conversations/${conversation}`).catch(() => null);
  }
}

async function* events(path, signal) {
  const reply = await fetched(path, { headers: headers(), signal });
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) if (part.startsWith("data: ")) yield JSON.parse(part.slice("data: ".length));
  }
}

export const pause = (milliseconds, signal) =>
  new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });

// Until the server is back, a message says that it is away.
let away = null;

export function reconnecting() {
  away ??= toast(say("page_shell.reconnecting"), { seconds: 0, urgent: true, key: "away" });
}

export function reconnected() {
  if (!away) return;
  away();
  away = null;
  announce(say("page_shell.reconnected"));
}

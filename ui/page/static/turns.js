// The turns of a conversation: each one's own HTML, followed until it has ended, also over a server that goes away and comes back.

import { call, el, fetched, headers, say, show } from "./kit.js";
import { morph } from "./morph.js";
import { waits } from "./reach.js";

const ENDED = new Set(["over", "stopped", "failed"]);

export const hasEnded = (turn) => ENDED.has(turn.dataset.state);

const listeners = new Set();
// Hears of each turn that is shown or has changed, and of one that was at work until now, that it was.
export const onTurn = (listener) => listeners.add(listener);

export const shown = (list, id) => list.querySelector(`[data-turn="${CSS.escape(id)}"]`);

export function put(list, turn) {
  const wanted = el(turn.html);
  const before = shown(list, turn.id);
  const wasAtWork = Boolean(before) && !hasEnded(before);
  if (before) morph(before, wanted);
  else list.append(wanted);
  const now = before?.isConnected ? before : shown(list, turn.id);
  // What is told of another conversation's turn, since its list was left, would be taken for this one's.
  if (now.isConnected) listeners.forEach((listener) => listener(now, turn, wasAtWork));
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
  listeners.forEach((listener) => listener(turn, { id, state: "waiting" }, false));
}

const following = new Map();

// Follows a turn to its end; `list` is where it is shown, until another conversation takes its place.
export function follow(conversation, id, list) {
  if (following.has(id)) return following.get(id).done;
  const own = { leaving: new AbortController() };
  following.set(id, own);
  own.done = followed(conversation, id, list, own.leaving.signal).finally(() => following.get(id) === own && following.delete(id));
  return own.done;
}

// Whoever comes back follows anew, whether or not what was left has ended by then.
export function unfollow() {
  following.forEach(({ leaving }) => leaving.abort());
  following.clear();
}

async function followed(conversation, id, list, signal) {
  const path = `page/conversations/${conversation}/turns/${id}/events`;
  const between = waits(signal);
  while (!signal.aborted) {
    try {
      for await (const turn of events(path, signal)) {
        if (signal.aborted) return;
        between.renew();
        put(list, turn);
        if (ENDED.has(turn.state)) return;
      }
    } catch (error) {
      // A fault of the page's own would be the same with each try.
      if (error.status === undefined) throw error;
      // What is refused, because it is gone or the session has ended, is not to be had by asking again.
      if (signal.aborted || (error.status >= 400 && error.status < 500 && error.status !== 429)) return;
    }
    await between.rest();
    if (!signal.aborted) await takenUp(conversation);
  }
}

// After a restart nobody answers a question until its conversation is opened: once, for all its turns that are followed.
const opening = new Map();

function takenUp(conversation) {
  if (!opening.has(conversation)) {
    const opened = call("GET", `page/conversations/${conversation}`).catch(() => null);
    opening.set(conversation, opened.finally(() => opening.delete(conversation)));
  }
  return opening.get(conversation);
}

// A line that breaks is as one that could not be had.
const lost = (cause) => {
  throw Object.assign(new Error("unreachable", { cause }), { status: 0 });
};

async function* events(path, signal) {
  const reply = await fetched(path, { headers: headers(), signal });
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch(lost);
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) if (part.startsWith("data: ")) yield JSON.parse(part.slice("data: ".length));
  }
}

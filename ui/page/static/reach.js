// Whether the server can be reached: one part of the page asks, and all that wait for it go on together.

import { announce, fetched, headers, say, toast } from "./kit.js";

// Milliseconds between two tries.
const FIRST_WAIT = 300;
const LONGEST_WAIT = 5000;
const waitAfter = (wait) => Math.min(wait * 2, LONGEST_WAIT);

// Ends early where the browser has its network back, or what waits is left.
export const pause = (milliseconds, signal) =>
  new Promise((done) => {
    const timer = setTimeout(end, milliseconds);
    function end() {
      clearTimeout(timer);
      removeEventListener("online", end);
      signal?.removeEventListener("abort", end);
      done();
    }
    addEventListener("online", end);
    signal?.addEventListener("abort", end);
  });

// The waits between tries of the same thing: each is longer than the one before, and over once the server answers. What
// fails while the server answers is so not tried without an end at once.
export function waits(signal) {
  let next = FIRST_WAIT;
  return {
    async rest() {
      const wait = next;
      next = waitAfter(next);
      await pause(wait, signal);
      if (!signal?.aborted) await reached();
    },
    // After a try that came through.
    renew: () => (next = FIRST_WAIT),
  };
}

let asking = null;

// Resolves once the server answers, at once where it does.
function reached() {
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

async function ask() {
  let away = null;
  for (let wait = FIRST_WAIT; !(await answers()); wait = waitAfter(wait)) {
    // Until the server is back, a message says that it is away.
    away ??= toast(say("page_shell.reconnecting"), { seconds: 0, urgent: true, key: "away" });
    await pause(wait);
  }
  if (!away) return;
  away();
  announce(say("page_shell.reconnected"));
}

// Whatever it answers, it is there.
const answers = () => fetched("page/status", { headers: headers(), cache: "no-store" }).then(() => true, ({ status }) => status > 0);

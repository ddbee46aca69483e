// The page: starts its parts, and shows at each address what belongs there.

import * as archive from "./archive.js";
import * as cards from "./cards.js";
import * as check from "./check.js";
import * as composer from "./composer.js";
import * as conversation from "./conversation.js";
import * as filter from "./filter.js";
import * as judge from "./judge.js";
import { $, call, keepSecret, loadTexts, say, startLanguage, toast } from "./kit.js";
import * as offers from "./offers.js";
import * as presets from "./presets.js";
import { pause, waits } from "./reach.js";
import * as reader from "./reader.js";
import * as share from "./share.js";
import * as shell from "./shell.js";
import * as side from "./side.js";

startLanguage();

// A view has the first part of its address as its name; the rest of the address is for the view.
const VIEWS = { "": conversation, c: conversation, archive, check };
const HOME = new URL(".", document.baseURI);
let shown = null;
// The number of what was opened last: what goes wrong with an earlier one later is nobody's matter any more.
let latest = 0;

async function open(address, between = waits()) {
  const own = (latest += 1);
  const [name, rest] = address.replace(/\?.*/, "").split("/");
  const view = VIEWS[name] ?? VIEWS[""];
  reader.giveWay();
  shown?.leave();
  shown = view;
  try {
    delete $("#view").dataset.shown;
    await view.enter($("#view"), rest || null);
    if (own === latest) $("#view").dataset.shown = VIEWS[name] ? name : "";
  } catch (error) {
    if (own !== latest) return;
    if (error.status === 404) {
      toast(say("page_shell.gone"), { urgent: true });
      go("", { replace: true });
    } else if (error.status === 0) {
      await between.rest();
      if (own === latest) await open(address, between);
    } else if (error.status === undefined) throw error;
    else if (error.status !== 401) toast(say("page_shell.failed"), { urgent: true });
  }
}

const addressNow = () => location.pathname.slice(HOME.pathname.length);

// Goes to an address; `silent` where what belongs there is shown already.
export function go(address, { silent = false, replace = false } = {}) {
  const there = new URL(address || ".", HOME);
  if (replace || there.pathname === location.pathname) history.replaceState(null, "", there);
  else history.pushState(null, "", there);
  return silent ? null : open(address);
}

const ask = (question, chosen) => {
  if (!conversation.isShown()) go("");
  conversation.ask(question, chosen ? { chosen } : {});
};

function listen() {
  addEventListener("popstate", () => reader.goesBack() || open(addressNow()));
  document.addEventListener("khabar:ask", ({ detail }) => ask(detail.question, detail.filter));
  document.addEventListener("click", (event) => {
    const offered = event.target.closest("[data-question]");
    if (offered) ask(offered.dataset.question);
    const filled = event.target.closest("[data-fill]");
    if (filled) {
      if (!conversation.isShown()) go("");
      composer.fill(filled.dataset.fill, true);
    }
    if (event.target.closest("#new")) go("");
    const link = event.target.closest("a[data-view]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link.dataset.view);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("a.skip")) return;
    event.preventDefault();
    (conversation.isShown() ? $("#box") : $("#view")).focus();
  });
}

// The last to hear of Escape: what is open closes first, and by itself.
const OPEN = ":popover-open, dialog[open]";

function stopByEscape() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || $(OPEN)) return;
    if (!conversation.working().length) return;
    event.preventDefault();
    conversation.stop();
  });
}

async function begin() {
  const [begun] = await Promise.all([patiently(() => call("GET", "page/start")), patiently(loadTexts)]);
  if (!begun.kept) {
    keepSecret(begun.secret);
    toast(say("page_shell.no_cookies"));
  }
  filter.fill(begun.filter);
  $("#status").innerHTML = begun.status;
  $("#report").innerHTML = begun.report;
  conversation.prepare(begun, go);
  composer.start(Number($("#khabar").dataset.maxQuestion));
  side.start(go);
  reader.start(go);
  [shell, presets, archive, cards, filter, conversation, offers, share, judge, check].forEach((part) => part.start(begun));
  listen();
  stopByEscape();
  await open(addressNow());
  side.refresh();
  document.documentElement.dataset.ready = "yes";
}

// A server that is being restarted is waited for.
async function patiently(wanted) {
  for (;;) {
    try {
      return await wanted();
    } catch (error) {
      if (error.status !== 0) throw error;
      await pause(500);
    }
  }
}

// Gradio puts the shell into the page when it is ready.
const arrival = new MutationObserver(() => {
  if (!$("#khabar")) return;
  arrival.disconnect();
  begin();
});
if ($("#khabar")) begin();
else arrival.observe(document.documentElement, { childList: true, subtree: true });

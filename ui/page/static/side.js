// The list of conversations: found, renamed, pinned, deleted and brought back.

import * as conversation from "./conversation.js";
import { $, all, call, el, escape, icon, inEachLanguage, say, toast } from "./kit.js";

const DRAWINGS = {
  more: "M5 10h.01M10 10h.01M15 10h.01",
  pin: "M10 12v5M6 12h8l-1.5-2.5V4h1M7 4h6.5M7.5 4v5.5z",
};
const WAIT = 200;
let go = () => {};
let found = [];
let open = null;
// The number of the last request: what an earlier one brings later is dropped.
let latest = 0;

export async function refresh() {
  const own = (latest += 1);
  const words = $("#side-find").value.trim();
  const reply = await call("GET", `page/conversations?find=${encodeURIComponent(words)}`).catch(() => null);
  if (!reply || own !== latest) return;
  found = reply.conversations;
  draw();
}

export function mark(id) {
  open = id;
  all("#conversations [aria-current]").forEach((old) => old.removeAttribute("aria-current"));
  $(`#conversations [data-id="${id}"] a`)?.setAttribute("aria-current", "page");
}

// Whoever has a menu open, or types a name, is not disturbed: the list is drawn when that has ended.
const isInUse = () => $("#conversations .menu, #conversations .rename") !== null;

function draw() {
  if (isInUse()) return;
  const focus = placeOfFocus();
  $("#conversations").replaceChildren(...found.map(row));
  focus()?.focus({ preventScroll: true });
  const searching = $("#side-find").value.trim();
  $("#side-empty").hidden = found.length > 0;
  $("#side-empty").textContent = say(searching ? "page_side.none_found" : "page_side.empty");
  mark(open);
}

// Returns what finds the same place after the list was drawn again: the link or the button of the same conversation.
function placeOfFocus() {
  const item = document.activeElement?.closest("#conversations li");
  if (!item) return () => null;
  const part = document.activeElement.matches("[data-more]") ? "[data-more]" : "a";
  return () => $(`#conversations [data-id="${item.dataset.id}"] ${part}`);
}

function row({ id, title, pinned }) {
  const name = icon(DRAWINGS.more, say("page_side.actions", { title }), 'data-more aria-haspopup="menu" aria-expanded="false"');
  const pin = pinned ? `<svg class="pinned" viewBox="0 0 20 20" aria-hidden="true"><path d="${DRAWINGS.pin}"/></svg>` : "";
  return el(
    `<li data-id="${id}" data-pinned="${pinned}"><a href="c/${id}" data-view="c/${id}" dir="auto">${pin}${escape(title)}</a>${name}</li>`,
  );
}

const ACTIONS = {
  rename,
  pin: (item) => change(item, { pinned: item.dataset.pinned !== "true" }),
  delete: remove,
};

function menu(item) {
  closeMenu();
  const pinned = item.dataset.pinned === "true";
  const entry = (action, key) => `<button type="button" role="menuitem" data-action="${action}">${escape(say(key))}</button>`;
  item.append(el(`<div class="menu" role="menu">${entry("rename", "page_side.rename")}${entry("pin", pinned ? "page_side.unpin" : "page_side.pin")}${entry("delete", "page_side.delete")}</div>`));
  $("[data-more]", item).setAttribute("aria-expanded", "true");
  $(".menu", item).scrollIntoView({ block: "nearest" });
  $(".menu button", item).focus({ preventScroll: true });
}

// Tells whether one was open: what has come in meanwhile is drawn then.
function closeMenu() {
  const opened = all("#conversations .menu");
  opened.forEach((old) => {
    const door = $("[data-more]", old.parentElement);
    door.setAttribute("aria-expanded", "false");
    if (old.contains(document.activeElement)) door.focus({ preventScroll: true });
    old.remove();
  });
  return opened.length > 0;
}

async function change(item, what) {
  await call("PATCH", `page/conversations/${item.dataset.id}`, what).catch(() => toast(say("page_shell.failed"), { urgent: true }));
  await refresh();
}

function rename(item) {
  const link = $("a", item);
  const field = el(`<input class="rename" maxlength="200" dir="auto" aria-label="${escape(say("page_side.new_name"))}">`);
  field.value = link.textContent;
  link.hidden = true;
  link.after(field);
  field.select();
  let ended = false;
  const end = async (kept) => {
    if (ended) return;
    ended = true;
    const title = field.value.trim();
    // Whoever left the field for elsewhere stays there.
    const stays = document.activeElement === field;
    field.remove();
    if (kept && title && title !== link.textContent) await change(item, { title });
    else draw();
    if (stays) $(`#conversations [data-id="${item.dataset.id}"] a`)?.focus();
  };
  field.addEventListener("blur", () => end(true));
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    end(event.key === "Enter");
  });
}

async function remove(item) {
  const { id } = item.dataset;
  try {
    await call("DELETE", `page/conversations/${id}`);
  } catch {
    toast(say("page_shell.failed"), { urgent: true });
    return;
  }
  const undo = async () => {
    try {
      await call("POST", `page/conversations/${id}/restore`);
    } catch {
      toast(say("page_shell.failed"), { action: say("page_side.undo"), run: undo, urgent: true });
      return;
    }
    await refresh();
    go(`c/${id}`);
  };
  toast(say("page_side.deleted"), { action: say("page_side.undo"), run: undo });
  await refresh();
  if (conversation.current() === id) go("");
}

export const toggle = (opened) => {
  document.body.classList.toggle("side-open", opened);
  $("#side-button").setAttribute("aria-expanded", String(opened));
  if (opened) $("#side-find").focus({ preventScroll: true });
};

export function start(navigate) {
  go = navigate;
  let timer = null;
  $("#side-find").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, WAIT);
  });
  inEachLanguage(() => {
    $("#side-find").placeholder = say("page_side.find");
    draw();
  });
  document.addEventListener("click", ({ target }) => {
    const item = target.closest("#conversations li");
    const action = target.closest("#conversations [data-action]")?.dataset.action;
    if (target.closest("[data-more]") && item && !$(".menu", item)) return menu(item);
    const closed = closeMenu();
    if (action) ACTIONS[action](item);
    else if (closed) draw();
    if (target.closest("#side-button")) toggle(!document.body.classList.contains("side-open"));
    else if (!target.closest("#side") || target.closest("#side a")) toggle(false);
    return null;
  });
  document.addEventListener("keydown", (event) => {
    const opened = $("#conversations .menu");
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape" && document.body.classList.contains("side-open") && !opened) {
      event.preventDefault();
      toggle(false);
      $("#side-button").focus();
    }
    if (!opened) return;
    const entries = all("button", opened);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      entries.at((entries.indexOf(document.activeElement) + step) % entries.length).focus();
    }
    if (event.key === "Escape") {
      event.preventDefault();
      closeMenu();
      draw();
    }
  });
}

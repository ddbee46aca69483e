// The menu of language and theme, what answers behind its button, and the end of a session.

import { $, all, el, LANGUAGES, language, remember, remembered, say, setLanguage, toast } from "./kit.js";

const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const THEMES = ["light", "dark"];
// What was chosen here, where the browser keeps nothing; "" is the browser's own.
const chosen = { language: "", theme: "" };

const one = (value, known) => (known.includes(value) ? value : "");

function showTheme() {
  const dark = chosen.theme ? chosen.theme === "dark" : system.matches;
  root.dataset.theme = dark ? "dark" : "light";
  // Gradio has a class of its own for it, and sets it as the browser is.
  if (document.body.classList.contains("dark") !== dark) document.body.classList.toggle("dark", dark);
}

function setTheme(theme) {
  chosen.theme = theme;
  remember("khabar.theme", theme || null);
  showTheme();
}

function choose({ target }) {
  if (target.name === "page-theme") setTheme(target.value);
  if (target.name === "page-language") {
    chosen.language = target.value;
    setLanguage(target.value || null);
  }
}

function showChosen() {
  all("[name=page-language]").forEach((radio) => (radio.checked = radio.value === chosen.language));
  all("[name=page-theme]").forEach((radio) => (radio.checked = radio.value === chosen.theme));
}

function read() {
  chosen.language = one(remembered("khabar.language"), LANGUAGES);
  chosen.theme = one(remembered("khabar.theme"), THEMES);
}

// Another tab has chosen: this one follows.
function follow({ key }) {
  if (key !== "khabar.language" && key !== "khabar.theme") return;
  read();
  showChosen();
  showTheme();
  if (chosen.language && chosen.language !== language()) setLanguage(chosen.language);
}

// A popover is placed by its button: below one at the top of the window, above one at its foot.
function place(event) {
  const opened = event.target;
  if (event.newState !== "open" || !opened.matches?.("#settings, #about")) return;
  const button = $(`[popovertarget="${opened.id}"]`).getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  const below = button.top < innerHeight / 2;
  Object.assign(opened.style, {
    top: below ? `${button.bottom + 6}px` : "auto",
    bottom: below ? "auto" : `${innerHeight - button.top + 6}px`,
    maxHeight: `${(below ? innerHeight - button.bottom : button.top) - 18}px`,
  });
  const width = opened.offsetWidth;
  const start = root.dir === "rtl" ? button.right - width : button.left;
  opened.style.left = `${Math.max(8, Math.min(start, room - width - 8))}px`;
}

// Whoever is logged out keeps what stands in the box; the way back is offered.
function loggedOut() {
  if (!$("#khabar").dataset.login) return;
  const back = location.pathname.slice(new URL(".", document.baseURI).pathname.length);
  const run = () => location.assign(new URL(`login?next=${encodeURIComponent(back)}`, document.baseURI));
  toast(say("page_login.ended"), { action: say("page_login.again"), run, seconds: 0, urgent: true, key: "login" });
}

export function start() {
  read();
  showChosen();
  showTheme();
  new MutationObserver(showTheme).observe(document.body, { attributeFilter: ["class"] });
  system.addEventListener("change", showTheme);
  addEventListener("storage", follow);
  document.addEventListener("change", choose);
  document.addEventListener("toggle", place, true);
  document.addEventListener("khabar:logged-out", loggedOut);
}

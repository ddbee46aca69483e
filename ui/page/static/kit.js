// What all parts of the page share: its texts in three languages, requests, small pieces of HTML, and messages.

export const LANGUAGES = ["ar", "fa", "en"];
const root = document.documentElement;
const texts = {};
const listeners = new Set();
// Where a browser takes no cookies, the secret by which conversations are kept lives as long as the page.
let secret = null;

export const keepSecret = (given) => (secret = given);

// Texts

export async function loadTexts() {
  const address = import.meta.url.replace(/[^/]*$/, "texts.json");
  Object.assign(texts, await (await fetched(address)).json());
}

export const language = () => root.lang;

export const say = (key, gaps = {}) => {
  const text = texts[language()]?.[key];
  if (text === undefined) throw new Error(`there is no text '${key}'`);
  return text.replace(/\{(\w+)\}/g, (_, gap) => gaps[gap]);
};

// In Persian with Persian digits, elsewhere with those of the rest of the page.
const digits = () => (language() === "fa" ? "fa" : "en");
export const number = (value) => new Intl.NumberFormat(digits()).format(value);
export const percent = (share) => new Intl.NumberFormat(digits(), { style: "percent" }).format(share);

// A number with what it counts, in the form that it asks for; a language has the forms that it needs, the others read as its "other".
export const counted = (noun, value) => {
  const form = `count_${noun}.${new Intl.PluralRules(language()).select(value)}`;
  return say(form in texts[language()] ? form : `count_${noun}.other`, { number: number(value) });
};

const stored = (name) => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // a browser that keeps nothing
  }
};

export const remember = (name, value) => {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // It holds until the page is closed.
  }
};

export const remembered = stored;

const browsers = () => navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LANGUAGES.includes(tag)) ?? "en";

export const startLanguage = () => showLanguage(LANGUAGES.includes(stored("khabar.language")) ? stored("khabar.language") : browsers());

const showLanguage = (chosen) => {
  root.lang = chosen;
  root.dir = chosen === "en" ? "ltr" : "rtl";
};

export const setLanguage = (chosen) => {
  remember("khabar.language", chosen);
  showLanguage(chosen ?? browsers());
  listeners.forEach((listener) => listener());
};

// Called at once, and again when the reader changes the language.
export const inEachLanguage = (listener) => {
  listeners.add(listener);
  listener();
  return () => listeners.delete(listener);
};

// Requests

export const headers = (more = {}) => ({
  "X-Khabar": "page", "X-Khabar-Language": language(), ...(secret ? { "X-Khabar-Visitor": secret } : {}), ...more,
});

export async function call(method, path, body, options = {}) {
  const given = body === undefined ? {} : { body: JSON.stringify(body) };
  const reply = await fetched(path, { method, headers: headers(body === undefined ? {} : { "Content-Type": "application/json" }), ...given, ...options });
  return reply.status === 204 ? null : reply.json();
}

export const fragment = async (path) => (await fetched(path, { headers: headers() })).text();

export async function fetched(path, options) {
  let reply;
  try {
    reply = await fetch(path, options);
  } catch (cause) {
    throw Object.assign(new Error("unreachable", { cause }), { status: 0 });
  }
  if (reply.ok) return reply;
  const told = await reply.json().catch(() => ({}));
  if (isAway(reply.status, told)) throw Object.assign(new Error("unreachable"), { status: 0 });
  if (reply.status === 401) loggedOut();
  throw Object.assign(new Error(told.error?.problem ?? reply.statusText), { status: reply.status, ...told.error });
}

// Whoever has no session any more is told so, and led back.
export const loggedOut = () => document.dispatchEvent(new CustomEvent("khabar:logged-out"));

// A proxy answers in the place of a server that is away.
const isAway = (status, told) => [502, 504].includes(status) || (status === 503 && !told.error);

export const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
};

// HTML

export const $ = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

export const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export const el = (html) => {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
};

// A button of an icon, named for screen readers and on hovering.
export const icon = (drawing, name, attributes = "") =>
  `<button type="button" class="icon" aria-label="${escape(name)}" title="${escape(name)}" ${attributes}><svg viewBox="0 0 20 20" aria-hidden="true"><path d="${drawing}"/></svg></button>`;

export const isTouch = () => !matchMedia("(hover: hover)").matches;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
export const show = (element, block) => element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });

// Messages

export const announce = (text) => ($("#announced").textContent = text);

// A message at the edge of the page, with something that can be done about it; an urgent one is read out at once.
export function toast(text, { action = null, run = null, seconds = 8, urgent = false, key = "" } = {}) {
  if (key) all(`#toasts [data-key="${key}"]`).forEach((old) => old.remove());
  const button = action ? `<button type="button">${escape(action)}</button>` : "";
  const message = el(`<div class="toast" data-key="${escape(key)}" role="${urgent ? "alert" : "status"}" dir="auto"><p>${escape(text)}</p>${button}</div>`);
  const away = () => message.remove();
  message.querySelector("button")?.addEventListener("click", () => {
    away();
    run();
  });
  $("#toasts").append(message);
  if (seconds) setTimeout(away, seconds * 1000);
  return away;
}

// Taking along: answers and quotes to the clipboard with their sources, answers and conversations as files, and the print.

import * as conversation from "./conversation.js";
import { call, el, escape, fetched, headers, language, say, toast } from "./kit.js";

// The forms of files: documents, and the sources alone as references for other programs.
const DOCUMENTS = { docx: "page_export.docx", markdown: "page_export.markdown", html: "page_export.html" };
const REFERENCES = { csl: "page_export.csl", bibtex: "page_export.bibtex", ris: "page_export.ris" };

const turnOf = (element) => element.closest(".turn").dataset.turn;
const address = (turn) => `page/conversations/${conversation.current()}${turn ? `/turns/${turn}` : ""}`;

// The clipboard

async function copy(button) {
  const { quote, form } = button.dataset;
  const told = call("GET", `${address(turnOf(button))}/copy${quote ? `?quote=${quote}` : ""}`);
  const forms = told.then((copied) => (form ? { plain: copied[form] } : { plain: copied.plain, rich: copied.rich }));
  try {
    await write(forms, !form);
    toast(say("page_share.copied"), { key: "share", seconds: 3 });
  } catch {
    const text = await forms.then(({ plain }) => plain, () => null);
    if (text === null) toast(say("page_shell.failed"), { urgent: true, key: "share" });
    else offer(text);
  }
}

// Some browsers take a text only while the click is handled: they are given the promise of one.
async function write(forms, isRich) {
  if (!navigator.clipboard?.write) return writeTheOldWay(await forms);
  const part = (name, type) => forms.then((found) => new Blob([found[name]], { type }));
  const parts = { "text/plain": part("plain", "text/plain"), ...(isRich ? { "text/html": part("rich", "text/html") } : {}) };
  return navigator.clipboard.write([new ClipboardItem(parts)]);
}

// Over plain http from another machine a browser has no other way.
function writeTheOldWay({ plain, rich }) {
  let done = false;
  const put = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    event.clipboardData.setData("text/plain", plain);
    if (rich) event.clipboardData.setData("text/html", rich);
    done = true;
  };
  addEventListener("copy", put, { capture: true, once: true });
  document.execCommand("copy");
  removeEventListener("copy", put, { capture: true });
  if (!done) throw new Error("refused");
}

// Where the clipboard is refused, the text stands there selected.
function offer(text) {
  const box = el(
    `<dialog class="offered" dir="auto"><form method="dialog"><p>${escape(say("page_share.refused"))}</p>` +
      `<textarea readonly rows="8" dir="auto" aria-label="${escape(say("page_share.text"))}"></textarea>` +
      `<div class="ends"><button>${escape(say("page_share.close"))}</button></div></form></dialog>`,
  );
  const field = box.querySelector("textarea");
  field.value = text;
  document.getElementById("khabar").append(box);
  box.addEventListener("close", () => box.remove());
  box.showModal();
  field.focus();
  field.select();
}

// What is copied by hand: a selection carries the source of each quote that it touches.

function carry(event) {
  const selection = getSelection();
  if (selection.isCollapsed || event.target.closest?.("textarea, input")) return;
  const ranges = Array.from({ length: selection.rangeCount }, (_, place) => selection.getRangeAt(place));
  const sources = unique(ranges.flatMap(sourcesIn));
  if (!sources.length) return;
  event.preventDefault();
  const lines = sources.map(({ cite, link }) => (link ? `${cite}\n${link}` : cite));
  event.clipboardData.setData("text/plain", [selection.toString().trim(), ...lines].join("\n\n"));
  event.clipboardData.setData("text/html", `${ranges.map(cleaned).join("")}${sources.map(lineOf).join("")}`);
}

const lineOf = ({ cite, citeLanguage, link }) => {
  const there = link ? ` <a href="${escape(link)}"><bdi>${escape(link)}</bdi></a>` : "";
  return `<p lang="${citeLanguage}" dir="${citeLanguage === "en" ? "ltr" : "rtl"}">${escape(cite)}${there}</p>`;
};

const unique = (sources) => [...new Map(sources.map((source) => [source.cite, source])).values()];

// The sources of the words in a range: of the quote they stand in, or of the markers behind them.
function sourcesIn(range) {
  const elements = textsIn(range).flatMap((text) => {
    const quote = text.parentElement.closest("[data-cite]");
    return quote ? [quote] : markedIn(text.parentElement.closest(".value, .sentences, .turn .line"), range);
  });
  return [...new Set(elements)].map(({ dataset }) => dataset);
}

function textsIn(range) {
  const root = range.commonAncestorContainer;
  if (root.nodeType === Node.TEXT_NODE) return [root];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT, (text) =>
    range.intersectsNode(text) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT,
  );
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  return texts.filter((text) => selectedOf(text, range).trim() && (text.parentElement.checkVisibility?.() ?? true));
}

function selectedOf(text, range) {
  const start = text === range.startContainer ? range.startOffset : 0;
  const end = text === range.endContainer ? range.endOffset : text.length;
  return text.data.slice(start, end);
}

// The markers of a sentence stand behind it: those in the range count, and the first one after it.
function markedIn(block, range) {
  if (!block) return [];
  const chips = [...block.querySelectorAll("a.chip")];
  const within = chips.filter((chip) => range.intersectsNode(chip));
  const after = chips.find((chip) => range.comparePoint(chip, 0) > 0);
  const followed = block.matches(".sentences") && after ? [after] : [];
  const found = [...(within.length ? within : block.matches(".value") ? chips : []), ...followed];
  return found.flatMap((chip) => document.getElementById(chip.hash.slice(1))?.querySelector("[data-cite]") ?? []);
}

// A range as HTML for elsewhere: without buttons, in one language, its markers plain text.
function cleaned(range) {
  const copied = document.createElement("div");
  copied.append(range.cloneContents());
  copied.querySelectorAll("button, svg, form, .tools, .unseen").forEach((part) => part.remove());
  copied.querySelectorAll(".spoken > span").forEach((text) => text.lang === language() || text.remove());
  copied.querySelectorAll("a.chip").forEach((chip) => chip.replaceWith(chip.textContent));
  copied.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
  return copied.outerHTML;
}

// Files

async function save(button) {
  const whole = button.closest(".exports").querySelector('[data-which="conversation"]').ariaPressed === "true";
  const path = `${address(whole ? null : turnOf(button))}/export?as=${button.dataset.export}`;
  try {
    const reply = await fetched(path, { headers: headers() });
    const name = decodeURIComponent(reply.headers.get("Content-Disposition").split("filename*=UTF-8''")[1]);
    download(await reply.blob(), name);
    close(button.closest(".exporting"), true);
  } catch {
    toast(say("page_share.not_saved"), { urgent: true, key: "share" });
  }
}

function download(content, name) {
  const link = el("<a hidden></a>");
  link.href = URL.createObjectURL(content);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const opened = () => document.querySelector(".exports")?.closest(".exporting");

function open(exporting) {
  const door = exporting.querySelector("[data-exports]");
  const references = door.dataset.cited === "true" ? formsHtml("page_export.references", REFERENCES) : "";
  const which = tool("page_export.answer", 'data-which="answer" aria-pressed="true"') + tool("page_export.conversation", 'data-which="conversation" aria-pressed="false"');
  exporting.append(
    el(
      `<div class="exports"><p class="which">${which}</p>${formsHtml("page_export.document", DOCUMENTS)}${references}` +
        `<p>${tool("page_export.print", "data-print")}</p></div>`,
    ),
  );
  door.ariaExpanded = "true";
  exporting.querySelector("[data-which]").focus({ preventScroll: true });
}

const tool = (key, attributes) => `<button type="button" class="tool" ${attributes}>${escape(say(key))}</button>`;

const formsHtml = (title, forms) => {
  const buttons = Object.entries(forms).map(([form, key]) => tool(key, `data-export="${form}"`));
  return `<p class="forms"><span class="name">${escape(say(title))}</span>${buttons.join("")}</p>`;
};

function close(exporting, refocus = false) {
  exporting.querySelector(".exports").remove();
  const door = exporting.querySelector("[data-exports]");
  door.ariaExpanded = "false";
  if (refocus) door.focus();
}

function choose(button) {
  button.parentElement.querySelectorAll("[data-which]").forEach((one) => (one.ariaPressed = String(one === button)));
}

export function start() {
  document.addEventListener("copy", carry);
  document.addEventListener("click", ({ target }) => {
    const exporting = target.closest(".exporting");
    const wasOpen = opened();
    if (wasOpen && wasOpen !== exporting) close(wasOpen);
    if (target.closest("[data-exports]")) (exporting === wasOpen ? close : open)(exporting);
    const button = target.closest("[data-copy], [data-export], [data-which], [data-print]");
    if (!button) return;
    if (button.dataset.copy) copy(button);
    if (button.dataset.export) save(button);
    if (button.dataset.which) choose(button);
    if ("print" in button.dataset) print();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !opened()) return;
    event.preventDefault();
    close(opened(), true);
  });
}

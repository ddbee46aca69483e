// Files on their way into the archive: chosen or dropped, sent one by one, read by the indexer, with a line for each.

import { $, all, announce, call, counted, el, escape, headers, loggedOut, number, percent, say, toast } from "./kit.js";

const AT_ONCE = 3;
const POLL = 500;
// Seconds before files are sent on that were too many, where it is not told, and at the most.
const HOLD = 5;
const LONGEST_HOLD = 60;
// Lines of files that came in well; those of refused ones stay all.
const MOST_LINES = 60;
const CHECKED_AT_ONCE = 400;

const CROSS = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M6 6l8 8M14 6l-8 8"/></svg>';

// Polls without any news after which what a server still owes is given up: it lost the file, or was moved.
const PATIENCE = 40;

let last = null; // the number of the last outcome that was heard
let run = null; // which run of the server counts so
let quiet = 0;
const early = new Map(); // outcomes that came before the answer to what was sent
let watching = false;
let restore = () => {};
const undoable = new Set();
const waiting = [];
const sent = new Map(); // by the name that the server gave it
const running = new Set();
let held = null; // the timer of a time in which nothing is sent
let counts = { all: 0, done: 0, refused: 0 };

// The panel

const panel = () => {
  if ($("#incoming")) return $("#incoming");
  const made = el(
    `<section id="incoming" aria-labelledby="incoming-name"><div class="top"><h2 id="incoming-name"></h2>` +
      `<button type="button" class="quiet stop"></button><button type="button" class="icon away">${CROSS}</button></div>` +
      `<p class="told"></p><progress max="100" value="0"></progress><p class="stage"></p><ol></ol></section>`,
  );
  $(".stop", made).addEventListener("click", cancel);
  $(".away", made).addEventListener("click", dismiss);
  $("#khabar").append(made);
  return made;
};

function update(stage = "") {
  const box = panel();
  const busy = waiting.length + running.size + sent.size > 0;
  $("h2", box).textContent = say("page_archive.incoming");
  const refused = counts.refused ? ` · ${say("page_archive.refused_told", { files: counted("file", counts.refused) })}` : "";
  const told = counts.all ? say("page_archive.incoming_told", { done: number(counts.done), of: number(counts.all) }) + refused : "";
  $(".told", box).textContent = told;
  $(".stage", box).textContent = stage;
  $("progress", box).hidden = !busy;
  $("progress", box).setAttribute("aria-label", say("page_archive.incoming"));
  $("progress", box).value = counts.all ? (100 * counts.done) / counts.all : 0;
  $(".stop", box).textContent = say("page_archive.cancel");
  $(".stop", box).hidden = !waiting.length && !running.size;
  $(".away", box).setAttribute("aria-label", say("page_archive.dismiss"));
  $(".away", box).hidden = busy;
}

function dismiss() {
  $("#incoming")?.remove();
  counts = { all: 0, done: 0, refused: 0 };
}

// A line: the file's name, and under it how it fares.
function line(name) {
  const made = el(`<li><p class="name"><bdi>${escape(name)}</bdi></p><p class="fate"></p></li>`);
  $("ol", panel()).append(made);
  return made;
}

function tell(file, kind, text, notes = []) {
  file.line ??= line(file.name);
  file.line.className = kind;
  $(".fate", file.line).textContent = text;
  all(".remark", file.line).forEach((note) => note.remove());
  notes.forEach(({ reason, remedy }) => file.line.append(el(`<p class="remark"><b>${escape(reason)}</b> <span>${escape(remedy)}</span></p>`)));
}

function finish(file, kind, text, notes) {
  counts.done += 1;
  if (kind === "refused") counts.refused += 1;
  tell(file, kind, text, notes);
  const fine = all("li.added", panel());
  if (kind === "refused") $("ol", panel()).prepend(file.line);
  else if (fine.length > MOST_LINES) fine[0].remove();
}

// Files that were chosen or dropped

async function take(files) {
  const seen = files.filter(({ name }) => !name.split("/").some((part) => part.startsWith(".")));
  if (seen.length < files.length) toast(say("page_archive.hidden_skipped", { files: counted("file", files.length - seen.length) }));
  if (!seen.length) return;
  counts.all += seen.length;
  update();
  await baseline();
  for (let start = 0; start < seen.length; start += CHECKED_AT_ONCE) await check(seen.slice(start, start + CHECKED_AT_ONCE));
  update();
  pump();
}

// What is refused by name and size need not be sent.
async function check(files) {
  const told = await call("POST", "page/archive/check", { files: files.map(({ name, file }) => ({ name, size: file.size })) }).catch(() => null);
  files.forEach((file, index) => {
    const refused = told?.refused[index];
    if (refused) finish(file, "refused", say("page_archive.refused"), [refused]);
    else waiting.push(file);
  });
}

function pump() {
  while (!held && waiting.length && running.size < AT_ONCE) send(waiting.shift());
  update();
}

function send(file) {
  const request = new XMLHttpRequest();
  running.add(file);
  file.request = request;
  tell(file, "sending", say("page_archive.sending"));
  request.open("PUT", `page/archive/upload?name=${encodeURIComponent(file.name)}`);
  Object.entries(headers({ "Content-Type": "application/octet-stream" })).forEach(([name, value]) => request.setRequestHeader(name, value));
  request.responseType = "json";
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    if (total) tell(file, "sending", `${say("page_archive.sending")} · ${percent(loaded / total)}`);
  });
  request.addEventListener("loadend", () => {
    running.delete(file);
    arrived(file, request);
    pump();
    watch();
  });
  request.send(file.file);
}

function arrived(file, request) {
  const told = request.response;
  if (request.status === 429) hold(file, Number(request.getResponseHeader("Retry-After")));
  else if (request.status === 200 && told.known_as) finish(file, "known", say("page_archive.known", { path: told.known_as }));
  else if (request.status === 200 && early.has(told.name)) {
    const { result, text, notes } = early.get(told.name);
    early.delete(told.name);
    finish(file, result, text, notes);
  } else if (request.status === 200) {
    sent.set(told.name, file);
    const renamed = told.name === file.name ? "" : ` · ${say("page_archive.renamed", { name: told.name })}`;
    tell(file, "received", say("page_archive.received") + renamed);
  } else if (told?.kind) finish(file, "refused", say("page_archive.refused"), [{ reason: told.error.problem, remedy: told.error.remedy }]);
  else {
    if (request.status === 401) loggedOut();
    const why = request.status === 401 ? "page_login.ended" : file.cancelled ? "page_archive.cancelled" : "page_archive.interrupted";
    const reason = say(why);
    finish(file, "refused", say("page_archive.refused"), [{ reason, remedy: say("page_archive.send_again") }]);
  }
}

// Too many came within a minute: this one goes back, and all wait as long as the server says.
function hold(file, seconds) {
  waiting.unshift(file);
  tell(file, "sending", say("page_archive.sending"));
  held ??= setTimeout(() => {
    held = null;
    if (waiting.length) pump();
  }, 1000 * Math.min(seconds || HOLD, LONGEST_HOLD));
}

function cancel() {
  const left = waiting.splice(0);
  left.forEach((file) => finish(file, "refused", say("page_archive.cancelled")));
  [...running].forEach((file) => {
    file.cancelled = true;
    file.request.abort();
  });
  update();
}

// What the indexer makes of them

// Outcomes from before this page was opened are none of its own.
export async function baseline() {
  if (last === null) ({ last, run } = await call("GET", "page/archive/work?after=-1").catch(() => ({ last: 0, run: null })));
}

export const undoes = (id) => undoable.add(id);

export async function watch() {
  if (watching) return;
  watching = true;
  try {
    await baseline();
    for (let told = await heard(); told; told = await heard()) await new Promise((done) => setTimeout(done, POLL));
  } finally {
    watching = false;
  }
}

// A server that is being restarted is waited for, and one that has too much to do; one that breaks, for a while; one that
// refuses will not tell more.
function notTold({ status }) {
  quiet = status >= 500 ? quiet + 1 : 0;
  return status === 0 || status === 429 || (status >= 500 && quiet <= PATIENCE) ? {} : null;
}

// Of what was sent and never told of nobody knows whether it came in.
function giveUp() {
  if (!sent.size) return;
  sent.forEach((file, name) => finish(file, "refused", say("page_archive_done.lost", { name })));
  sent.clear();
  update();
}

// Hears once; tells whether there may be more to hear.
async function heard() {
  const told = await call("GET", `page/archive/work?after=${last}`).catch(notTold);
  if (told === null) {
    giveUp();
    return false;
  }
  if (told.stage === undefined) return true;
  if (run !== null && run !== told.run) {
    [run, last] = [told.run, 0]; // another server, which counts anew
    return true;
  }
  [run, last] = [told.run, told.last];
  told.outcomes.forEach(outcome);
  const busy = told.stage !== "idle";
  if (busy || counts.all) update(told.told);
  quiet = busy || running.size || told.outcomes.length ? 0 : quiet + 1;
  if (quiet > PATIENCE) giveUp();
  if (told.outcomes.length) changed();
  if (!busy && !sent.size && $("#incoming") && !counts.all) dismiss();
  return busy || sent.size > 0;
}

function changed() {
  const added = say("page_archive.incoming_told", { done: number(counts.done), of: number(counts.all) });
  if (counts.all && !sent.size && !running.size) announce(added);
  document.dispatchEvent(new CustomEvent("khabar:archive"));
}

function outcome({ name, result, text, notes, article_id: id }) {
  const file = sent.get(name);
  if (result === "added" || result === "refused") {
    if (file) finish(file, result, text, notes);
    else if (running.size) early.set(name, { result, text, notes });
    sent.delete(name);
    return;
  }
  const undo = result === "withdrawn" && undoable.delete(id) ? { action: say("page_archive.put_back"), run: () => restore(id) } : {};
  toast(text, { key: "archive", urgent: result === "lost", ...undo });
  if (result === "lost") {
    sent.delete(name);
    if (file) finish(file, "refused", text);
  }
}

// Choosing and dropping

function choose(folder) {
  const input = el('<input type="file" multiple hidden>');
  if (folder) input.webkitdirectory = true;
  $("#khabar").append(input);
  input.addEventListener("change", () => {
    take([...input.files].map((file) => ({ file, name: file.webkitRelativePath || file.name })));
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  input.click();
}

// The files of what was dropped, folders with all that is in them.
async function filesIn(entry) {
  if (entry.isFile) {
    const file = await new Promise((done) => entry.file(done, () => done(null)));
    return file ? [{ file, name: entry.fullPath.replace(/^\//, "") }] : [];
  }
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (!some.length) return found;
    for (const child of some) found.push(...(await filesIn(child)));
  }
}

async function dropped(transfer) {
  // Taken at once: the browser empties the list after the event.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = [...transfer.files].map((file) => ({ file, name: file.name }));
  if (!entries.length) return take(files);
  const found = [];
  for (const entry of entries) found.push(...(await filesIn(entry)));
  return take(found);
}

const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");

function listenForDrops() {
  let depth = 0;
  const veil = (shown) => {
    depth = shown ? depth : 0;
    $("#drop")?.remove();
    if (shown) $("#khabar").append(el(`<div id="drop"><p>${say("page_archive.drop")}</p></div>`));
  };
  document.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    depth += 1;
    if (depth === 1) veil(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!holdsFiles(event)) return;
    depth -= 1;
    if (depth <= 0) veil(false);
  });
  document.addEventListener("dragover", (event) => holdsFiles(event) && event.preventDefault());
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    veil(false);
    dropped(event.dataTransfer);
  });
}

export function start(putBack) {
  restore = putBack;
  listenForDrops();
  document.addEventListener("click", ({ target }) => {
    const way = target.closest("[data-add]");
    if (way) choose(way.dataset.add === "folder");
  });
  // What has not been sent would be lost.
  addEventListener("beforeunload", (event) => (waiting.length || running.size) && event.preventDefault());
}

() => {
  const root = document.documentElement;
  const spoken = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => ["ar", "fa", "en"].includes(tag)) ?? "en";
  root.lang = spoken;
  root.dir = spoken === "en" ? "ltr" : "rtl";

  const box = () => document.querySelector("#question textarea");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const show = (element, block) => element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });

  // Passages that the reader opened or closed stay so while the conversation is drawn anew.
  const wanted = new Map();
  const open = (passage, state) => {
    wanted.set(passage.id, state);
    passage.open = state;
  };
  document.addEventListener("toggle", ({ target }) => {
    if (wanted.has(target.id)) target.open = wanted.get(target.id);
  }, true);

  document.addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    if (summary) wanted.set(summary.parentElement.id, !summary.parentElement.open);
    const chip = event.target.closest("a.chip, .also a");
    if (chip) {
      event.preventDefault();
      // A marker leads to a card, another outlet to its own words in that card.
      const found = document.getElementById(chip.hash.slice(1));
      const card = found.closest(".source");
      const words = found === card ? card.querySelector("details") : found;
      const door = found === card ? card : found.querySelector("summary");
      document.querySelectorAll(".source.found").forEach((other) => other.classList.remove("found"));
      card.classList.add("found");
      open(words, true);
      show(words.querySelector("mark") ?? card, "nearest");
      door.focus({ preventScroll: true });
    }
    // On a touch screen the keyboard would cover the answer.
    if (event.target.closest("#send, #new, #stop, [data-question]") && matchMedia("(hover: hover)").matches) box().focus({ preventScroll: true });
  });

  // The filter: a panel that the button beside the box opens, and what is chosen in it.
  const panel = () => document.getElementById("filter-panel");
  window.chosenFilter = () => {
    if (!panel()) return null;
    const fields = new FormData(panel());
    return {
      outlets: fields.getAll("outlet"), languages: fields.getAll("language"), since: fields.get("since"), until: fields.get("until"),
    };
  };
  const toggleFilter = (opened) => {
    if (!panel() || panel().hidden !== opened) return;
    panel().hidden = !opened;
    document.getElementById("filter-button").setAttribute("aria-expanded", opened);
    if (opened) panel().focus({ preventScroll: true });
  };
  const closeFilter = () => {
    toggleFilter(false);
    document.getElementById("filter-button").focus();
  };
  // As the index folds the outlets that it compares with.
  const neighbours = { "ی": "ي", "ى": "ي", "ک": "ك", "گ": "ك", "پ": "ب", "چ": "ج", "ژ": "ز", "ة": "ه" };
  const folded = (text) =>
    text.normalize("NFKD").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "").replace(/[یىکگپچژة]/g, (letter) => neighbours[letter]);

  document.addEventListener("click", ({ target }) => {
    if (target.closest("#filter-button")) toggleFilter(panel()?.hidden);
    if (target.closest("#send, [data-question]")) toggleFilter(false);
    if (target.closest("#filter-sign .clear")) {
      panel().reset();
      document.getElementById("filter-button").focus();
    }
    target.closest(".calendar")?.nextElementSibling.showPicker();
  });
  document.addEventListener("keydown", ({ key, shiftKey, target }) => {
    if (key === "Escape" && target.closest("#filter-panel, #filter-button")) closeFilter();
    if (key === "Enter" && !shiftKey && target.closest("#question")) toggleFilter(false);
  });
  document.addEventListener("submit", (event) => {
    if (event.target !== panel()) return;
    event.preventDefault();
    closeFilter();
  });
  const showOutlets = (typed) =>
    panel().querySelectorAll("[data-folded]").forEach((row) => (row.hidden = !row.dataset.folded.includes(folded(typed))));
  document.addEventListener("reset", () => showOutlets(""));
  document.addEventListener("input", ({ target }) => {
    if (target.matches("#filter-panel [type=search]")) showOutlets(target.value);
    if (target.matches("#filter-panel [type=date]")) {
      const field = target.parentElement.querySelector("[type=text]");
      field.value = target.value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });

  // A new question is brought to the top of the page, its answer grows below it.
  let turns = 0;
  new MutationObserver(() => {
    const found = document.querySelectorAll("#conversation .turn");
    // Two frames later the welcome above it is gone.
    if (found.length > turns) requestAnimationFrame(() => requestAnimationFrame(() => show(found[found.length - 1], "start")));
    turns = found.length;
    if (box() && box().dir !== "auto") box().dir = "auto";
  }).observe(document.body, { childList: true, subtree: true });
}

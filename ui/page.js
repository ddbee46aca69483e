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
    const chip = event.target.closest("a.chip");
    if (chip) {
      event.preventDefault();
      const card = document.getElementById(chip.hash.slice(1));
      document.querySelectorAll(".source.found").forEach((other) => other.classList.remove("found"));
      card.classList.add("found");
      open(card.querySelector("details"), true);
      show(card.querySelector("mark") ?? card, "nearest");
      card.focus({ preventScroll: true });
    }
    // On a touch screen the keyboard would cover the answer.
    if (event.target.closest("#send, #new, #stop, .example") && matchMedia("(hover: hover)").matches) box().focus({ preventScroll: true });
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

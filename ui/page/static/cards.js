// From a marker to its source: the card is brought into view, its passage opened.

import { show } from "./kit.js";

export function start() {
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("a.chip, .also a");
    if (!chip) return;
    event.preventDefault();
    // A marker leads to a card, another outlet to its own words in that card.
    const found = document.getElementById(chip.hash.slice(1));
    const card = found.closest(".source");
    const words = found === card ? card.querySelector("details") : found;
    const door = found === card ? card : found.querySelector("summary");
    document.querySelectorAll(".source.found").forEach((other) => other.classList.remove("found"));
    card.classList.add("found");
    words.open = true;
    show(words.querySelector("mark") ?? card, "nearest");
    door.focus({ preventScroll: true });
  });
}

// From a marker to its source: beside the answer to its card, whose passage is opened; on a small screen to the article.

import { show } from "./kit.js";
import { isOpen, isSheet, openElement } from "./reader.js";

// The marker that was left for a card.
let left = null;

function follow(chip) {
  // A marker leads to a quote in a card, another outlet to its own words there.
  const found = document.getElementById(chip.hash.slice(1));
  // An article that is open lies over the cards.
  if (isSheet() || isOpen()) {
    openElement(found, chip);
    return;
  }
  left = chip;
  document.querySelectorAll(".found").forEach((other) => other.classList.remove("found"));
  found.closest(".evidence").classList.add("found");
  const words = found.matches("details") ? found : found.querySelector("details");
  words.open = true;
  show(words.querySelector("mark") ?? found, "nearest");
  (found.matches("details") ? found.querySelector("summary") : found).focus({ preventScroll: true });
}

function comeBack() {
  left.focus({ preventScroll: true });
  show(left, "nearest");
  left = null;
}

export function start() {
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("a.chip, .also a");
    if (!chip) return;
    event.preventDefault();
    follow(chip);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !left?.isConnected || !event.target.closest(".sources")) return;
    event.preventDefault();
    comeBack();
  });
}

// New HTML into an element that is shown: what has not changed stays as it is, with its focus, its selection and what is open in it.

export function morph(shown, wanted) {
  if (shown.isEqualNode(wanted)) return;
  if (shown.nodeType !== Node.ELEMENT_NODE || shown.nodeName !== wanted.nodeName || shown.id !== wanted.id) {
    shown.replaceWith(wanted);
    return;
  }
  matchAttributes(shown, wanted);
  const old = [...shown.childNodes];
  const next = [...wanted.childNodes];
  next.forEach((child, place) => {
    if (place < old.length) morph(old[place], child);
    else shown.append(child);
  });
  old.slice(next.length).forEach((child) => child.remove());
}

// A passage that the reader has opened or closed stays so.
const OWN = new Set(["open"]);

function matchAttributes(shown, wanted) {
  for (const { name } of [...shown.attributes]) if (!wanted.hasAttribute(name) && !OWN.has(name)) shown.removeAttribute(name);
  for (const { name, value } of wanted.attributes)
    if (shown.getAttribute(name) !== value && !(OWN.has(name) && shown.nodeName === "DETAILS")) shown.setAttribute(name, value);
}

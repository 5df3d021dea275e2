// What is copied of the page's numbers can be pasted into a program.

const PLACES = "[data-readout], td[data-value]";
const MINUS = "\u2212";

/** A number, selected or in focus, gives all its digits; other text has minus signs that a program reads. */
export function copyNumbers(event) {
  const text = copiedText(document.getSelection());
  if (text === null) return;
  event.clipboardData.setData("text/plain", text);
  event.preventDefault();
}

function copiedText(selection) {
  if (selection.isCollapsed) return valueOf(document.activeElement?.closest(PLACES));
  const text = selection.toString();
  const ends = [selection.anchorNode, selection.focusNode];
  const places = ends.map(placeAround).filter((place) => place && isAll(place, ends, text));
  if (places.length) return valueOf(places[0]);
  const isOurs = text.includes(MINUS) && ends.some((node) => elementOf(node).closest(".app"));
  return isOurs ? text.replaceAll(MINUS, "-") : null;
}

/** Whether a place holds the whole selection; three clicks end it where the next element begins. */
function isAll(place, ends, text) {
  return ends.every((node) => place.contains(node)) || place.textContent.trim() === text.trim();
}

function placeAround(node) {
  return elementOf(node).closest(PLACES);
}

function elementOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
}

function valueOf(place) {
  return place?.dataset.value ?? null;
}

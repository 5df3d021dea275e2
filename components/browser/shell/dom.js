// Small helpers for the page's elements: to make them, to fill them, to leave them alone where nothing has changed.

const SVG = "http://www.w3.org/2000/svg";
const MODIFIERS = ["ctrlKey", "metaKey", "shiftKey", "altKey"];

/** An element with its properties and attributes (`role`, and every name with a hyphen), and what it contains. */
export function element(tag, properties = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "role" || name.includes("-")) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

/** A button; `action` is called at a click. */
export function button(label, properties, action) {
  const made = element("button", { type: "button", textContent: label, ...properties });
  if (action) made.addEventListener("click", action);
  return made;
}

/** Has `listener` called at an event of `place`; returns how to stop. */
export function listen(place, name, listener) {
  place.addEventListener(name, listener);
  return () => place.removeEventListener(name, listener);
}

/** Whether a click is meant for this window: with Ctrl, Shift and the like, a link opens elsewhere. */
export function isPlainClick(event) {
  return !event.button && !MODIFIERS.some((key) => event[key]);
}

/** The first element of some HTML of the app's own. */
export function fromHtml(html) {
  const template = element("template", { innerHTML: html });
  return template.content.firstElementChild;
}

/** An element of a drawing, with its attributes and what it contains. */
export function svgElement(tag, attributes = {}, children = []) {
  const made = document.createElementNS(SVG, tag);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

export function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

/**
 * Writes a text where it is not written already, and keeps the place from translators. They put text nodes into
 * elements of their own, so none is kept; changing one's data costs less than replacing it.
 */
export function setText(node, text) {
  const { firstChild } = node;
  const isPlain = firstChild?.nodeType === Node.TEXT_NODE && !firstChild.nextSibling;
  if ((isPlain ? firstChild.data : node.textContent) === text) return;
  keepUntranslated(node);
  if (isPlain) firstChild.data = text;
  else node.textContent = text;
}

/** What an element says is not prose, or changes: no translator touches it. */
export function keepUntranslated(node) {
  if (node.translate) node.translate = false;
}

/** Whether the page stands on a projector. */
export function isPresenting() {
  return document.documentElement.classList.contains("presenting");
}

/** The element that scrolls what this one stands in. */
export function scrollerOf(node) {
  for (let around = node.parentElement; around; around = around.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(around).overflowY)) return around;
  }
  return document.scrollingElement;
}

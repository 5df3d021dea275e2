import { channelOf } from "../channel.js";
import { styles } from "../styles.js";

await Promise.all([styles("../page.css", import.meta.url), styles("readouts.css", import.meta.url), styles("chain_rule.css", import.meta.url)]);

export default function render({ parentElement, data }) {
  parentElement.stop?.();
  if (data.html && parentElement.written !== data.html) parentElement.innerHTML = parentElement.written = data.html;
  const find = (selector, View) => [...parentElement.querySelectorAll(selector)].map((root) => new View(root));
  const views = [...find("[data-readout]", NumberView), ...find("[data-text]", TextView), ...find("[data-bar]", BarView)];
  const block = parentElement.querySelector(".readouts");
  if (!views.length) block.dataset.ready = "";
  parentElement.stop = channelOf(data.page).subscribe((message, structure) => {
    for (const view of views) view.show(message, structure);
    if (message.inputs.result) block.dataset.result = message.inputs.result;
    block.dataset.ready = "";
  });
  return () => parentElement.stop();
}

const COVERED = ["covered", "?"];

/** Copying from a number, selected or in focus, takes all its digits. */
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  const place = (selection.isCollapsed ? document.activeElement : selection.anchorNode?.parentElement)?.closest("[data-readout]");
  if (!place || (!selection.isCollapsed && !place.contains(selection.focusNode))) return;
  event.clipboardData.setData("text/plain", place.dataset.value);
  event.preventDefault();
});

/** `data-of` names the number where the same one has a place of its own elsewhere on the page. */
export class NumberView {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.of ?? root.dataset.readout;
    this.text = root.firstChild ?? root.appendChild(document.createTextNode(""));
    if (root.matches("dd, td:not(.ulps)")) root.tabIndex = 0;
  }

  /** A number that the address keeps from the visitor is not in the message; its place says so. */
  show({ readouts }) {
    const [exact, text] = readouts[this.name] ?? COVERED;
    if (this.exact === exact) return;
    this.exact = exact;
    this.root.dataset.value = exact;
    this.root.title = exact;
    this.text.data = text;
    const broken = exact === "nan" || exact.endsWith("inf");
    if (broken !== this.broken) this.root.classList.toggle("broken", (this.broken = broken));
    const isList = exact.startsWith("[") && this.root.matches("dd");
    if (isList !== this.isList) this.root.parentElement.classList.toggle("list", (this.isList = isList));
  }
}

/** Text that moves with the numbers, or else stands still. */
class TextView {
  constructor(root) {
    this.name = root.dataset.text;
    this.text = root.firstChild ?? root.appendChild(document.createTextNode(""));
  }

  show({ texts }, structure) {
    const text = texts[this.name] ?? structure.texts[this.name];
    if (this.text.data !== text) this.text.data = text;
  }
}

/** A bar as long as a readout's number: `--amount` for the style sheet, the sign as `data-sign`. */
class BarView {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.bar;
  }

  show({ readouts }) {
    const [exact] = readouts[this.name] ?? ["0"];
    if (this.exact === exact) return;
    this.exact = exact;
    this.root.style.setProperty("--amount", exact);
    this.root.dataset.sign = Math.sign(Number(exact));
  }
}

import { subscribe } from "../channel.js";
import { styles } from "../styles.js";

await Promise.all([styles("../page.css", import.meta.url), styles("readouts.css", import.meta.url)]);

export default function render({ parentElement }) {
  parentElement.stop?.();
  const find = (selector, View) => [...parentElement.querySelectorAll(selector)].map((root) => new View(root));
  const views = [...find("[data-readout]", NumberView), ...find("[data-text]", TextView)];
  parentElement.stop = subscribe((message) => {
    for (const view of views) view.show(message);
    parentElement.querySelector(".readouts").dataset.ready = "";
  });
  return () => parentElement.stop();
}

class NumberView {
  constructor(root) {
    this.root = root;
    this.text = root.appendChild(document.createTextNode(""));
  }

  show({ readouts }) {
    const [exact, text] = readouts[this.root.dataset.readout];
    if (this.exact === exact) return;
    this.exact = exact;
    this.root.dataset.value = exact;
    this.root.title = exact;
    this.text.data = text;
    const broken = exact === "nan" || exact.endsWith("inf");
    if (broken !== this.broken) this.root.classList.toggle("broken", (this.broken = broken));
  }
}

class TextView {
  constructor(root) {
    this.name = root.dataset.text;
    this.text = root.appendChild(document.createTextNode(""));
  }

  show({ texts }) {
    if (this.text.data !== texts[this.name]) this.text.data = texts[this.name];
  }
}

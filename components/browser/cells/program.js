import { channelOf } from "../channel.js";
import { styles } from "../styles.js";

await Promise.all([styles("../page.css", import.meta.url), styles("program.css", import.meta.url)]);

const PARTS = ["code", "output", "error", "cause", "cure"];

export default function render({ parentElement, data }) {
  const view = parentElement.program ?? (parentElement.program = new Program(parentElement, channelOf(data.page)));
  return () => view.unsubscribe();
}

/** Lines stay in place while what they say changes. */
class Program {
  constructor(parent, channel) {
    this.root = document.createElement("section");
    this.root.className = "program panel";
    this.root.setAttribute("aria-label", "The code that was run");
    this.root.innerHTML = `<h2>The code that was run</h2><ol></ol>`;
    this.list = this.root.lastElementChild;
    parent.append(this.root);
    this.unsubscribe = channel.subscribe((message) => this.update(message), "program");
  }

  update({ program }) {
    const shape = JSON.stringify(program.map((line) => Object.keys(line)));
    if (shape !== this.shape) this.build(program);
    this.shape = shape;
    program.forEach((line, i) => {
      for (const [part, text] of Object.entries(line)) write(this.places[i][part], text);
    });
  }

  build(program) {
    this.places = program.map((line) => Object.fromEntries(PARTS.filter((part) => part in line).map((part) => [part, place(part)])));
    const items = this.places.map((parts) => {
      const item = document.createElement("li");
      item.append(...Object.values(parts));
      return item;
    });
    this.list.replaceChildren(...items);
  }
}

function write(element, text) {
  if (element.textContent === text) return;
  element.textContent = text;
  if (element.dataset.readout) element.dataset.value = text;
}

function place(part) {
  const element = document.createElement({ code: "code", output: "samp", error: "samp" }[part] ?? "p");
  element.className = part;
  if (part === "error") element.dataset.readout = "error";
  return element;
}

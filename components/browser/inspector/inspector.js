import { channelOf } from "../channel.js";
import { light } from "../highlight.js";
import { styles } from "../styles.js";
import { setEquation, setMath } from "../typeset.js";

await Promise.all([styles("../page.css", import.meta.url), styles("inspector.css", import.meta.url)]);

export default function render({ parentElement, data }) {
  const view = parentElement.inspector ?? (parentElement.inspector = new Inspector(parentElement, channelOf(data.page)));
  return () => view.close();
}

/** Shows what the server says of the selected part; lines stay in place while their numbers change. */
class Inspector {
  constructor(parent, channel) {
    this.channel = channel;
    this.root = element("section", { className: "inspector", hidden: true });
    this.root.setAttribute("aria-label", "Inspector");
    parent.append(this.root);
    this.unsubscribe = channel.subscribe(({ graph }) => this.update(graph));
    this.root.addEventListener("pointerleave", () => light(null));
  }

  close() {
    this.unsubscribe();
  }

  update({ inspector, look }) {
    this.look = look;
    this.root.hidden = !inspector;
    document.documentElement.classList.toggle("inspecting", Boolean(inspector));
    if (!inspector) return this.root.removeAttribute("data-inspector");
    const shape = JSON.stringify([inspector.id, inspector.sections.map(({ head, lines }) => [head, lines.map(kindOf)])]);
    if (shape !== this.shape) this.build(inspector);
    this.shape = shape;
    this.root.dataset.inspector = inspector.id;
    inspector.sections.flatMap(({ lines }) => lines).forEach((line, i) => this.fill(this.lines[i], line));
  }

  build({ symbol, title, word, torch, kind, sections }) {
    const name = element("h2", { className: "title" });
    setMath(name, title);
    const close = element("button", { type: "button", className: "close", textContent: "×" });
    close.setAttribute("aria-label", "Close the inspector");
    close.addEventListener("click", () => this.go(""));
    const head = element("header", {}, [...(symbol ? [element("span", { className: "symbol", textContent: symbol })] : []), name, close]);
    const about = [torch, word, kind].filter(Boolean).map((text, i) => element("span", { className: i || !torch ? "" : "torch", textContent: text }));
    this.lines = [];
    this.root.replaceChildren(head, element("p", { className: "about" }, about), ...sections.map((section) => this.section(section)));
    this.root.scrollTop = 0;
  }

  section({ head, lines }) {
    const parts = lines.map((line) => {
      const view = this.line(line);
      this.lines.push(view);
      return view.root;
    });
    return element("div", { className: "section" }, [element("h3", { textContent: head }), ...parts]);
  }

  line({ label, go, edges, product }) {
    const name = element(go ? "button" : "span", { className: "label", textContent: label ?? "" });
    if (go) {
      name.type = "button";
      name.addEventListener("click", () => this.go(go));
    }
    const math = element("span", { className: "math" });
    const factors = element("span", { className: "factors" });
    const root = element("div", { className: product ? "line product" : "line" }, [...(label === undefined ? [] : [name]), math, factors]);
    if (edges) {
      root.classList.add("path");
      root.tabIndex = 0;
      root.addEventListener("pointerenter", () => light(edges));
      root.addEventListener("pointerleave", () => light(null));
      root.addEventListener("focus", () => light(edges));
      root.addEventListener("blur", () => light(null));
    }
    return { root, name, math, factors };
  }

  fill({ name, math, factors }, line) {
    if (line.label !== undefined && name.textContent !== line.label) name.textContent = line.label;
    setEquation(math, line.math);
    if (!line.factors) return;
    const text = `= ${line.factors.join(" × ")}`;
    if (factors.textContent !== text) factors.textContent = text;
  }

  go(node) {
    this.channel.submit({ look: { ...this.look, node }, released: true });
  }
}

/** What a line consists of, whatever its numbers are. */
function kindOf({ label, go, edges, product, factors }) {
  return [label === undefined, go, edges, product === true, factors?.length];
}

function element(tag, properties, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

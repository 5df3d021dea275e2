// What a recording is compared with: another of its passes, a file, an example; and the two change places.

import { button, element, listen } from "../../browser/shell/dom.js";
import { send } from "./upload.js";

const LONGEST_LINK = 8_192; // characters of two packed recordings
const SAME = "same";
const KINDS = ["graph", "file", "example"];

export default class CompareView {
  constructor(section, { line, address, graph }) {
    Object.assign(this, { section, line, address, graph });
    this.file = element("input", { type: "file", accept: ".json,application/json" }); // the page has another
    this.file.addEventListener("change", () => this.take(this.file.files[0]));
    this.passes = element("div", { className: "row", role: "group", "aria-label": "Another pass" });
    this.examples = element("div", { className: "row", role: "group", "aria-label": "An example" });
    this.status = element("p", { className: "status", role: "status" });
    const drop = element("span", { className: "or", textContent: "or drop it here or anywhere on this page" });
    const choose = button("A file", {}, () => this.file.click());
    const fromFile = element("div", { className: "row" }, [choose, drop]);
    const choices = element("div", { className: "choices" }, [this.passes, fromFile, this.examples, this.status]);
    const title = element("summary", { textContent: "Compare with …" });
    this.menu = element("details", { className: "menu" }, [title, choices]);
    this.swap = button("Swap A and B", {}, () => this.turn());
    this.stop = button("Stop comparing", {}, () => this.compare("", null));
    this.root = element("div", { className: "compare-view" }, [this.menu, this.swap, this.stop]);
    section.append(this.root);
    const isOutside = ({ target }) => this.menu.open && !this.menu.contains(target);
    this.stops = [
      listen(document, "pointerdown", (event) => isOutside(event) && this.shut()),
      listen(this.menu, "keydown", ({ key }) => key === "Escape" && this.shut()),
    ];
    document.addEventListener("drop", this.drop, true); // before the file is opened instead
    this.stops.push(() => document.removeEventListener("drop", this.drop, true));
  }

  close() {
    for (const stop of this.stops) stop();
  }

  update(message, { examples }) {
    const { recording, moments, beside, values } = message;
    const isOpen = recording.state === "open";
    const isBeside = isOpen && Boolean(values.beside);
    this.message = message;
    this.section.hidden = !isOpen;
    this.swap.hidden = !isBeside || beside?.state !== "open";
    this.stop.hidden = !isBeside;
    if (!isOpen) this.shut();
    this.offer(examples, moments ?? { at: 0, passes: [] });
  }

  offer(examples, { at, passes }) {
    const said = JSON.stringify([examples, at, passes.length]);
    if (said === this.offered) return;
    this.offered = said;
    const others = [...passes.keys()].filter((place) => place !== at);
    this.passes.hidden = !others.length;
    this.passes.replaceChildren(element("span", { textContent: "Another pass:" }), ...others.map((place) => (
      button(String(place + 1), { "aria-label": `Pass ${place + 1}` }, () => this.compare(SAME, place))
    )));
    this.examples.replaceChildren(element("span", { textContent: "An example:" }), ...examples.map(([name, title]) => (
      button(title, {}, () => this.compare(`example:${name}`, null))
    )));
  }

  /** What is in focus goes with the menu, but not the place of it. */
  shut() {
    if (this.menu.contains(document.activeElement)) this.menu.firstChild.focus();
    this.menu.open = false;
    this.status.textContent = "";
  }

  compare(beside, moment) {
    this.shut();
    this.line.change({ beside, beside_moment: moment }, true);
  }

  /** While it is asked what to compare with, and over the second graph, a file is the one to compare with. */
  drop = (event) => {
    const isHere = this.menu.open || event.target.closest?.(".beside-view");
    if (!isHere || this.section.hidden || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    for (const sheet of document.querySelectorAll(".file-drop")) sheet.hidden = true;
    this.take(event.dataTransfer.files[0]);
  };

  async take(data) {
    this.file.value = "";
    if (!data) return undefined;
    this.menu.open = true;
    this.status.textContent = "Reading …";
    const { refused, graph = "", file } = await send(this.address, data);
    if (refused) return (this.status.textContent = refused);
    const isLinked = graph && graph.length + this.message.values.graph.length <= LONGEST_LINK;
    return this.compare(isLinked ? `graph:${graph}` : `file:${file}`, null);
  }

  /** The second becomes the first; what is selected stays so. */
  turn() {
    const { values, moments, beside } = this.message;
    const places = { moment: beside.moments.at, beside_moment: moments?.at ?? values.moment };
    const others = values.beside === SAME ? {} : turned(values);
    const { node } = beside.graph.view;
    this.graph.change({ node }, true, { values: { ...values, ...others, ...places } });
  }
}

/** What stands beside as what is open, and the other way round. */
function turned(values) {
  const first = KINDS.find((name) => values[name]);
  const at = values.beside.indexOf(":");
  const [second, name] = [values.beside.slice(0, at), values.beside.slice(at + 1)];
  const opened = Object.fromEntries(KINDS.map((one) => [one, one === second ? name : ""]));
  return { ...opened, beside: `${first}:${values[first]}` };
}

// What is open, and how a recording is made and opened: a file is chosen or dropped, the recorder copied or saved.

import { copyText } from "../../browser/script/code_text.js";
import { button, element, listen, setText } from "../../browser/shell/dom.js";
import { save } from "../../browser/shell/save.js";
import { countsOf, kept, send } from "./upload.js";

const ASK_AGAIN_MS = 50; // a page opens before a large graph is drawn
const MOST_SENDINGS = 6; // of one file that a server has not, or no longer
const PROGRAM = /\.(py|ipynb)$/i;
const LOCAL = '"http://localhost:8501/open"'; // in the recorder: where links lead
const ABOUT = "The graph of a model of yours: record it where it runs, with one file that needs PyTorch alone, "
  + "and open here what it wrote. "
  + "This app’s server reads the file and keeps it in memory while there is room, nowhere else.";

export default class RecordingView {
  constructor(section, { line, address, graph }) {
    Object.assign(this, { line, address, graph, sendings: 0 });
    this.page = section.parentElement;
    this.file = element("input", { type: "file", accept: ".json,application/json", hidden: true });
    this.file.addEventListener("change", () => this.take(this.file.files[0]));
    this.choose = button("Choose a file", { className: "choose" }, () => this.file.click());
    this.badge = element("span", { className: "badge", textContent: "recorded" });
    this.about = element("span", { className: "counts" });
    this.says = element("p", { className: "says", role: "status" });
    this.examples = element("div", { className: "bar examples", role: "group", "aria-label": "Examples" });
    const drop = element("span", { className: "or", textContent: "or drop it anywhere on this page." });
    this.bar = element("div", { className: "bar" }, [this.badge, this.about, this.choose, drop, this.file]);
    const about = element("p", { className: "about", textContent: ABOUT });
    const parts = [about, this.bar, this.examples, this.says, this.makeRecorder()];
    this.root = element("section", { className: "recording-view panel", "aria-label": "Recording" }, parts);
    section.append(this.root);
    this.stops = [
      listen(document, "dragover", (event) => this.over(event)),
      listen(document, "dragleave", (event) => event.relatedTarget ?? this.root.classList.remove("dropping")),
      listen(document, "drop", (event) => this.drop(event)),
    ];
  }

  /** The recorder's own text, folded away once a recording is open. */
  makeRecorder() {
    this.code = element("code", { translate: false });
    this.status = element("span", { role: "status" });
    const buttons = element("p", { className: "bar" }, [
      button("Copy", {}, async () => setText(this.status, await copyText(this.code.textContent, this.code))),
      button("Save recorder.py", {}, () => save(this.code.textContent, "recorder.py", "text/x-python")),
      this.status,
    ]);
    const pre = element("pre", { tabIndex: 0, role: "region", "aria-label": "The recorder" }, [this.code]);
    const title = element("summary", { textContent: "The recorder" });
    this.recorder = element("details", { className: "recorder" }, [title, buttons, pre]);
    this.load();
    return this.recorder;
  }

  async load() {
    const answer = await fetch(this.address.resolve("recorder.py")).catch(() => null);
    const text = answer?.ok ? await answer.text() : "The recorder has not arrived: reload this page.";
    this.code.textContent = text.replace(LOCAL, () => JSON.stringify(location.origin + this.address.resolve("open")));
  }

  /** Where a part that lies inside this one stands. */
  get place() {
    return this.bar;
  }

  close() {
    for (const stop of this.stops) stop();
    delete this.page.dataset.state;
  }

  update({ recording, values: { graph, file, example } }, { examples }) {
    const { state } = recording;
    this.offer(examples);
    if (this.opened !== graph + file + example) this.refused = "";
    this.opened = graph + file + example;
    if (this.state !== state) this.recorder.open = state === "empty";
    this.page.dataset.state = this.state = state;
    this.show(recording, state === "open");
    if (state === "pending") setTimeout(() => this.root.isConnected && this.line.change({}, false), ASK_AGAIN_MS);
    if (state === "missing") this.sendAgain(recording);
  }

  show(recording, isOpen) {
    if (isOpen) this.sendings = 0;
    this.badge.hidden = !isOpen;
    setText(this.about, isOpen ? countsOf(recording) : "");
    setText(this.choose, isOpen ? "Open another" : "Choose a file");
    if (!this.refused) this.say(recording.text);
  }

  /** A server that has not what is open is sent it anew. */
  async sendAgain({ file }) {
    if (!kept.has(file) || this.sendings === MOST_SENDINGS) return;
    this.sendings += 1;
    const { refused } = await send(this.address, kept.get(file), this.sendings > 1);
    if (refused) this.say(refused);
    else this.line.change({}, false);
  }

  over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.root.classList.add("dropping");
  }

  drop(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.root.classList.remove("dropping");
    this.take(event.dataTransfer.files[0]);
  }

  /** Opens a file; where it is refused, what was open stays. */
  async take(data) {
    this.file.value = "";
    if (!data) return undefined;
    if (PROGRAM.test(data.name)) return this.refuse("This is a program, not a recording: the Playground opens it.");
    this.refused = "";
    this.say("Reading …");
    const said = await send(this.address, data);
    if (said.refused) return this.refuse(said.refused);
    this.say("The graph is being drawn …");
    this.sendings = 0;
    return this.open(said);
  }

  /** Opens a recording that an address holds, a file by its digest, or an example by its name; nothing is beside it. */
  open({ graph = "", file = "", example = "" }) {
    const values = { graph, file: graph ? "" : file, example, moment: null, beside: "", beside_moment: null };
    this.graph.change({ node: "", step: null }, true, { values });
  }

  offer(examples) {
    if (this.examples.childElementCount) return;
    const buttons = examples.map(([example, title]) => button(title, {}, () => this.open({ example })));
    this.examples.append(element("span", { textContent: "Or look at an example:" }), ...buttons);
  }

  refuse(text) {
    this.refused = text;
    this.say(text);
  }

  say(text) {
    setText(this.says, text);
    this.says.hidden = !text;
  }
}

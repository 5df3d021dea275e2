// What is open, and how a recording is made and opened: a file is chosen or dropped, the recorder copied or saved.

import { copyText } from "../../browser/script/code_text.js";
import { button, element, setText } from "../../browser/shell/dom.js";
import { FileDrop } from "../../browser/shell/file_drop.js";
import { handOver, pageFor, takeOver } from "../../browser/shell/handed_over.js";
import { save } from "../../browser/shell/save.js";
import { sendFile } from "../../browser/shell/send_file.js";
import { countsOf, keep, kept, send } from "./upload.js";

const ASK_AGAIN_MS = 50; // a page opens before a large graph is drawn
const MOST_SENDINGS = 6; // of one file that a server has not, or no longer
const LOCAL = '"http://localhost:8501/open"'; // in the recorder: where links lead
const PATH = "open";
const PLAYGROUND = "playground"; // which opens programs
const ABOUT = "The graph of a model of yours: record it where it runs, with one file that needs PyTorch alone, "
  + "and open here what it wrote. "
  + "This app’s server reads the file and keeps it in memory while there is room, nowhere else.";

export default class RecordingView {
  constructor(section, { line, address, graph }) {
    Object.assign(this, { line, address, graph, sendings: 0 });
    this.page = section.parentElement;
    this.file = element("input", { type: "file", accept: ".json,application/json,.ipynb,.py", hidden: true });
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
    this.drop = new FileDrop({ take: (data) => this.take(data), say: (text) => this.refuse(text) });
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
    this.drop.close();
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
    const handed = takeOver(PATH);
    if (!handed) return;
    this.address.isUnfinished = true; // one entry of the history
    if (handed.said.file) keep(handed.said.file, handed.data);
    this.openRead(handed.said);
  }

  show(recording, isOpen) {
    if (isOpen) this.sendings = 0;
    this.badge.hidden = !isOpen;
    setText(this.about, isOpen ? countsOf(recording) : "");
    setText(this.choose, isOpen ? "Open another" : "Choose a file");
    if (!this.refused) this.say(recording.text, recording.state !== "refused");
  }

  /** A server that has not what is open is sent it anew. */
  async sendAgain({ file }) {
    if (!kept.has(file) || this.sendings === MOST_SENDINGS) return;
    this.sendings += 1;
    const { refused } = await send(this.address, kept.get(file), this.sendings > 1);
    if (refused) this.say(refused);
    else this.line.change({}, false);
  }

  /** Opens a file, a program in the Playground; where it is refused, what was open stays. */
  async take(data) {
    this.file.value = "";
    if (!data) return undefined;
    this.refused = "";
    this.say("Reading …", true);
    const isProgram = pageFor(data.name) === PLAYGROUND;
    const said = await (isProgram ? sendFile(this.address, PLAYGROUND, data) : send(this.address, data));
    if (said.refused) return this.refuse(said.refused);
    if (isProgram) return handOver(this.address, PLAYGROUND, { ...said, name: data.name });
    return this.openRead(said);
  }

  /** Shows a recording that the server has read. */
  openRead(said) {
    this.say("The graph is being drawn …", true);
    this.sendings = 0;
    this.open(said);
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

  /** Says one sentence; where it `isNews`, nothing is wrong. */
  say(text, isNews = false) {
    setText(this.says, text);
    this.says.classList.toggle("news", isNews);
    this.says.hidden = !text;
  }
}

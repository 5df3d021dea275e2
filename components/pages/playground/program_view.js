// The program: its editor, where it starts from, what it printed and what went wrong.

import { Editor, FOR_A_FINGER } from "../../browser/editor/editor.js";
import { cleanUp } from "../../browser/editor/paste.js";
import { FindingMarks, isNarrow } from "../../browser/findings/finding_marks.js";
import { Findings } from "../../browser/findings/findings.js";
import { button, element, setText } from "../../browser/shell/dom.js";
import { FileDrop } from "../../browser/shell/file_drop.js";
import { hoverLine, onHoverLine } from "../../browser/shell/hover.js";
import { save } from "../../browser/shell/save.js";
import { Opening } from "./opening.js";
import { Refusals } from "./refusals.js";
import { sayings } from "./sayings.js";

const REST_MS = 250;
const ASK_AGAIN_MS = 50; // a page opens before its program has run to its end
const LONGEST_BYTES = 60_000;
const TOO_LONG = `The program is longer than ${LONGEST_BYTES.toLocaleString("en")} bytes: it has not been run.`;

export default class ProgramView {
  constructor(section, { line, address, graph, notice }) {
    Object.assign(this, { line, address, graph, notice, timer: null, isEditing: false, presets: null });
    const bar = this.makeBar();
    this.opening = this.makeOpening();
    this.drop = new FileDrop({ take: (file) => this.opening.take(file), say: (text) => notice.say(text) });
    this.place = element("div", { className: "place" });
    this.says = element("div", { className: "says", role: "status" });
    this.printed = element("samp", { "data-readout": "printed" });
    const heading = element("h2", { textContent: "Printed" });
    this.output = element("div", { className: "output", hidden: true }, [heading, this.printed]);
    this.marks = new FindingMarks({ line, graph });
    this.findings = this.makeFindings();
    this.refusals = this.makeRefusals();
    const { head, root } = this.refusals;
    const parts = [bar, this.place, head, this.says, root, this.findings.root, this.output];
    this.root = element("div", { className: "program-view" }, parts);
    section.append(this.root);
    this.editor = new Editor(this.place, {
      code: "",
      onChange: () => this.changed(),
      onRun: () => this.runNow(),
      onDrag: ({ line: row, column }, _value, released) => this.send(released, { along: `${row}:${column}` }),
      onLine: (at) => hoverLine(at),
      onPick: (at) => this.pick(at),
      onPaste: () => this.offerCleaning(),
    });
    this.unlight = onHoverLine((at) => this.editor.light(at === null ? [] : [at]));
    this.blur = () => this.timer !== null && this.runNow();
    this.place.addEventListener("focusout", this.blur);
  }

  makeBar() {
    this.chooser = element("select", { className: "start", "aria-label": "preset" });
    this.chooser.addEventListener("change", () => this.choosePreset());
    this.clean = button("Clean up", { className: "clean", hidden: true }, () => this.cleanUp());
    this.run = button("Run", { className: "run", title: "Ctrl+Enter" }, () => this.runNow());
    this.file = element("input", { type: "file", accept: ".py,.txt,.ipynb,.json", hidden: true });
    this.file.addEventListener("change", () => this.open());
    return element("div", { className: "bar", role: "group", "aria-label": "Run and files" }, [
      this.chooser,
      this.run,
      this.clean,
      element("a", { className: "recorded", href: "./open", textContent: "Your own model" }),
      button("Open", { title: "A .py or .ipynb file" }, () => this.file.click()),
      button("Save", { title: "As a .py file" }, () => save(this.editor.code, "program.py", "text/x-python")),
      this.file,
    ]);
  }

  makeRefusals() {
    return new Refusals({
      goTo: (at) => this.editor.goTo(at),
      apply: (code, before) => this.rewrite(code, before),
      undo: () => this.editor.undo(),
    });
  }

  makeFindings() {
    return new Findings({
      goTo: (at) => this.editor.goTo(at),
      apply: (finding, code) => this.apply(finding, code),
      undo: () => this.editor.undo(),
      choose: (finding, node) => this.lookAt(finding, node),
    });
  }

  makeOpening() {
    const { address, notice } = this;
    const replace = (code) => {
      this.editor.replace(code);
      this.runNow();
    };
    return new Opening({ address, replace, say: (text, isNews) => notice.say(text, isNews) });
  }

  close() {
    clearTimeout(this.timer);
    this.drop.close();
    this.unlight();
    this.findings.close();
    this.marks.close();
    this.editor.close?.();
  }

  update(message, structure) {
    this.take(message, structure);
    this.opening.takeOver();
    this.marks.show(this.findings.chosen, message);
    if (!message.program.pending) this.marks.begin(this.findings.chosen, message);
  }

  take(message, structure) {
    if (this.presets !== structure.presets) this.offer((this.presets = structure.presets));
    const { program } = message;
    Object.assign(this, { latest: program, graphLines: message.graph.lines });
    const isOwn = this.timer !== null || this.line.isAhead;
    if (!isOwn && this.isLate(program)) {
      this.isEditing = false;
      this.editor.show({ code: program.code });
    }
    if (!this.isLate(program) || this.editor.isDragging) this.show(program);
  }

  /** Whether an answer is one to what was typed before. */
  isLate({ code }) {
    return code !== this.editor.code.toWellFormed();
  }

  /** Shows what is said of the program, or of one that differs in the number that is being dragged. */
  show(program) {
    this.chooser.value = program.preset === null ? "" : program.preset || this.presets[0].name;
    if (program.pending) setTimeout(() => this.root.isConnected && this.line.change({}, false), ASK_AGAIN_MS);
    this.editor.show({ notes: notes(program.notes), marks: marks(program), literals: draggable(program.literals) });
    this.say(program);
    this.refusals.update(program);
    this.findings.update(program.why, program.code);
    if (!this.editor.isDragging) this.offerCleaning();
    if (!program.pending) this.root.dataset.ready = "";
  }

  /** The programs that come with the page, under their themes. */
  offer(presets) {
    const own = element("option", { value: "", textContent: "your own" });
    const themes = new Map(presets.map(({ theme }) => [theme, element("optgroup", { label: theme })]));
    for (const { name, about, theme } of presets) {
      themes.get(theme).append(element("option", { value: name, textContent: name, title: about }));
    }
    this.chooser.replaceChildren(own, ...themes.values());
  }

  choosePreset() {
    const { value } = this.chooser;
    if (!value) return;
    this.settle();
    const { code } = this.presets.find(({ name }) => name === value);
    this.editor.replace(code);
    this.settle();
    this.isEditing = false;
    const preset = value === this.presets[0].name ? "" : value;
    this.line.change({ code: null, preset, moment: null, along: "", of: "" }, true);
  }

  /** The hand is at the keys: what is there is run once it rests. */
  changed() {
    this.settle();
    this.findings.offer(false);
    this.timer = setTimeout(() => this.runNow(), REST_MS);
  }

  settle() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  runNow() {
    this.settle();
    if (this.latest?.code !== this.editor.code.toWellFormed()) this.marks.lookAway();
    this.send(true);
  }

  /** Sends the program; all that is typed in one go is one entry of the history. */
  send(released, along = {}) {
    const code = this.editor.code.toWellFormed();
    if (new TextEncoder().encode(code).length > LONGEST_BYTES) return this.notice.say(TOO_LONG);
    if (!released && this.isSent(code)) return undefined;
    if (released && this.isEditing) this.address.isUnfinished = true;
    this.isEditing ||= released;
    return this.line.change({ code, preset: "", ...along }, released);
  }

  isSent(code) {
    return code === (this.line.chosen.values?.code ?? this.latest?.code);
  }

  /** What the program says: why it was refused or stopped, what was raised, and what it printed. */
  say(program) {
    const { printed } = program;
    const lines = sayings(Refusals.isListed(program) ? { ...program, refused: null } : program);
    const written = lines.map((line) => line.outerHTML).join("");
    if (written !== this.written) this.says.replaceChildren(...lines.map((line) => this.withJump(line)));
    this.written = written;
    setText(this.printed, printed);
    this.printed.dataset.value = printed;
    this.output.hidden = !printed;
  }

  /** A press on a line's number goes there. */
  withJump(line) {
    const jump = line.querySelector("button");
    jump?.addEventListener("click", () => this.editor.goTo(Number(line.dataset.line)));
    return line;
  }

  /** A press on a line's number selects the last node that the line made. */
  pick(at) {
    const node = Object.entries(this.graphLines ?? {}).filter(([, line]) => line === at).at(-1)?.[0];
    if (node) this.graph.change({ node });
  }

  offerCleaning() {
    const { text, changes } = cleanUp(this.editor.code);
    this.clean.hidden = text === this.editor.code;
    this.clean.title = changes.join(" ");
  }

  cleanUp() {
    const { text, changes } = cleanUp(this.editor.code);
    this.editor.replace(text);
    this.notice.say(changes.join(" "), true);
    this.runNow();
  }

  /** Writes a repair into the program, where one key undoes it, and runs it; gives the new one. */
  apply({ repair: { head, old, new: lines } }, code) {
    if (code !== this.editor.code.toWellFormed()) return null;
    const all = code.split("\n");
    all.splice(head, old.length, ...lines);
    this.editor.replace(all.join("\n"));
    if (!matchMedia(FOR_A_FINGER).matches) this.editor.goTo(head + 1);
    this.runNow();
    return this.editor.code;
  }

  /** Looks at a node of a finding; on a phone, where the finding itself is looked at, the program stays in view. */
  lookAt(finding, node) {
    const selected = node ?? (isNarrow() ? "" : finding.nodes[0]);
    this.marks.lookAt(finding, selected);
    if (node) this.root.dispatchEvent(new CustomEvent("show-sheet", { bubbles: true, detail: "graph" }));
  }

  open() {
    const [file] = this.file.files;
    this.file.value = "";
    if (file) this.opening.take(file);
  }

  /** Writes what is offered into the program `before`, where one key undoes it, and runs it. */
  rewrite(code, before) {
    if (before !== this.editor.code.toWellFormed()) return;
    this.editor.replace(code);
    this.runNow();
  }
}

function notes(lines) {
  return lines.map(({ line, text, count }) => ({ line, text: count > 1 ? `${text}  ×${count}` : text }));
}

function marks({ refused, refusals, limit, error, warnings, why }) {
  const all = [
    ...refusals.map(({ line, text }) => ({ kind: "refused", line, text })),
    limit && { kind: "limit", line: limit.line, text: limit.text },
    error && !refused && { kind: "error", line: error.line, text: `${error.type}: ${error.message}` },
    ...warnings.map(({ line, message }) => ({ kind: "warning", line, text: message })),
    ...why.map(({ line, title, asks }) => ({ kind: asks ? "question" : "finding", line, text: title })),
  ];
  return all.filter((mark) => mark && mark.line);
}

/** Each number's slider goes twice as far as the number, and in steps of its last digit. */
function draggable(literals) {
  return literals.map(({ line, column, end, value, name, text }) => {
    const decimals = (text?.split(/[eE]/)[0].split(".")[1] ?? "").length;
    const isWhole = text !== undefined && !/[.eE]/.test(text);
    const size = Math.max(1, Math.abs(value));
    const reach = isWhole ? Math.max(10, 2 * size) : 5 * size;
    const step = isWhole ? 1 : 10 ** -Math.max(1, decimals);
    const places = isWhole ? 0 : Math.max(1, decimals);
    return { line, column, length: end - column, value, name, step, min: -reach, max: reach, decimals: places };
  });
}

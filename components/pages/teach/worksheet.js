// A worksheet as two sheets of paper: what a class fills in, and the answers.

import { codeOf } from "../../browser/classroom/link.js";
import { setMath } from "../../browser/maths/typeset.js";
import { button, element } from "../../browser/shell/dom.js";

const BLANK = "\u2009";

export default class Worksheet {
  constructor(root, { line }) {
    this.root = root;
    this.line = line;
    root.hidden = true;
  }

  close() {}

  update({ values, worksheet }) {
    if (this.name === values.worksheet) return;
    this.name = values.worksheet;
    this.root.hidden = !worksheet;
    this.root.replaceChildren(...(worksheet ? [this.bar(), sheet(worksheet, false), sheet(worksheet, true)] : []));
  }

  bar() {
    const print = button("Print", { className: "main" }, () => window.print());
    const close = button("Close", {}, () => this.line.change({ worksheet: "" }, true));
    const says = element("span", { textContent: "Two sheets, A4 or Letter: one for the class, one with the answers." });
    return element("div", { className: "worksheet-bar" }, [print, close, says]);
  }
}

/** One sheet of paper; only one with answers says them. */
function sheet(worksheet, hasAnswers) {
  const label = hasAnswers ? "Answers" : "Worksheet";
  return element("article", { className: "worksheet", "aria-label": label }, [
    head(worksheet, hasAnswers),
    element("p", { className: "task", textContent: "Set each state on the page and read off what is missing." }),
    table(worksheet, hasAnswers),
    element("ol", { className: "questions" }, worksheet.questions.map((pair) => question(pair, hasAnswers))),
  ]);
}

function head({ title, path }, hasAnswers) {
  const link = new URL(`./${path}`, document.baseURI).href;
  const name = hasAnswers ? "Answers, computed by torch" : "Name ____________________  Date ____________";
  const code = element("img", { src: codeOf(link), alt: "" });
  const texts = [
    element("h2", { textContent: title }),
    element("p", { className: "name", textContent: name }),
    element("p", { className: "link", translate: false, textContent: link }),
  ];
  return element("header", {}, [element("div", {}, texts), code]);
}

function table({ blanks, direction, states }, hasAnswers) {
  const titles = [...blanks.map(heading), ...(direction ? [words(direction.asked)] : [])];
  const top = element("tr", {}, [words("state"), words("set"), ...titles]);
  const rows = states.map((state, i) => row(state, i, direction, hasAnswers));
  return element("table", {}, [element("thead", {}, [top]), element("tbody", {}, rows)]);
}

/** A symbol is notation, several words are text. */
function heading(text) {
  const place = words(text);
  if (!text.includes(" ")) setMath(place, text);
  return place;
}

function words(textContent) {
  return element("th", { scope: "col", textContent });
}

function row({ set, answers }, i, direction, hasAnswers) {
  const number = element("th", { scope: "row", textContent: String(i + 1) });
  const lines = set.map((textContent) => element("span", { textContent }));
  const settings = element("td", { className: "set", translate: false }, lines);
  const choices = (at) => (at === answers.length - 1 && direction ? direction.choices.join(" · ") : BLANK);
  const cells = answers.map((answer, at) => cell(hasAnswers ? answer : choices(at), hasAnswers));
  return element("tr", {}, [number, settings, ...cells]);
}

function cell(textContent, isAnswer) {
  return element("td", { className: isAnswer ? "answer" : "blank", translate: false, textContent });
}

function question([asked, answer], hasAnswers) {
  const reply = hasAnswers
    ? element("p", { className: "answer", textContent: answer })
    : element("div", { className: "lines" });
  return element("li", {}, [element("p", { textContent: asked }), reply]);
}

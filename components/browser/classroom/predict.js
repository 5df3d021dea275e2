// Predict first: a direction or a number for each covered quantity, what is said to it, and the score of this visit.

import { setMath } from "../maths/typeset.js";
import { button, element, setText } from "../shell/dom.js";

const SIGNS = [["−", "falls", "negative"], ["0", "stays", "zero"], ["+", "rises", "positive"]];
const NOTHING_SAID = "Choose one, or write a number, then check.";
const scores = new Map(); // by page, for this visit only
const revealed = new Map(); // by page: the questions whose answers stand there, also when the host builds the page anew

export class Predictions {
  constructor({ line }) {
    Object.assign(this, { line, rows: new Map(), answered: new Set(), wantsAnswers: false, isNew: true });
    this.root = element("section", { className: "predict", hidden: true, "aria-label": "Predict first" });
  }

  update({ page, predict }) {
    this.root.hidden = !predict;
    this.page = page;
    if (!predict) return (this.names = "");
    const names = [page, ...predict.questions.map(({ name, symbol }) => name + symbol)].join(" ");
    if (this.names !== names) this.build(predict.questions);
    this.names = names;
    if (this.isNew && revealed.get(page) === names) this.ask({ revealed: true });
    this.isNew = false;
    this.count(page, predict);
    this.open(predict.questions);
    for (const question of predict.questions) this.fill(this.rows.get(question.name), question, predict.revealed);
    this.reveal(predict.revealed);
  }

  build(questions) {
    this.rows.clear();
    this.forget();
    this.root.classList.toggle("place", questions.some(({ kind }) => kind === "place"));
    this.wantsAnswers = false;
    this.checker = element("button", { type: "submit", className: "check", textContent: "Check" });
    this.revealer = button("Reveal", {}, () => this.ask({ revealed: true }));
    this.again = button("Ask me again", {}, () => {
      scores.get(this.page).done.clear();
      this.answered.clear();
      this.ask({ revealed: false, answered: [] });
    });
    this.score = element("span", { className: "score", role: "status" });
    const acts = [this.checker, this.revealer, this.again, this.score];
    this.form = element("form", {}, [
      element("h2", { textContent: "Predict first" }),
      ...questions.map((question) => this.row(question)),
      element("div", { className: "acts" }, acts),
    ]);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.check();
    });
    this.root.replaceChildren(this.form);
  }

  /** Nothing of another state's questions is known as answered. */
  forget() {
    if (this.answered.size) this.line.submit({ answered: [] });
    this.answered.clear();
  }

  /** Sends what was said and is not yet answered; where nothing was, says what can be. */
  check() {
    const waiting = [...this.rows].filter(([name]) => !this.answered.has(name));
    const guesses = waiting.map(([name, row]) => [name, guessOf(row)]).filter(([, guess]) => guess);
    setText(this.score, guesses.length ? "" : NOTHING_SAID);
    if (guesses.length) this.ask({ guesses: Object.fromEntries(guesses) });
  }

  row({ name, symbol, turned, result, kind }) {
    const isPlace = kind === "place";
    const label = isPlace ? `${symbol} after the next step` : `${symbol}: a sign or a number`;
    const placeholder = isPlace ? "press on the map" : turned ? "or a number" : "sign or number";
    const field = element("input", {
      type: "text", autocomplete: "off", spellcheck: false, placeholder, "aria-label": label,
    });
    const symbolPlace = element("span", { className: "symbol" });
    setMath(symbolPlace, symbol);
    const textContent = isPlace ? "Where does the next point land?" : turned ? `${turned} up a little: ${result}` : "";
    const asked = element("span", { className: "asked", textContent });
    const words = element("p", { className: "words", role: "status" });
    const row = { field, words, sign: "" };
    row.signs = isPlace ? [] : SIGNS.map((sign) => this.sign(sign, row, Boolean(turned)));
    field.addEventListener("input", () => choose(row, ""));
    this.rows.set(name, row);
    const group = element("span", { className: "signs", role: "group", "aria-label": symbol }, row.signs);
    return element("div", { className: "row" }, [symbolPlace, asked, group, field, words]);
  }

  sign([sign, direction, name], row, isDirection) {
    const says = isDirection ? {} : { "aria-label": name };
    return button(isDirection ? direction : sign, { "aria-pressed": "false", "data-sign": sign, ...says }, () => {
      row.field.value = "";
      choose(row, row.sign === sign ? "" : sign);
    });
  }

  ask(change) {
    if ("revealed" in change) {
      this.wantsAnswers = change.revealed;
      this.clear();
    }
    this.line.submit(change);
  }

  /** A new round; what was said before the answers were shown stays beside them. */
  clear() {
    if (this.wantsAnswers) return;
    for (const row of this.rows.values()) {
      row.field.value = "";
      choose(row, "");
      setText(row.words, "");
    }
  }

  /** The right guesses' answers are shown, and stay so whatever is changed on the page. */
  open(questions) {
    const right = questions.filter(({ name, verdict }) => verdict === "right" && !this.answered.has(name));
    for (const { name } of right) this.answered.add(name);
    if (right.length) this.line.submit({ answered: [...this.answered] });
  }

  /** What was said to a guess stays until there is another one. */
  fill({ field, words, signs }, { name, verdict, words: text }, isRevealed) {
    const isOver = isRevealed || this.answered.has(name);
    if (verdict) {
      setText(words, text);
      words.dataset.verdict = verdict;
    }
    field.readOnly = isOver;
    for (const chooser of signs) chooser.disabled = isOver;
  }

  reveal(isRevealed) {
    this.root.classList.toggle("revealed", isRevealed);
    this.checker.hidden = this.revealer.hidden = isRevealed;
    this.again.hidden = !isRevealed;
    this.keep(isRevealed);
  }

  /** Answers that the server has shown stay so, whatever is changed on the page. */
  keep(isRevealed) {
    if (isRevealed && !this.wantsAnswers) this.line.submit({ revealed: (this.wantsAnswers = true) });
    else if (!this.line.isAhead) this.wantsAnswers = isRevealed;
    if (isRevealed) revealed.set(this.page, this.names);
    else if (!this.wantsAnswers) revealed.delete(this.page);
  }

  /** Each answered question counts once, and each wrong answer as a miss; giving up counts as asked, not as right. */
  count(page, { questions, revealed: isRevealed }) {
    const score = scores.get(page) ?? { right: 0, asked: 0, missed: 0, done: new Set() };
    scores.set(page, score);
    for (const question of questions) tally(score, question, isRevealed);
    if (score.asked || score.missed) setText(this.score, scoreText(score));
  }
}

/** Counts one answer into a page's score. */
function tally(score, { name, verdict }, isRevealed) {
  const isRight = verdict === "right";
  if (verdict === "wrong") score.missed += 1;
  if (score.done.has(name) || !(isRight || isRevealed)) return;
  score.done.add(name);
  score.asked += 1;
  if (isRight) score.right += 1;
}

function scoreText({ right, asked, missed }) {
  const misses = missed ? `, ${missed} ${missed === 1 ? "miss" : "misses"}` : "";
  return `${right} of ${asked} right in this visit${misses}`;
}

/** What was written, or else chosen; "" for nothing. */
function guessOf({ field, sign }) {
  return field.value.trim() || sign;
}

/** Marks one of a row's signs as chosen ("" for none). */
function choose(row, sign) {
  row.sign = sign;
  for (const chooser of row.signs) chooser.setAttribute("aria-pressed", String(chooser.dataset.sign === sign));
}

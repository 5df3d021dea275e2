// Predict first: a sign or a number for each covered quantity, what is said to it, and the score of this visit.

import { setMath } from "../maths/typeset.js";
import { button, element, setText } from "../shell/dom.js";

const SIGNS = { "−": "negative", 0: "zero", "+": "positive" };
const scores = new Map(); // by page, for this visit only

export class Predictions {
  constructor({ line }) {
    Object.assign(this, { line, rows: new Map(), wantsAnswers: false });
    this.root = element("section", { className: "predict", hidden: true, "aria-label": "Predict first" });
  }

  update({ page, predict }) {
    this.root.hidden = !predict;
    if (!predict) return (this.names = "");
    const names = [page, ...predict.questions.map(({ name, symbol }) => name + symbol)].join(" ");
    if (this.names !== names) this.build(predict.questions);
    this.names = names;
    this.count(page, predict);
    for (const question of predict.questions) this.fill(this.rows.get(question.name), question, predict.revealed);
    this.reveal(predict.revealed);
  }

  build(questions) {
    this.rows.clear();
    this.wantsAnswers = false;
    this.checker = element("button", { type: "submit", className: "check", textContent: "Check" });
    this.revealer = button("Reveal", {}, () => this.ask({ revealed: true }));
    this.again = button("Ask me again", {}, () => {
      scores.get(this.page).done.clear();
      this.ask({ revealed: false });
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
      const guesses = [...this.rows].map(([name, { field }]) => [name, field.value]).filter(([, text]) => text.trim());
      this.ask({ guesses: Object.fromEntries(guesses) });
    });
    this.root.replaceChildren(this.form);
  }

  row({ name, symbol }) {
    const label = `${symbol}: a sign or a number`;
    const field = element("input", {
      type: "text", autocomplete: "off", spellcheck: false, placeholder: "sign or number", "aria-label": label,
    });
    const signs = ["−", "0", "+"].map((sign) => this.sign(sign, field));
    const symbolPlace = element("span", { className: "symbol" });
    setMath(symbolPlace, symbol);
    const words = element("p", { className: "words", role: "status" });
    this.rows.set(name, { field, words });
    const group = element("span", { className: "signs" }, signs);
    return element("div", { className: "row" }, [symbolPlace, group, field, words]);
  }

  sign(sign, field) {
    return button(sign, { "aria-label": SIGNS[sign] }, () => {
      field.value = sign;
      this.form.requestSubmit();
    });
  }

  ask(change) {
    if ("revealed" in change) {
      this.wantsAnswers = change.revealed;
      this.clear();
    }
    this.line.submit(change);
  }

  clear() {
    for (const { field, words } of this.rows.values()) {
      field.value = "";
      setText(words, "");
    }
  }

  /** What was said to a guess stays until there is another one. */
  fill({ field, words }, { verdict, words: text }, isRevealed) {
    if (verdict) {
      setText(words, text);
      words.dataset.verdict = verdict;
    }
    if (verdict === "sign") field.value = "";
    field.readOnly = isRevealed;
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
  }

  /** Each answered question counts once; giving up counts as asked, not as right. */
  count(page, { questions, revealed }) {
    this.page = page;
    const score = scores.get(page) ?? { right: 0, asked: 0, done: new Set() };
    scores.set(page, score);
    for (const { name, verdict } of questions) {
      if (score.done.has(name) || !(verdict === "right" || revealed)) continue;
      score.done.add(name);
      score.asked += 1;
      score.right += verdict === "right" ? 1 : 0;
    }
    setText(this.score, score.asked ? `${score.right} of ${score.asked} right in this visit` : "");
  }
}

import { channelOf } from "../channel.js";
import { styles } from "../styles.js";
import { setMath } from "../typeset.js";

await Promise.all([styles("../page.css", import.meta.url), styles("predict.css", import.meta.url)]);

const scores = new Map(); // by page, for this visit only

export default function render({ parentElement, data, setStateValue }) {
  const view = parentElement.predictions ?? (parentElement.predictions = new Predictions(parentElement));
  view.send = (said) => setStateValue("event", { ...said, seq: Date.now() });
  view.update(data);
}

class Predictions {
  constructor(parent) {
    this.root = make("section", { className: "predict" });
    this.root.setAttribute("aria-label", "Predict first");
    parent.append(this.root);
    this.rows = new Map();
  }

  update(data) {
    const names = data.questions.map(({ name, symbol }) => name + symbol).join(" ");
    if (this.names !== names) this.build(data.questions);
    this.names = names;
    this.data = data;
    this.count(data);
    for (const question of data.questions) this.fill(this.rows.get(question.name), question, data.revealed);
    this.root.classList.toggle("revealed", data.revealed);
    this.checker.hidden = this.revealer.hidden = data.revealed;
    this.again.hidden = !data.revealed;
  }

  build(questions) {
    this.rows.clear();
    this.checker = make("button", { type: "submit", className: "check", textContent: "Check" });
    this.revealer = make("button", { type: "button", textContent: "Reveal" });
    this.again = make("button", { type: "button", textContent: "Ask me again" });
    this.score = make("span", { className: "score" });
    this.score.setAttribute("role", "status");
    this.revealer.addEventListener("click", () => this.say({ reveal: true }));
    this.again.addEventListener("click", () => this.say({ again: true }));
    const form = make("form", {}, [
      make("h2", { textContent: "Predict first" }),
      ...questions.map((question) => this.row(question)),
      make("div", { className: "acts" }, [this.checker, this.revealer, this.again, this.score]),
    ]);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say({ guesses: Object.fromEntries([...this.rows].map(([name, { field }]) => [name, field.value]).filter(([, text]) => text.trim())) });
    });
    this.root.replaceChildren(form);
  }

  row({ name, symbol }) {
    const field = make("input", { type: "text", autocomplete: "off", spellcheck: false, placeholder: "sign or number" });
    field.setAttribute("aria-label", `${symbol}: a sign or a number`);
    const signs = ["−", "0", "+"].map((sign) => this.sign(sign, field));
    const symbolPlace = make("span", { className: "symbol" });
    setMath(symbolPlace, symbol);
    const words = make("p", { className: "words" });
    words.setAttribute("role", "status");
    this.rows.set(name, { field, words });
    return make("div", { className: "row" }, [symbolPlace, make("span", { className: "signs" }, signs), field, words]);
  }

  sign(sign, field) {
    const button = make("button", { type: "button", textContent: sign });
    button.setAttribute("aria-label", { "−": "negative", 0: "zero", "+": "positive" }[sign]);
    button.addEventListener("click", () => {
      field.value = sign;
      this.root.querySelector("form").requestSubmit();
    });
    return button;
  }

  /** What was set before counts: the state is released first. */
  say(said) {
    channelOf(this.data.page).release(() => this.send(said));
  }

  fill({ field, words }, { verdict, words: text }, revealed) {
    if (words.textContent !== text) words.textContent = text;
    words.dataset.verdict = verdict;
    if (verdict === "sign") field.value = "";
    if (revealed && !verdict) field.value = "";
    field.readOnly = revealed;
  }

  /** Each answered question counts once; giving up counts as asked, not as right. */
  count({ page, questions, answered, revealed }) {
    const score = scores.get(page) ?? { right: 0, asked: 0, done: new Set() };
    scores.set(page, score);
    if (answered !== this.answered) {
      for (const { name, verdict } of questions) {
        if (score.done.has(name) || !(verdict === "right" || revealed)) continue;
        score.done.add(name);
        score.asked += 1;
        score.right += verdict === "right" ? 1 : 0;
      }
      if (!revealed && score.done.size === questions.length) score.done.clear();
    }
    this.answered = answered;
    this.score.textContent = score.asked ? `${score.right} of ${score.asked} right in this visit` : "";
  }
}

function make(tag, properties, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

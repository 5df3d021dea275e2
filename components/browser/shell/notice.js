// What the server says about values that it could not take as they were: one line, while it is so or until dismissed.

import { button, element, setText } from "./dom.js";

const NAME = /^\w*/; // each sentence begins with the name of what it is about

/**
 * The notices after a message, of those before it: its own, and the others while what they are about is as it was. Each
 * is `{ text, name, value }`.
 */
export function noticesAfter(before, message) {
  const { present, named: hide, predict, tour, from } = message.classroom ?? {};
  const state = { ...message.graph?.view, ...message.values, present, hide, predict, tour, from };
  const own = (message.notices ?? []).map((text) => {
    const [name] = NAME.exec(text);
    return { text, name, value: JSON.stringify(state[name]) };
  });
  const isKept = ({ name, value }) => {
    return JSON.stringify(state[name]) === value && !own.some((other) => other.name === name);
  };
  return [...before.filter(isKept), ...own];
}

export class Notice {
  constructor() {
    this.notices = [];
    this.words = element("span");
    const close = button("×", { className: "close", "aria-label": "Dismiss" }, () => this.hide());
    this.root = element("div", { className: "notice", role: "status", hidden: true }, [this.words, close]);
  }

  /** The same message twice says nothing new. */
  update(message) {
    if (this.message !== message) this.show(noticesAfter(this.notices, message));
    this.message = message;
  }

  /** Says something of the page as a whole, until it is dismissed; where it `isNews`, nothing is wrong. */
  say(text, isNews = false) {
    this.show([...this.notices, { text, name: "", value: undefined, isNews }]);
  }

  hide() {
    this.show([]);
  }

  show(notices) {
    this.notices = notices;
    setText(this.words, notices.map(({ text }) => text).join(" "));
    this.root.hidden = !notices.length;
    this.root.classList.toggle("news", notices.every(({ isNews }) => isNews));
  }
}

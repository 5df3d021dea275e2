// What the server says about values that it could not take as they were: one line, until it is dismissed.

import { button, element } from "./dom.js";

export class Notice {
  constructor() {
    this.root = element("div", { className: "notice", role: "status", hidden: true });
  }

  /** The same message twice says nothing new. */
  update(message) {
    if (!message.notices?.length || this.message === message) return;
    this.message = message;
    const close = button("×", { className: "close", "aria-label": "Dismiss" }, () => this.hide());
    this.root.replaceChildren(element("span", { textContent: message.notices.join(" ") }), close);
    this.root.hidden = false;
  }

  hide() {
    this.root.hidden = true;
  }
}

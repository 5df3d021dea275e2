// What there is to say about the line: that the server does not answer, or that the network lets no socket through.

import { button, element } from "./dom.js";

const SILENT = "The server does not answer. Your values are kept; trying again…";
const LOOK_MS = 1000;
const OPENING_MS = 7000;

export class LineStatus {
  constructor(line) {
    Object.assign(this, { line, began: Date.now(), isDismissed: false, said: "" });
    this.root = element("div", { className: "connection", role: "status" });
    this.unsubscribe = line.onStatus(() => this.update());
    this.timer = setInterval(() => this.update(), LOOK_MS);
  }

  close() {
    this.unsubscribe();
    clearInterval(this.timer);
  }

  update() {
    const { connection, misses } = this.line;
    if (connection.hasBeenOpen) clearInterval(this.timer);
    const isBlocked = !connection.hasBeenOpen && !this.isDismissed && this.isLong;
    const said = misses ? SILENT : isBlocked ? blocked() : "";
    if (said === this.said) return;
    this.said = said;
    this.root.replaceChildren(said, ...(isBlocked && !misses ? [this.dismissal()] : []));
  }

  /** Whether a socket would have been opened by now, on this network. */
  get isLong() {
    return Date.now() - this.began > Math.max(OPENING_MS, 6 * this.line.latency());
  }

  dismissal() {
    return button("×", { className: "close", "aria-label": "Dismiss" }, () => {
      this.isDismissed = true;
      this.update();
    });
  }
}

function blocked() {
  const address = new URL("live", document.baseURI).href.replace(/^http/, "ws");
  return `This network blocks a WebSocket, so that every change takes a slower way: it has to let ${address} through. `;
}

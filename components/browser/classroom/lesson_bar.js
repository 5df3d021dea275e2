// A bar above a lesson that was opened from the teacher's page: the way back, and the timer.

import { element, isPlainClick, setText } from "../shell/dom.js";
import { Timer } from "./timer.js";

export class LessonBar {
  constructor({ line, address, classroom }) {
    Object.assign(this, { line, address, state: classroom });
    this.back = element("a", { className: "back" });
    this.back.addEventListener("click", (event) => this.leave(event));
    this.timer = new Timer(() => this.show());
    this.root = element("div", { className: "lesson-bar", hidden: true }, [this.back, this.timer.root]);
  }

  close() {
    this.timer.close();
  }

  /** Takes over another page. */
  open(skeleton) {
    this.skeleton = skeleton;
  }

  update() {
    const { from, embedded } = this.state.current;
    const page = this.skeleton.pages.find(({ path }) => path && path === from);
    this.origin = page && page.name !== this.skeleton.page ? page : null;
    this.isEmbedded = Boolean(embedded);
    this.back.hidden = !this.origin;
    if (this.origin) {
      setText(this.back, `← Back to ${this.origin.title}`);
      this.back.href = this.address.resolve(from) + this.address.queryLeft(from);
    }
    this.show();
  }

  /** It is there on the teacher's page, on what was opened from it, and while a timer is set. */
  show() {
    const isTeachers = this.origin || this.skeleton.page === "teach";
    this.root.hidden = this.isEmbedded || !(isTeachers || this.timer.isSet);
  }

  /** To the page as it was left in this tab, once the address says what was set on this one. */
  async leave(event) {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    const { path } = this.origin;
    if (!this.line.misses) await this.line.release();
    this.address.go(path, this.address.queryLeft(path));
  }
}

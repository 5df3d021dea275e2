// The head of every page: the app's name, the way to its pages, the tour's offer, and what a teacher needs in a class.

import { Classroom } from "../classroom/classroom.js";
import { Tour } from "../classroom/tour.js";
import { element, isPlainClick } from "./dom.js";

export class Head {
  /** `timer` is the class's, which a key starts. */
  constructor(context, timer) {
    Object.assign(this, { line: context.line, address: context.address, links: new Map() });
    this.pages = element("nav", { className: "pages", "aria-label": "Pages" });
    this.tour = new Tour(context);
    this.classroom = new Classroom(context, timer, () => this.tour.go(1));
    const name = element("span", { className: "name", textContent: "Autograd Explorer" });
    this.root = element("header", { className: "app-head" }, [name, this.pages, this.tour.root, this.classroom.root]);
  }

  close() {
    this.tour.close();
    this.classroom.close();
  }

  /** Takes over another page. */
  open(skeleton) {
    if (!this.links.size) this.build(skeleton.pages);
    for (const [name, { link }] of this.links) {
      if (name === skeleton.page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    this.showCurrent();
    this.classroom.open(skeleton);
    this.tour.open(skeleton);
  }

  /** Where the row of links is wider than a phone, it is scrolled to that of this page, and nothing else is. */
  showCurrent() {
    const current = this.pages.querySelector("[aria-current]");
    if (current) this.pages.scrollLeft = current.offsetLeft - (this.pages.clientWidth - current.offsetWidth) / 2;
  }

  update(message) {
    this.classroom.update();
    this.tour.update(message);
    this.refresh();
  }

  build(pages) {
    for (const { name, title, path } of pages) this.links.set(name, { path, link: this.link(title, path) });
    this.pages.append(...[...this.links.values()].map(({ link }) => link));
  }

  link(title, path) {
    const link = element("a", { textContent: title });
    link.addEventListener("click", (event) => {
      if (!isPlainClick(event)) return;
      event.preventDefault();
      if (!link.hasAttribute("aria-current")) this.go(path);
    });
    return link;
  }

  /** To another page, once the address says what was set on this one; at once where the server does not answer. */
  async go(path) {
    if (!this.line.misses) await this.line.release();
    this.address.go(path);
  }

  /** Each link leads to its page as it was left in this tab, shown to the class as this one is. */
  refresh() {
    if (this.linkedFrom === location.href) return;
    this.linkedFrom = location.href;
    for (const { link, path } of this.links.values()) {
      link.href = this.address.resolve(path) + this.address.queryOf(path);
    }
  }
}

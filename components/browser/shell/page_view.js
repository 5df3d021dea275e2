// One page: its question, and a section for each of its parts that is not hidden.

import { Announcer } from "./announcer.js";
import { element } from "./dom.js";
import { Notice } from "./notice.js";

/** The classes of a page's views, by path. */
export async function loadPage({ parts }) {
  const paths = [...new Set(parts.map(({ view }) => view).filter(Boolean))];
  const modules = await Promise.all(paths.map((path) => import(new URL(`../../${path}`, import.meta.url).href)));
  return new Map(paths.map((path, i) => [path, modules[i].default]));
}

export class PageView {
  /** `views` are the classes of the page's views by path, `context` is what each of them is given. */
  constructor(skeleton, views, context) {
    Object.assign(this, { skeleton, views, line: context.line, sections: new Map(), hidden: null });
    this.notice = new Notice();
    this.announcer = new Announcer();
    this.context = { ...context, skeleton, notice: this.notice };
    const question = element("h1", { innerHTML: skeleton.question }); // a lesson's own text, as HTML
    const parts = [question, this.notice.root, this.announcer.root];
    this.root = element("div", { className: "page", "data-page": skeleton.page }, parts);
  }

  /** Once the page is in its place: shows the newest message, and then every one. */
  start() {
    this.unsubscribe = this.line.subscribe((message, structure) => this.update(message, structure));
  }

  close() {
    this.unsubscribe();
    this.announcer.close();
    for (const name of [...this.sections.keys()]) this.closePart(name);
    this.root.remove();
  }

  update(message, structure) {
    if (message.page !== this.skeleton.page) return;
    this.notice.update(message);
    this.announcer.update(message, structure);
    this.mark(message, structure);
    const hidden = message.hidden ?? [];
    if (this.hidden !== String(hidden)) this.arrange(hidden);
  }

  /** For the style sheets: which parts are hidden, what is chosen, and whether the graph is a first look. */
  mark({ hidden = [], values, graph }, { controls }) {
    const isFirstLook = graph?.concept && !graph.view.opened.length;
    const marks = { hidden: hidden.join(" "), detail: isFirstLook ? "concept" : "full" };
    for (const { name } of controls?.choices ?? []) marks[name] = values[name];
    for (const [name, text] of Object.entries(marks)) {
      if (this.root.dataset[name] !== text) this.root.dataset[name] = text;
    }
  }

  /** Closes what is hidden now, and builds what is shown, in the page's order. */
  arrange(hidden) {
    this.hidden = String(hidden);
    const shown = this.skeleton.parts.filter(({ name, view }) => view && !hidden.includes(name));
    const names = shown.map(({ name }) => name);
    for (const name of [...this.sections.keys()]) if (!names.includes(name)) this.closePart(name);
    this.openAll(shown.filter(({ inside }) => !inside), () => this.root);
    this.openAll(shown.filter(({ inside }) => inside), ({ inside }) => this.sections.get(inside).view.place);
  }

  /** Builds each part in its place, before the one that follows there. */
  openAll(parts, placeOf) {
    let next = null;
    for (const part of parts.reverse()) {
      const place = placeOf(part);
      if (!this.sections.has(part.name)) this.openPart(part, place, next?.parentElement === place ? next : null);
      next = this.sections.get(part.name).section;
    }
  }

  openPart(part, place, before) {
    const section = element("section", { className: "part", "data-part": part.name, "data-view": part.view });
    place.insertBefore(section, before);
    const view = new (this.views.get(part.view))(section, { ...this.context, part });
    this.sections.set(part.name, { section, view, unsubscribe: this.feed(view, section) });
  }

  /** Each view hears of every message of its page; what goes wrong in one does not stop the others. */
  feed(view, section) {
    return this.line.subscribe((message, structure) => {
      if (message.page === this.skeleton.page && section.isConnected) view.update(message, structure);
    });
  }

  closePart(name) {
    const { section, view, unsubscribe } = this.sections.get(name);
    this.sections.delete(name);
    unsubscribe();
    view.close();
    section.remove();
  }

  /** The theme may be another one. */
  recolour() {
    for (const { view } of this.sections.values()) view.recolour?.();
  }

  get parts() {
    return [...this.sections.values()].map(({ section }) => section);
  }
}

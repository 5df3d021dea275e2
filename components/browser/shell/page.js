// The entry of the app's one component: it takes the first message, builds the page in its own DOM, and keeps the line.

import { ClassroomState } from "../classroom/classroom_state.js";
import { LessonBar } from "../classroom/lesson_bar.js";
import { Predictions } from "../classroom/predict.js";
import { Glossary } from "../glossary/glossary.js";
import { Address } from "./address.js";
import { copyNumbers } from "./copying.js";
import { element, isPlainClick, listen, scrollerOf } from "./dom.js";
import { GraphState } from "./graph_state.js";
import { Head } from "./head.js";
import { LineStatus } from "./line_status.js";
import { Line } from "./live.js";
import { loadPage, PageView } from "./page_view.js";
import { loadStyles } from "./styles.js";
import { surroundings, wakeWith } from "./surroundings.js";

const styled = loadStyles();

/** Called again on the same element whenever `data` changes, and then without an end in between. */
export default async function render({ parentElement, data, setStateValue }) {
  await styled;
  const shell = (parentElement.shell ??= new Shell(parentElement));
  shell.send = (event) => setStateValue("event", event);
  shell.take(data);
  return () => {
    parentElement.shell = null;
    shell.close();
  };
}

/** What is there on every page: the line, the address, the head; and the page that is shown. */
class Shell {
  constructor(parent) {
    const line = new Line(surroundings((event) => this.send(event)));
    const address = new Address(window);
    const graph = new GraphState(line);
    const context = { line, address, graph, classroom: new ClassroomState(line, address, graph) };
    Object.assign(this, { ...context, context, page: null, view: null });
    this.lessonBar = new LessonBar(context);
    this.head = new Head(context, this.lessonBar.timer);
    this.predictions = new Predictions(context);
    this.status = new LineStatus(line);
    const parts = [this.head, this.lessonBar, this.predictions, this.status].map(({ root }) => root);
    this.root = element("div", { className: "app" }, parts);
    parent.append(this.root);
    this.glossary = new Glossary(this.root);
    this.stops = [
      wakeWith(line),
      line.subscribe((message) => this.hear(message)),
      address.onMove(() => line.readAddress()),
      address.onLeave(() => line.leave()),
      listen(document, "copy", copyNumbers),
      listen(this.root, "click", (event) => this.follow(event)),
    ];
  }

  close() {
    for (const stop of this.stops) stop();
    this.view?.close();
    this.head.close();
    this.glossary.close();
    this.lessonBar.close();
    this.status.close();
    this.line.leave();
    this.address.close();
    this.root.remove();
  }

  /** A first message, or an answer that came by the fallback; the same one twice changes nothing. */
  take(data) {
    this.view?.recolour();
    if (this.data === data) return;
    this.data = data;
    this.line.receive(data);
  }

  /** A message of the line: the views hear of it after this. */
  hear(message) {
    if (message.skeleton && message.page !== this.page) this.open(message.skeleton);
    if (message.address) this.address.write(message.address, this.line.isAhead);
    this.graph.update(message);
    this.classroom.update(message);
    this.head.update(message);
    this.lessonBar.update();
    this.predictions.update(message);
  }

  /** A link in a text to a state of ours needs no new page. */
  follow(event) {
    const link = event.target.closest("a[href]:not([download], [target])");
    if (!link || event.defaultPrevented || !isPlainClick(event)) return;
    if (!this.address.follow(link.href, this.paths)) return;
    event.preventDefault();
    if (/[?&]present=1/.test(link.search)) this.head.classroom.fillScreen();
    scrollerOf(this.root).scrollTo(0, 0);
  }

  /** Whoever asked for a page that is not there is told so on the one that is shown. */
  sayUnknownPath(title) {
    const path = this.address.takeUnknownPath();
    if (path) this.view.notice.say(`There is no page “${path}”; this is “${title}”.`);
  }

  /** Swaps pages as soon as the new one's scripts and styles are there. */
  async open(skeleton) {
    this.page = skeleton.page;
    this.paths = skeleton.pages.map(({ path }) => path);
    this.address.enter();
    this.head.open(skeleton);
    this.lessonBar.open(skeleton);
    const views = await loadPage(skeleton);
    if (this.page !== skeleton.page || !this.root.isConnected) return;
    const isFirst = !this.view;
    this.view?.close();
    this.view = new PageView(skeleton, views, this.context);
    this.status.root.before(this.view.root);
    this.view.start();
    this.sayUnknownPath(skeleton.title);
    this.head.tour.watch(this.view.parts);
    if (!isFirst) scrollerOf(this.root).scrollTo(0, 0);
  }
}

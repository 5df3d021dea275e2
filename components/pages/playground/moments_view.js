// The strip of backward passes; and on a phone code or graph.

import MomentsView from "../../browser/moments/moments_view.js";
import { button, element, listen } from "../../browser/shell/dom.js";

export default class MomentsAndSheets extends MomentsView {
  constructor(section, context) {
    super(section, context);
    this.sheets = ["Code", "Graph"].map((label) => button(label, {}, () => this.show(label.toLowerCase())));
    const properties = { className: "sheets", role: "group", "aria-label": "What is shown" };
    this.root.prepend(element("div", properties, this.sheets));
    this.page = section.parentElement;
    this.show("code");
    this.stop = listen(this.page, "show-sheet", ({ detail }) => this.show(detail));
  }

  close() {
    this.stop();
  }

  /** On a phone code and graph are two sheets, one of which is shown. */
  show(sheet) {
    this.page.dataset.sheet = sheet;
    for (const one of this.sheets) one.setAttribute("aria-pressed", String(one.textContent.toLowerCase() === sheet));
  }
}

// Where the selected node comes from: its module, its line, and that line's text.

import { element, setText } from "../../browser/shell/dom.js";

export default class SourceView {
  constructor(section) {
    [this.name, this.module] = ["name", "module"].map((className) => element("span", { className, translate: false }));
    this.line = element("span", { className: "line" });
    this.code = element("code", { translate: false });
    this.root = element("p", { className: "source-view" }, [this.name, this.module, this.line, this.code]);
    section.append(this.root);
  }

  close() {}

  update({ source }) {
    this.root.hidden = !source;
    if (!source) return;
    const { name, module, line, source: code } = source;
    setText(this.name, name);
    setText(this.module, module && module !== name ? `in ${module}` : "");
    setText(this.line, line === null ? "" : `line ${line}`);
    setText(this.code, code);
    this.code.hidden = !code;
  }
}

// What a recording shows to be wrong: each finding leads to its nodes, in the pass that it is about.

import { FindingMarks } from "../../browser/findings/finding_marks.js";
import { Findings } from "../../browser/findings/findings.js";

export default class WhyView {
  constructor(section, { line, graph }) {
    this.marks = new FindingMarks({ line, graph });
    const choose = (finding, node = finding.nodes[0]) => this.marks.lookAt(finding, node);
    this.findings = new Findings({ choose });
    section.append(this.findings.root);
  }

  close() {
    this.findings.close();
    this.marks.close();
  }

  update(message) {
    this.findings.update(message.why, "");
    this.marks.show(this.findings.chosen, message);
  }
}

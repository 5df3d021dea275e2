// A notebook or a script becomes the program: read by the server, cleaned up here, and what was done is said.

import { cleanUp } from "../../browser/editor/paste.js";
import { handOver, pageFor, takeOver } from "../../browser/shell/handed_over.js";
import { sendFile } from "../../browser/shell/send_file.js";

const PATH = "playground";

export class Opening {
  /** `replace(code)` writes the program, `say(text, isNews)` is for one line above the page. */
  constructor({ address, replace, say }) {
    Object.assign(this, { address, replace, say });
  }

  /** Takes over what another page has read, once. */
  takeOver() {
    const opened = takeOver(PATH);
    if (!opened) return;
    this.address.isUnfinished = true; // one entry of the history
    this.show(opened);
  }

  /** Opens a file; where it is refused, the program stays as it is. */
  async take(file) {
    const isRecording = pageFor(file.name) === "open";
    const said = await sendFile(this.address, isRecording ? "open" : PATH, file);
    if (said.refused) this.say(`${quoted(file.name)}: ${said.refused}`);
    else if (isRecording) handOver(this.address, "open", { said, data: file });
    else this.show({ ...said, name: file.name });
  }

  show({ code, said, name }) {
    const { text, changes } = cleanUp(code);
    this.replace(text);
    this.say([`${quoted(name)} is open.`, said, ...changes].filter(Boolean).join(" "), true);
  }
}

function quoted(name) {
  return `“${name.length > 40 ? `${name.slice(0, 39)}…` : name}”`;
}

// A file is dropped anywhere on a page: where it would be opened, and one sentence about everything that is no file.

import { element, listen } from "./dom.js";

const SEVERAL = "Drop one file at a time.";
const FOLDER = "A folder cannot be opened: drop one of its files.";
const NO_FILE = "Only a file can be dropped here; the text of a program can be pasted into the Playground.";
const EDITED = "textarea, input, [contenteditable]";

export class FileDrop {
  /** `take(file)` is called with the file that is dropped, `say(text)` where something else is. */
  constructor({ take, say }) {
    Object.assign(this, { take, say });
    const words = element("p", { textContent: "Drop to open" });
    this.root = element("div", { className: "file-drop", hidden: true, "aria-hidden": "true" }, [words]);
    document.querySelector(".app").append(this.root);
    this.stops = [
      listen(document, "dragover", (event) => this.over(event)),
      listen(document, "dragleave", (event) => event.relatedTarget ?? this.show(false)),
      listen(document, "drop", (event) => this.drop(event)),
    ];
  }

  close() {
    for (const stop of this.stops) stop();
    this.root.remove();
  }

  show(isShown) {
    this.root.hidden = !isShown;
  }

  over(event) {
    const kind = kindOf(event);
    if (!kind) return;
    event.preventDefault();
    this.show(kind === "file");
  }

  drop(event) {
    this.show(false);
    const kind = kindOf(event);
    if (!kind) return;
    event.preventDefault();
    const { files, items } = event.dataTransfer;
    if (kind === "text") this.say(NO_FILE);
    else if ([...items].some((item) => item.webkitGetAsEntry?.()?.isDirectory)) this.say(FOLDER);
    else if (files.length > 1) this.say(SEVERAL);
    else if (files.length) this.take(files[0]);
  }
}

/** `file`, or `text` outside a field; "" for what is left to the browser: a text in a field, a link of the page. */
function kindOf({ dataTransfer, target }) {
  const types = [...(dataTransfer?.types ?? [])];
  if (types.includes("Files")) return "file";
  const isText = types.includes("text/plain") && !types.includes("text/uri-list");
  return isText && !target.closest?.(EDITED) ? "text" : "";
}

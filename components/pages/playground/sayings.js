// What is said of a run below its program: why it was refused or stopped, what was raised, and what torch means by it.

import { button, element } from "../../browser/shell/dom.js";

/** An element for each of them, with the line it is about. */
export function sayings({ refused, accepted, limit, error, warnings, too_long: tooLong, why }) {
  return [
    ...(refused ? [saying("refused", "refused", refused.text, refused.line)] : []),
    ...(limit ? [saying("limit", "limit", limit.text, limit.line)] : []),
    ...(error && accepted ? raised("error", "error", error, why.length === 0) : []),
    ...warnings.flatMap((warning) => raised("warning", null, warning, false)),
    ...(tooLong ? [saying("note", null, tooLong, null)] : []),
  ];
}

/** A message of torch's, and below it what it means, where that is known. */
function raised(kind, readout, { type, message, line, meaning }, isOpen) {
  const said = saying(kind, readout, `${type}: ${message}`, line);
  return meaning ? [said, explanation(kind, meaning, isOpen)] : [said];
}

function explanation(kind, { says, means, cure }, isOpen) {
  const part = (head, text) => [element("dt", { textContent: head }), element("dd", { textContent: text })];
  const list = [...part("It says", says), ...part("It means", means), ...part("To do", cure)];
  return element("details", { className: `meaning ${kind}`, open: isOpen }, [
    element("summary", { textContent: "What this message means" }),
    element("dl", {}, list),
  ]);
}

function saying(kind, readout, text, line) {
  const place = line ? [button(`line ${line}`, { className: "jump" })] : [];
  const said = element("span", { textContent: text });
  const made = element("p", { className: kind }, [...place, " ", said]);
  if (line) made.dataset.line = line;
  if (readout) {
    said.dataset.readout = readout;
    said.dataset.value = text;
    if (line) said.dataset.line = line;
  }
  return made;
}

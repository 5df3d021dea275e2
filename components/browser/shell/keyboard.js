// Every key of the app in one table: what the list of keys says is what the widgets obey.

const MODIFIERS = ["ctrlKey", "metaKey", "altKey"];
const TYPING = "input:not([type=range], [type=checkbox]), textarea, select, [contenteditable]";
const WALKED = "input, [data-node], [data-edge], [data-group]";
const PRESSED = "button, a, summary";
const OFF = "autograd-explorer-letters";

/**
 * `keys` work wherever nobody types, `free` ones not on sliders and in the graph, `idle` ones not on buttons either;
 * `letter`: one character, which can be switched off. A row without `act` tells of keys that a part of the page, or the
 * browser, obeys by itself.
 */
export const KEYS = {
  page: {
    title: "Everywhere",
    rows: [
      { keys: ["p"], letter: true, act: "present", says: "projector mode, on and off" },
      { keys: ["v"], letter: true, act: "view", says: "the concept, or torch’s full graph" },
      { keys: ["t"], letter: true, act: "timer", says: "a timer of two minutes; pause, and go on" },
      { keys: ["?"], letter: true, act: "keys", says: "this list" },
      { keys: ["Escape"], act: "leave", says: "close what is open; leave projector mode" },
    ],
  },
  walk: {
    title: "Walk through the graph (a clicker too)",
    rows: [
      {
        keys: ["PageDown"], free: ["ArrowRight"], act: "next",
        says: "next step; in projector mode Page Down begins the walk",
      },
      { keys: ["PageUp"], free: ["ArrowLeft"], act: "previous", says: "previous step" },
      { keys: ["Home"], act: "first", says: "first step" },
      { keys: ["End"], act: "last", says: "last step" },
      { keys: [], idle: [" "], act: "play", says: "play and pause" },
      { keys: [], free: ["Escape"], act: "leave", says: "leave the walk" },
    ],
  },
  path: {
    title: "Along a training’s path (a clicker too)",
    rows: [
      { keys: ["PageDown"], free: ["ArrowRight"], act: "next", says: "next step" },
      { keys: ["PageUp"], free: ["ArrowLeft"], act: "previous", says: "previous step" },
      { keys: ["Home"], act: "first", says: "the start" },
      { keys: ["End"], act: "last", says: "the last step" },
      { keys: [], idle: [" "], act: "play", says: "play and pause" },
    ],
  },
  graph: {
    title: "In the graph",
    rows: [
      { keys: ["Tab"], says: "from node to node" },
      {
        keys: ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
        says: "from node to arrow to node, and to neighbours",
      },
      { keys: ["Enter", " "], says: "explain the node or arrow" },
      { keys: ["Escape"], says: "close the explanation" },
      { keys: ["Ctrl + wheel"], says: "zoom, as a pinch does; the curves too" },
    ],
  },
  sliders: {
    title: "On a slider or in its field",
    rows: [
      { keys: ["ArrowLeft", "ArrowRight"], says: "one step (in the field: up and down)" },
      { keys: ["PageUp", "PageDown"], says: "a large step" },
      { keys: ["Home", "End"], says: "smallest and largest value" },
      { keys: ["Enter"], says: "take what was typed" },
      { keys: ["Escape"], says: "forget what was typed" },
    ],
  },
};

/** What a key does in a group of the table, or null: not while someone types, nor with Ctrl, Alt or the like. */
export function actOf(event, group) {
  if (event.defaultPrevented || MODIFIERS.some((name) => event[name]) || isTaken(event)) return null;
  const isFree = !event.target.closest?.(WALKED);
  const isIdle = isFree && !event.target.closest?.(PRESSED);
  const isMeant = ({ keys, free = [], idle = [], letter }) => {
    if (letter && !areLettersOn()) return false;
    return [...keys, ...(isFree ? free : []), ...(isIdle ? idle : [])].includes(event.key);
  };
  return KEYS[group].rows.find((row) => row.act && isMeant(row))?.act ?? null;
}

/** Whether somebody types, or a dialog is open. */
function isTaken({ target }) {
  return Boolean(target.closest?.(TYPING) || document.querySelector("dialog[open]"));
}

/** Whether single letters are keys; kept in this browser, where it keeps anything. */
export function areLettersOn() {
  areOff ??= read();
  return !areOff;
}

export function switchLetters(isOn) {
  areOff = !isOn;
  try {
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "off");
  } catch {
    // Forbidden in some frames: then it holds until the page is left.
  }
}

let areOff = null;

function read() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

// One node and one edge of the drawing: their numbers as attributes, text and spoken sentence.

import { setText, svgElement } from "../shell/dom.js";

const LATER = "later";
const LONGEST = { usual: 8, large: 7 };
const COVERED = "covered"; // kept from the visitor by the address

export class NodeView {
  /** `makeLabels` gives what is written on it, where that is put in place only when it can be read. */
  constructor(root, makeLabels) {
    Object.assign(this, { root, id: root.dataset.node, makeLabels, broken: "", texts: { value: "", grad: "" } });
    this.isLarge = root.classList.contains("large");
    this.findPlaces();
  }

  findPlaces() {
    this.places = { value: this.root.querySelector(".value"), grad: this.root.querySelector(".grad") };
  }

  /** The card's place in the drawing. */
  get box() {
    return (this.card ??= boxOf(this.root.querySelector(".card")));
  }

  fill() {
    if (!this.makeLabels) return;
    this.root.append(...this.makeLabels(this.root));
    this.makeLabels = null;
    this.findPlaces();
    for (const name of ["value", "grad"]) this.write(name, this.texts[name]);
  }

  paint([value, valueText, gradient, gradientText, short]) {
    this.short = short;
    if (this.shown === `${value} ${gradient}`) return false;
    this.shown = `${value} ${gradient}`;
    const data = this.root.dataset;
    data.value = value === LATER ? "None" : value;
    data.grad = gradient === LATER ? "None" : gradient;
    this.covered = { value: value === COVERED, gradient: gradient === COVERED };
    this.write("value", valueText);
    this.write("grad", gradientText);
    this.later = { value: value === LATER, gradient: gradient === LATER };
    this.root.classList.toggle("later", this.later.value);
    const isUndefined = [value, gradient].includes("nan");
    const broken = [isBroken(value) && "value", isBroken(gradient) && "grad", isUndefined && "undefined"];
    this.mark(broken.filter(Boolean).join(" "));
    this.root.setAttribute("aria-label", this.sentence(whole(valueText, value), whole(gradientText, gradient)));
    return true;
  }

  /** A number too long for its place stands there in smaller figures. */
  write(name, text) {
    this.texts[name] = text;
    const place = this.places[name];
    if (!place) return;
    setText(place, text);
    const isLong = text.length > LONGEST[this.isLarge ? "large" : "usual"];
    if (isLong !== place.isLong) place.classList.toggle("long", (place.isLong = isLong));
  }

  colour(level) {
    if (level === this.level) return;
    this.level = level;
    if (level === undefined) delete this.root.dataset.level;
    else this.root.dataset.level = level;
  }

  mark(broken) {
    if (broken === this.broken) return;
    this.broken = broken;
    if (broken) this.root.dataset.broken = broken;
    else delete this.root.dataset.broken;
  }

  /** With the numbers for people, or with all their digits. */
  sentence(value = pretty(this.root.dataset.value), gradient = pretty(this.root.dataset.grad)) {
    return `${this.root.dataset.spoken}: ${this.spokenValue(value)}${this.spokenGradient(gradient)}.`;
  }

  spokenValue(value) {
    if (this.covered.value) return "value covered";
    return this.later.value ? "not computed yet" : `value ${value}`;
  }

  spokenGradient(gradient) {
    const { grad, op } = this.root.dataset;
    if (this.covered.gradient) return ", gradient covered";
    if (this.later.gradient) return ", gradient not arrived yet";
    if (grad === "None") return op === "input" ? "" : ", no gradient";
    return `, gradient ${gradient}`;
  }
}

export class EdgeView {
  /** `labels` are what is written on it, and where; see NodeView. */
  constructor(root, nodes, labels) {
    Object.assign(this, { root, id: root.dataset.edge, labels, hasReach: !labels, text: "" });
    this.line = root.querySelector(".line");
    this.findPlaces();
    this.consumer = nodes.get(root.dataset.from);
    this.input = nodes.get(root.dataset.to);
    root.setAttribute("role", "button");
    root.setAttribute("tabindex", "-1");
    root.setAttribute("aria-pressed", "false");
  }

  findPlaces() {
    this.flow = this.root.querySelector(".flow");
    this.ahead = this.root.querySelector(".ahead");
  }

  /** A line that passes may be written on far away: that is put in place where it lies in this part of the drawing. */
  fill({ left, top, right, bottom }) {
    if (!this.hasReach) this.reach();
    const { labels } = this;
    if (!labels || labels.x < left || labels.x > right || labels.y < top || labels.y > bottom) return;
    this.root.append(labels.make());
    this.labels = null;
    this.findPlaces();
    setText(this.flow, this.text);
    setText(this.ahead, this.input.short);
  }

  /** The place of the line for a pointer. */
  reach() {
    const d = this.root.querySelector(".forward-line").getAttribute("d");
    this.root.prepend(svgElement("path", { class: "reach", d }));
    this.hasReach = true;
  }

  /** Nodes are painted before edges, so the value that flows ahead stands in its node already. */
  paint([local, gradient, text, kind, width]) {
    const data = this.root.dataset;
    this.carry(this.input);
    const upstream = this.consumer.root.dataset.grad;
    if (this.shown === `${local} ${gradient} ${upstream}`) return false;
    this.shown = `${local} ${gradient} ${upstream}`;
    data.local = local === LATER ? "None" : local;
    data.grad = gradient === LATER ? "None" : gradient;
    if (data.kind !== kind) data.kind = kind;
    this.text = text;
    if (this.flow) setText(this.flow, text);
    if (this.width !== width) this.line.style.strokeWidth = this.width = width;
    this.root.setAttribute("aria-label", this.sentence());
    return true;
  }

  /** What goes ahead: the input's value, once there is one and where it is not covered. */
  carry({ short, later }) {
    const said = `${short} ${later.value}`;
    if (this.said === said) return;
    this.said = said;
    if (this.ahead) setText(this.ahead, short);
    this.root.classList.toggle("later", later.value);
    this.root.classList.toggle("unsaid", short === "");
  }

  sentence() {
    const { local, grad, kind } = this.root.dataset;
    const [from, to] = [this.consumer, this.input].map((node) => node.root.dataset.called);
    if (grad === COVERED) return `From ${from} back to ${to}: the gradient is covered.`;
    if (kind === "later") return `From ${from} back to ${to}: no gradient has passed here yet.`;
    if (grad === "None") return `${from} uses ${to}, which takes no gradient: nothing flows back here.`;
    if (local === "None") return `From ${from} back to ${to}: ${pretty(grad)} is passed on.`;
    const product = `${pretty(local)} × upstream gradient ${pretty(this.consumer.root.dataset.grad)}`;
    return `From ${from} back to ${to}: local derivative ${product} = ${pretty(grad)}, passed on.`;
  }
}

function boxOf(card) {
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(card.getAttribute(name)));
  return { x, y, width, height };
}

function isBroken(exact) {
  return /nan|inf/.test(exact);
}

/** The number for people; of a list that does not fit, every entry with all its digits. */
function whole(text, exact) {
  return text.includes("…") ? pretty(exact) : text;
}

function pretty(exact) {
  return exact.replace("inf", "∞").replaceAll("-", "−");
}

import { channelOf } from "../channel.js";
import { loadPlotly } from "../load_plotly.js";
import { styles } from "../styles.js";
import { setEquation } from "../typeset.js";

await Promise.all([styles("../page.css", import.meta.url), styles("opinions.css", import.meta.url)]);

const REST_MS = 140;

export default function render({ parentElement, data }) {
  const view = parentElement.opinions ?? (parentElement.opinions = new Opinions(parentElement, channelOf(data.page)));
  return () => view.close();
}

/** Numbers are asked for, and drawn, only while a part of it is open. */
class Opinions {
  constructor(parent, channel) {
    this.channel = channel;
    this.root = parent.querySelector(".opinions");
    this.plot = this.root.querySelector(".plot");
    this.lines = this.root.querySelector(".lines");
    this.slider = this.root.querySelector("input");
    this.output = this.root.querySelector("output");
    for (const part of this.parts()) part.addEventListener("toggle", () => this.opened());
    this.slider.addEventListener("input", () => this.choose(false));
    this.slider.addEventListener("change", () => this.choose(true));
    this.resize = new ResizeObserver(() => this.draw());
    this.resize.observe(this.plot);
    this.unsubscribe = channel.subscribe((message, structure) => this.update(message, structure));
  }

  close() {
    this.unsubscribe();
    this.resize.disconnect();
    clearTimeout(this.rest);
  }

  parts() {
    return [...this.root.querySelectorAll("details")];
  }

  opened() {
    const wanted = this.parts().some((part) => part.open);
    if (wanted !== this.wanted) this.channel.submit({ with_more: (this.wanted = wanted) });
    this.draw();
  }

  choose(released) {
    this.channel.submit({ look: { ...this.look, h: `1e${this.slider.value}` }, released });
  }

  update({ opinions, graph: { look } }, structure) {
    this.look = look;
    if (!opinions) return;
    this.opinions = opinions;
    this.figure = structure.opinions;
    const digits = opinions.h.split("-")[1];
    if (this.slider.value !== `-${digits}`) this.slider.value = `-${digits}`;
    this.output.textContent = `10⁻${[...digits].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`;
    this.slider.setAttribute("aria-valuetext", opinions.h);
    this.write(opinions.lines);
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.draw(), REST_MS);
  }

  write(lines) {
    while (this.lines.children.length < lines.length) {
      const [label, math] = ["label", "math"].map((className) => Object.assign(document.createElement("span"), { className }));
      const item = document.createElement("li");
      item.append(label, math);
      this.lines.append(item);
    }
    lines.forEach(({ label, math }, i) => {
      const [name, place] = this.lines.children[i].children;
      if (name.textContent !== label) name.textContent = label;
      setEquation(place, math);
    });
  }

  /** Once the hand rests: Plotly takes some 20 ms. */
  async draw() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (!this.opinions || !width) return;
    const Plotly = await loadPlotly().catch(() => null);
    if (!Plotly) return void (this.plot.textContent = "The plot could not be loaded. Reload the page to try again.");
    const { dw, db, here } = this.opinions;
    const style = getComputedStyle(this.root);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const [byW, byB, spot] = structuredClone(this.figure.traces);
    Object.assign(byW, { y: dw, line: { ...byW.line, color: colour("st-orange-color") }, marker: { ...byW.marker, color: colour("st-orange-color") } });
    Object.assign(byB, { y: db, line: { ...byB.line, color: colour("st-blue-color") }, marker: { ...byB.marker, color: colour("st-blue-color") } });
    Object.assign(spot, { x: [here[0]], y: [here[1]], marker: { ...spot.marker, color: colour("st-primary-color") } });
    Plotly.react(this.plot, [byW, byB, spot], this.layout(width, height, colour), { displayModeBar: false });
  }

  layout(width, height, colour) {
    const { xaxis, yaxis } = structuredClone(this.figure.layout);
    for (const axis of [xaxis, yaxis]) Object.assign(axis, { gridcolor: colour("st-border-color"), zeroline: false });
    return {
      xaxis, yaxis, width, height, uirevision: "kept", hovermode: "closest",
      margin: { l: 60, r: 10, t: 10, b: 44 },
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: colour("st-font"), color: colour("st-text-color"), size: 13 },
      legend: { x: 0.5, xanchor: "center", y: 1, orientation: "h" },
    };
  }
}

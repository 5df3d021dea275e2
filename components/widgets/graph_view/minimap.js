// The whole graph in a corner while only a part of it fills the window; drag in it to look elsewhere.

const SVG = "http://www.w3.org/2000/svg";

export class Minimap {
  constructor(root, panZoom) {
    this.root = root;
    this.panZoom = panZoom;
    panZoom.onView((box, isPart) => this.show(box, isPart));
    root.addEventListener("pointerdown", (event) => this.look(event));
    root.addEventListener("pointermove", (event) => event.buttons && this.look(event));
  }

  attach(svg) {
    const { x, y, width, height } = this.panZoom.whole;
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    for (const card of svg.querySelectorAll(".node > .card")) {
      const copy = card.cloneNode();
      copy.setAttribute("transform", card.parentNode.getAttribute("transform"));
      this.svg.append(copy);
    }
    this.frame = document.createElementNS(SVG, "rect");
    this.frame.setAttribute("class", "seen");
    this.svg.append(this.frame);
    this.root.replaceChildren(this.svg);
    this.show(this.panZoom.box, this.panZoom.isPart());
  }

  show(box, isPart) {
    this.root.hidden = !isPart;
    if (!isPart || !this.frame) return;
    for (const side of ["x", "y", "width", "height"]) this.frame.setAttribute(side, box[side]);
  }

  look({ clientX, clientY }) {
    const at = new DOMPoint(clientX, clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    this.panZoom.centre(at);
  }
}

// The drawing as a file of its own: what the page shows of it now, its colours and typefaces inside.

import { element, svgElement } from "../shell/dom.js";

const GROUPS = ["g", "defs", "marker"];
const DRAWN = ["path", "rect", "line", "circle", "ellipse", "polyline", "polygon", "text"];
const PLACING = `id transform d points x y width height rx ry cx cy r x1 y1 x2 y2
  viewBox refX refY markerWidth markerHeight markerUnits orient`.split(/\s+/);
const STROKE = {
  "stroke-width": "1px",
  "stroke-dasharray": "none",
  "stroke-linecap": "butt",
  "stroke-linejoin": "miter",
};
const TEXT = {
  "font-size": "",
  "font-weight": "400",
  "font-style": "normal",
  "text-anchor": "start",
  "letter-spacing": "normal",
};
const INSTALLED_AS = {
  "Source Sans": ["Source Sans 3", "Source Sans Pro"],
  "Source Serif": ["Source Serif 4", "Source Serif Pro"],
};
/** Faces that are as narrow. */
const STAND_INS = {
  "Source Sans": ["Arial", "Liberation Sans"],
  "Source Serif": ["Georgia", "Liberation Serif", "Times New Roman"],
};
const EDGE_PX = 24;
const LEGEND = ".colour-view .levels:not([hidden])";
const LEGEND_GAP_PX = 8;
const BASELINE = 0.74; // of a text's height
const DASHES = { dotted: "1 3", dashed: "4 3", solid: "none" };

/** A file's text: no script, no variable, nothing to fetch. */
export async function asSvg(svg) {
  const frame = svg.getBoundingClientRect();
  const box = visible(svg.viewBox.baseVal, frame);
  const fonts = [];
  const drawn = copies(svg, frame, fonts);
  const scale = frame.width / box.width;
  const legend = legendOf(svg, (x) => round(box.x + x / scale), (y) => round(box.y + box.height + y / scale), fonts);
  box.height = round(box.height + legend.height / scale);
  const [width, height] = [round(frame.width), round(frame.height + legend.height)];
  const file = svgElement("svg", { width, height, viewBox: Object.values(box).join(" ") });
  const sheet = svgElement("rect", { ...box, fill: behind(svg) });
  file.append(svgElement("defs"), sheet, ...drawn, ...legend.parts.map((part) => scaled(part, scale)));
  const style = file.firstChild.appendChild(svgElement("style"));
  style.textContent = await embedded(fonts);
  return new XMLSerializer().serializeToString(file);
}

/** A Blob, `scale` pixels for each one on the page. */
export async function asPng(svg, scale = 2) {
  const src = URL.createObjectURL(new Blob([await asSvg(svg)], { type: "image/svg+xml" }));
  const image = Object.assign(new Image(), { src });
  await image.decode().finally(() => URL.revokeObjectURL(src));
  const { width, height } = image;
  const canvas = element("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => {
    canvas.toBlob(resolve, "image/png");
  });
}

/** The part of the drawing that fills the frame: the view box and the room beside it. */
function visible({ x, y, width, height }, frame) {
  const scale = Math.min(frame.width / width, frame.height / height);
  const [wide, high] = [frame.width / scale, frame.height / scale];
  const [left, top] = [round(x - (wide - width) / 2), round(y - (high - height) / 2)];
  return { x: left, y: top, width: round(wide), height: round(high) };
}

/** The legend of the drawing's colours, to be set below it, where there is one, and its height in pixels. */
function legendOf(svg, across, down, fonts) {
  const legend = svg.querySelector("[data-level]") && svg.closest(".page")?.querySelector(LEGEND);
  if (!legend) return { parts: [], height: 0 };
  const { left, top, height } = legend.getBoundingClientRect();
  const at = (x, y) => ({ x: across(x - left + LEGEND_GAP_PX), y: down(y - top + LEGEND_GAP_PX) });
  const inLine = [...legend.querySelectorAll("i, span")].filter((part) => part.getClientRects().length === 1);
  const samples = inLine.filter(({ localName }) => localName === "i").map((part) => sampleOf(part, at));
  const texts = inLine.filter((part) => part.localName === "span" && !part.firstElementChild && part.textContent);
  return { parts: [...samples, ...texts.map((part) => wordsOf(part, at, fonts))], height: height + 2 * LEGEND_GAP_PX };
}

function sampleOf(part, at) {
  const { x, y, width, height } = part.getBoundingClientRect();
  const { backgroundColor, borderTopStyle, borderTopWidth, borderTopColor } = getComputedStyle(part);
  const [fill, alpha] = plain(backgroundColor);
  const line = { "stroke-width": parseFloat(borderTopWidth), "stroke-dasharray": DASHES[borderTopStyle] ?? "none" };
  const outline = borderTopStyle === "none" ? {} : { stroke: plain(borderTopColor)[0], ...line };
  return svgElement("rect", { ...at(x, y), width, height, fill: alpha ? fill : "none", ...outline });
}

function wordsOf(part, at, fonts) {
  const { x, y, height } = part.getBoundingClientRect();
  const computed = getComputedStyle(part);
  const [fill] = plain(computed.color);
  const attributes = { ...at(x, y + BASELINE * height), ...lettering(computed, fonts), fill };
  return svgElement("text", attributes, [part.textContent]);
}

/** A part measured in pixels, in the units of a drawing of which `scale` pixels take one. */
function scaled(part, scale) {
  for (const name of ["width", "height", "font-size", "stroke-width"]) {
    if (part.hasAttribute(name)) part.setAttribute(name, round(part.getAttribute(name) / scale));
  }
  const dashes = part.getAttribute("stroke-dasharray")?.split(" ").map((dash) => round(dash / scale));
  if (dashes?.every(Number.isFinite)) part.setAttribute("stroke-dasharray", dashes.join(" "));
  return part;
}

function copies(parent, frame, fonts) {
  return [...parent.children].map((live) => copyOf(live, frame, fonts)).filter(Boolean);
}

function copyOf(live, frame, fonts) {
  const computed = getComputedStyle(live);
  if (GROUPS.includes(live.localName)) {
    const group = svgElement(live.localName, placing(live, computed));
    group.append(...copies(live, frame, fonts));
    return group.firstChild && group;
  }
  const painted = painting(computed);
  if (!DRAWN.includes(live.localName) || !isSeen(live, computed, painted, frame)) return null;
  if (live.localName !== "text") return svgElement(live.localName, { ...placing(live, computed), ...painted });
  return written(live, { ...placing(live, computed), ...lettering(computed, fonts) }, painted);
}

/** A text; with its outline as another text beneath it, for programs that do not know `paint-order`. */
function written({ textContent }, attributes, { fill, "fill-opacity": opacity, ...outline }) {
  const write = (painted) => svgElement("text", { ...attributes, ...painted }, [textContent]);
  const text = write({ fill, ...(opacity && { "fill-opacity": opacity }) });
  if (!outline.stroke) return text;
  const both = svgElement("g");
  both.append(write({ fill: "none", ...outline }), text);
  return both;
}

function isSeen(live, computed, painted, frame) {
  if (live.closest("marker")) return true;
  const [box] = live.getClientRects();
  return Boolean(box) && !isBlank(live, computed, painted) && isNear(box, frame);
}

function isBlank(live, computed, { fill, stroke }) {
  if (computed.visibility !== "visible" || computed.opacity === "0") return true;
  return (fill === "none" && !stroke) || (live.localName === "text" && !live.textContent);
}

function isNear(box, frame) {
  const isBeside = box.right < frame.left - EDGE_PX || box.left > frame.right + EDGE_PX;
  return !isBeside && box.bottom > frame.top - EDGE_PX && box.top < frame.bottom + EDGE_PX;
}

function placing(live, computed) {
  const placed = PLACING.filter((name) => live.hasAttribute(name)).map((name) => [name, live.getAttribute(name)]);
  return { ...Object.fromEntries(placed), ...unusual(computed, { transform: "none", opacity: "1" }) };
}

function painting(computed) {
  const line = paint(computed, "stroke");
  const outline = line.stroke === "none" ? {} : { ...line, ...unusual(computed, STROKE) };
  return { ...paint(computed, "fill"), ...outline, ...markers(computed) };
}

function markers(computed) {
  const ids = ["marker-start", "marker-end"].map((name) => [name, computed.getPropertyValue(name).match(/#[^"')]+/)]);
  return Object.fromEntries(ids.filter(([, id]) => id).map(([name, [id]]) => [name, `url(${id})`]));
}

function lettering(computed, fonts) {
  const families = namesIn(computed.fontFamily);
  fonts.push({ families, style: computed.fontStyle, weight: computed.fontWeight });
  const list = new Set(families.flatMap((name) => [...(INSTALLED_AS[name] ?? [name]), ...(STAND_INS[name] ?? [])]));
  const figures = computed.fontVariantNumeric;
  return {
    "font-family": [...list].map((name) => (name.includes(" ") ? `'${name}'` : name)).join(", "),
    ...unusual(computed, TEXT),
    ...(figures !== "normal" && { style: `font-variant-numeric: ${figures}` }),
  };
}

function unusual(computed, usual) {
  const names = Object.keys(usual).filter((name) => computed.getPropertyValue(name) !== usual[name]);
  return Object.fromEntries(names.map((name) => [name, computed.getPropertyValue(name).replaceAll("px", "")]));
}

function paint(computed, name) {
  const [colour, alpha] = plain(computed.getPropertyValue(name));
  const opacity = round(alpha * computed.getPropertyValue(`${name}-opacity`));
  if (!opacity) return { [name]: "none" };
  return { [name]: colour, ...(opacity < 1 && { [`${name}-opacity`]: opacity }) };
}

/** `#rrggbb` and alpha of a computed colour: drawing programs know neither `color(srgb …)` nor `rgba(…)`. */
function plain(colour) {
  const numbers = (colour === "none" ? "0 0 0 0" : colour).match(/[\d.]+(?:e-?\d+)?/g).map(Number);
  const [red, green, blue, alpha = 1] = numbers;
  const most = colour.startsWith("color(") ? 1 : 255;
  const digits = (part) => Math.round((part / most) * 255).toString(16).padStart(2, "0");
  return [`#${[red, green, blue].map(digits).join("")}`, alpha];
}

function behind(part) {
  const [colour, alpha] = plain(getComputedStyle(part).backgroundColor);
  return alpha || !part.parentElement ? colour : behind(part.parentElement);
}

/** The page's own faces that these texts are set in, as style rules; one that cannot be had is left out. */
async function embedded(fonts) {
  const sheets = [...document.styleSheets].filter(({ href }) => !href || href.startsWith(location.origin));
  const rules = sheets.flatMap(({ cssRules }) => [...cssRules]).filter((rule) => rule instanceof CSSFontFaceRule);
  const used = rules.filter(({ style }) => fonts.some((font) => serves(style, font)));
  return (await Promise.all(used.map((rule) => faceOf(rule).catch(() => "")))).join("");
}

function serves(rule, { families, style, weight }) {
  const [lightest, heaviest = lightest] = rule.getPropertyValue("font-weight").split(" ").map(Number);
  if (weight < lightest || weight > heaviest) return false;
  if (style !== (rule.getPropertyValue("font-style") || "normal")) return false;
  return families.includes(namesIn(rule.getPropertyValue("font-family"))[0]);
}

async function faceOf({ style, parentStyleSheet }) {
  const told = (name) => style.getPropertyValue(name) || "normal";
  const address = told("src").match(/url\(["']?([^"')]+)/)[1];
  const response = await fetch(new URL(address, parentStyleSheet.href ?? document.baseURI));
  if (!response.ok) return "";
  const reader = new FileReader();
  reader.readAsDataURL(await response.blob());
  await new Promise((resolve) => {
    reader.addEventListener("loadend", resolve);
  });
  const [family] = namesIn(told("font-family"));
  const name = INSTALLED_AS[family]?.[0] ?? family;
  const face = `font-style:${told("font-style")};font-weight:${told("font-weight")}`;
  return `@font-face{font-family:'${name}';${face};src:url(${reader.result})}`;
}

function namesIn(list) {
  return list.replaceAll(/["']/g, "").split(/\s*,\s*/);
}

function round(number) {
  return Math.round(number * 100) / 100;
}

// Moves what Plotly has drawn without asking Plotly to draw it again: a full Plotly.react of these curves costs some
// 50 ms, more than a whole update may take. Plotly's own axes say where a number is; react follows once the hand rests.
//
// The only file that names what is private to Plotly. There is no public way to ask for any of it:
//   plot._fullData      which of the drawn traces is whose (`uid`, part of a class name), and the axes it is drawn on
//   plot._fullLayout    the axes as they are drawn, after a zoom too
//   axis.l2p            where on an axis a number is, in pixels
//   axis._offset        where in the figure an axis begins, in pixels
//   axis._length        how long it is, in pixels

const BENT = new Set(["curve", "other"]);

/** The axes of a trace as they are drawn: where each begins, its length, its range, and where on it a number is. */
export function axesOf(plot, { xaxis = "x", yaxis = "y" }) {
  const [x, y] = axisNames({ xaxis, yaxis }).map((name) => plot._fullLayout[name]);
  return { x: measured(x), y: measured(y) };
}

function measured(axis) {
  const { _offset: offset, _length: length, range } = axis;
  return { offset, length, range, toPixels: (value) => axis.l2p(value), toNumber: (pixels) => axis.p2l(pixels) };
}

/** Where each trace is drawn, looked up after every react: its line's segments, its marker, its axes' names. */
export function places(plot) {
  return plot._fullData.map((trace, i) => {
    const root = plot.querySelector(`.trace${trace.uid}`);
    return {
      lines: [...(root?.querySelectorAll(".js-line") ?? [])],
      y: BENT.has(plot.data[i].role) ? trace.y : null,
      markers: [...(root?.querySelectorAll(".point") ?? [])],
      axes: axisNames(trace),
    };
  });
}

/**
 * Puts every trace's numbers at its known place; false where a shape is missing and Plotly has to make it. What is no
 * line and no marker stands still.
 */
export function repaint(plot, known) {
  return plot.data.every((trace, i) => {
    if (!trace.mode) return true;
    const place = known[i];
    const [x, y] = place.axes.map((name) => plot._fullLayout[name]);
    if (trace.mode.includes("markers") && !moveMarkers(place.markers, trace, x, y)) return false;
    if (!trace.mode.includes("lines") || trace.y === place.y) return true;
    place.y = BENT.has(trace.role) ? trace.y : null;
    return bendLine(place.lines, outline(trace, x, y));
  });
}

function axisNames({ xaxis, yaxis }) {
  return [xaxis.replace("x", "xaxis"), yaxis.replace("y", "yaxis")];
}

/** A marker for each number that is not a gap. */
function moveMarkers(markers, { x: across, y: upwards }, x, y) {
  const drawn = upwards.map((_, i) => i).filter((i) => upwards[i] !== null);
  if (markers.length !== drawn.length) return false;
  markers.forEach((marker, n) => {
    marker.setAttribute("transform", `translate(${x.l2p(across[drawn[n]])},${y.l2p(upwards[drawn[n]])})`);
  });
  return true;
}

function bendLine(lines, path) {
  if (!lines.length) return path === "";
  lines[0].setAttribute("d", path || "M0,0");
  for (const line of lines.slice(1)) line.setAttribute("d", "M0,0");
  return true;
}

function outline({ x, y }, xAxis, yAxis) {
  let path = "";
  let pen = "M";
  for (let i = 0; i < x.length; i++) {
    if (y[i] === null) {
      pen = "M";
    } else {
      path += `${pen}${xAxis.l2p(x[i]).toFixed(1)},${yAxis.l2p(y[i]).toFixed(1)}`;
      pen = "L";
    }
  }
  return path;
}

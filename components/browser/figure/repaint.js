// Moves what Plotly has drawn without asking Plotly to draw it again: a full Plotly.react of these curves costs some
// 50 ms, more than a whole update may take. Plotly's own axes say where a number is; react follows once the hand rests.

const BENT = new Set(["curve", "other"]);

/** Where each trace is drawn, looked up after every react: its line's segments, its marker, its axes' names. */
export function places(plot) {
  return plot._fullData.map((trace, i) => {
    const root = plot.querySelector(`.trace${trace.uid}`);
    return {
      lines: [...(root?.querySelectorAll(".js-line") ?? [])],
      y: BENT.has(plot.data[i].role) ? trace.y : null,
      marker: root?.querySelector(".point") ?? null,
      axes: [trace.xaxis.replace("x", "xaxis"), trace.yaxis.replace("y", "yaxis")],
    };
  });
}

/** Puts every trace's current numbers on the screen; false where a shape is missing and Plotly has to make it. */
export function repaint(plot, places) {
  return plot.data.every((trace, i) => {
    const { lines, marker, axes } = places[i];
    const [x, y] = axes.map((name) => plot._fullLayout[name]);
    if (trace.mode === "markers") return moveMarker(marker, x.l2p(trace.x[0]), trace.y[0] === null ? null : y.l2p(trace.y[0]));
    if (trace.y === places[i].y) return true;
    places[i].y = BENT.has(trace.role) ? trace.y : null;
    return bendLine(lines, outline(trace, x, y));
  });
}

function moveMarker(marker, x, y) {
  if ((marker === null) !== (y === null)) return false;
  marker?.setAttribute("transform", `translate(${x},${y})`);
  return true;
}

function bendLine(lines, outline) {
  if (!lines.length) return outline === "";
  lines[0].setAttribute("d", outline || "M0,0");
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

// The arrow keys walk the graph: from a node to an arrow, from an arrow to the node at its end; across to neighbours.

const ALONG = { LR: ["ArrowLeft", "ArrowRight"], TB: ["ArrowUp", "ArrowDown"] };
const ACROSS = { LR: ["ArrowUp", "ArrowDown"], TB: ["ArrowLeft", "ArrowRight"] };

/** The part that an arrow key leads to from `part` (both elements), or null. */
export function neighbour(key, part, { nodes, edges, direction }) {
  const along = ALONG[direction].indexOf(key);
  const across = ACROSS[direction].indexOf(key);
  if (along < 0 && across < 0) return null;
  if (part.dataset.edge) return along >= 0 ? endOf(part, along, nodes) : sibling(part, across, edges, direction);
  if (along < 0) return beside(part, across, nodes, direction);
  const end = along ? "to" : "from";
  return ordered(edges.map(rootOf).filter((edge) => edge.dataset[end] === part.dataset.node), direction)[0] ?? null;
}

function rootOf({ root }) {
  return root;
}

/** Towards the inputs (0) or towards the result (1). */
function endOf(edge, along, nodes) {
  const id = along ? edge.dataset.from : edge.dataset.to;
  return nodes.map(rootOf).find((node) => node.dataset.node === id) ?? null;
}

/** The next arrow that begins or ends at the same node. */
function sibling(edge, across, edges, direction) {
  const { from, to } = edge.dataset;
  const fan = ordered(
    edges.map(rootOf).filter(({ dataset }) => dataset.from === from || dataset.to === to),
    direction,
  );
  return fan[fan.indexOf(edge) + (across ? 1 : -1)] ?? null;
}

/** The nearest node above or below, in the same column as far as there is one. */
function beside(node, across, nodes, direction) {
  const here = middle(node, direction);
  const side = across ? 1 : -1;
  const others = nodes.map(rootOf)
    .filter((other) => Math.sign(middle(other, direction).across - here.across) === side);
  const far = (other) => {
    const there = middle(other, direction);
    return 3 * Math.abs(there.along - here.along) + Math.abs(there.across - here.across);
  };
  return others.sort((a, b) => far(a) - far(b))[0] ?? null;
}

function ordered(parts, direction) {
  return parts.sort((a, b) => middle(a, direction).across - middle(b, direction).across);
}

function middle(part, direction) {
  const { left, top, width, height } = part.getBoundingClientRect();
  const [x, y] = [left + width / 2, top + height / 2];
  return direction === "LR" ? { along: x, across: y } : { along: y, across: x };
}

// What a Line needs of the browser: its socket, clock, frames and address.

/** `fallback(event)` is the way to the server where no socket can be opened. */
export function surroundings(fallback) {
  return {
    open: openSocket,
    now: () => Date.now(),
    setTimer: (callback, delay) => setTimeout(callback, delay),
    clearTimer: (timer) => clearTimeout(timer),
    nextFrame: (callback) => requestAnimationFrame(() => callback()),
    query: () => location.search,
    latency,
    fallback,
  };
}

/** Has the line looked after when the network is back, or the page is seen again; returns how to stop. */
export function wakeWith(line) {
  const wake = () => document.hidden || line.wake();
  const places = [[window, "online"], [window, "pageshow"], [document, "visibilitychange"]];
  for (const [place, name] of places) place.addEventListener(name, wake);
  return () => places.forEach(([place, name]) => place.removeEventListener(name, wake));
}

/** How long the server took to answer when the page was asked for. */
function latency() {
  const [asked] = performance.getEntriesByType("navigation");
  return asked ? Math.max(asked.responseStart - asked.requestStart, 0) : 0;
}

function openSocket(handlers) {
  const address = new URL("live", document.baseURI);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => handlers.opened();
  socket.onmessage = ({ data }) => handlers.message(new Uint8Array(data));
  socket.onclose = () => handlers.closed();
  return socket;
}

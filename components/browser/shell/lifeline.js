import { channelOf } from "../channel.js";
import { styles } from "../styles.js";

await styles("../page.css", import.meta.url);

export default function render({ parentElement, data, setStateValue }) {
  const channel = channelOf(data.page);
  parentElement.stop?.();
  const line = parentElement.querySelector(".lifeline") ?? document.createElement("div");
  line.className = "lifeline";
  line.setAttribute("role", "status");
  parentElement.append(line);
  channel.setReviver((count) => setStateValue("revive", `${Date.now()}.${count}`));
  parentElement.stop = channel.onStatus((unanswered) => {
    line.textContent = unanswered ? "The server does not answer. Your values are kept; trying again…" : "";
  });
  return () => {
    parentElement.stop();
    channel.setReviver(null);
  };
}

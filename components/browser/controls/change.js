// A change of the page's values by the visitor's hand.

import { spell } from "../shell/spelling.js";

/** Sends the values; a released change is in the address within the gesture's own event. */
export function change({ line, address, skeleton }, values, released) {
  line.change(values, released);
  const parameters = released && spell(line.chosen.values, skeleton.defaults, skeleton.separators);
  if (parameters) address.writeAhead(parameters);
}

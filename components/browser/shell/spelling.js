// Values as an address says them, as the server spells them too.

/** Parameters by name, null where `defaults` say the same; null for all where a value is a text still to be read. */
export function spell(values, defaults) {
  const entries = Object.entries(defaults).map(([name, usual]) => [name, values[name], usual]);
  if (!entries.every(([, value, usual]) => isRead(value, usual))) return null;
  return Object.fromEntries(entries.map(([name, value, usual]) => [name, isSaid(value, usual) ? write(value) : null]));
}

function isRead(value, usual) {
  if (!Array.isArray(usual)) return typeof value === typeof usual;
  return Array.isArray(value) && value.every((one) => !usual.length || typeof one === typeof usual[0]);
}

/** A default of one entry stands for a list of any length. */
function isSaid(value, usual) {
  if (Array.isArray(value) && usual.length === 1) return value.some((one) => one !== usual[0]);
  return String(value) !== String(usual);
}

function write(value) {
  return typeof value === "boolean" ? String(Number(value)) : String(value);
}

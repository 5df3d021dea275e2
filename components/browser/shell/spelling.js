// Values as an address says them, as the server spells them too.

/**
 * Parameters by name, null where `defaults` say the same; null for all where a value is a text still to be read.
 * `separators` are those of lists that have another one than the comma.
 */
export function spell(values, defaults, separators = {}) {
  const entries = Object.entries(defaults).map(([name, usual]) => [name, values[name], usual]);
  if (!entries.every(([, value, usual]) => isRead(value, usual))) return null;
  return Object.fromEntries(entries.map(([name, value, usual]) => {
    return [name, isSaid(value, usual) ? write(value, separators[name]) : null];
  }));
}

function isRead(value, usual) {
  if (!Array.isArray(usual)) return typeof value === typeof usual;
  return Array.isArray(value) && value.every((one) => !usual.length || isRead(one, usual[0]));
}

/** A default of one entry stands for a list of any length. */
function isSaid(value, usual) {
  if (Array.isArray(value) && usual.length === 1) return value.some((one) => one !== usual[0]);
  return String(value) !== String(usual);
}

function write(value, separator = ",") {
  if (Array.isArray(value)) return value.join(separator);
  return typeof value === "boolean" ? String(Number(value)) : String(value);
}

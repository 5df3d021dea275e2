// An element with its properties, its role and what it contains.

export function element(tag, properties, children = []) {
  const { role, ...rest } = properties;
  const made = Object.assign(document.createElement(tag), rest);
  if (role) made.setAttribute("role", role);
  made.append(...children);
  return made;
}

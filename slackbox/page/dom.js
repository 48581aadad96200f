// Builds elements whose text can only ever be text: nothing here reads markup.

/** An element with properties, listeners (`onclick`), `data` and `aria` maps, and children. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(node, name, value);
  append(node, children);
  return node;
}

function set(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "class") node.className = value;
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "aria") for (const [key, text] of Object.entries(value)) aria(node, key, text);
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name in node && typeof value !== "string") node[name] = value;
  else node.setAttribute(name, value);
}

/** Sets or takes away one ARIA attribute. */
export function aria(node, key, text) {
  if (text === undefined || text === null) node.removeAttribute(`aria-${key}`);
  else node.setAttribute(`aria-${key}`, String(text));
}

/** Adds children; strings become text nodes, empty ones are left out. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    node.append(child);
  }
  return node;
}

/** Empties a node and fills it anew. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

let count = 0;

/** An id no other element has. */
export function unique(prefix) {
  count += 1;
  return `${prefix}-${count}`;
}

const SVG = "http://www.w3.org/2000/svg";

/** A drawing from our own list of paths; `paths` is [[tag, attributes], …]. */
export function drawing(paths, { label, className = "icon", viewBox = "0 0 20 20" } = {}) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", viewBox);
  svg.setAttribute("class", className);
  if (label) {
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", label);
  } else svg.setAttribute("aria-hidden", "true");
  for (const [tag, attributes] of paths) {
    const part = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    svg.append(part);
  }
  return svg;
}

// Making elements. Text is only ever put in as text: a prompt may hold markup.

function fill(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "class") node.className = value;
  else if (name === "value" || name === "selected" || name === "checked" || name === "open") node[name] = value;
  else node.setAttribute(name, value === true ? "" : String(value));
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** An element with attributes (`onclick` and the like are listeners) and children; strings become text. */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  append(node, children);
  for (const [key, value] of Object.entries(attributes ?? {})) fill(node, key, value);
  return node;
}

/** The same in SVG. */
export function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined) node.setAttribute(key, String(value));
  }
  return append(node, children);
}

/** Puts children in place of what an element has. */
export function replace(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** A part of a page with a heading. */
export function card(title, ...children) {
  const heading = el("h2", {}, title);
  return el("section", { class: "card", "aria-label": title }, heading, children);
}

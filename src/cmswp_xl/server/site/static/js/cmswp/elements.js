// Small ways to make elements; text is always text and never markup.

const SVG = "http://www.w3.org/2000/svg";

export function element(name, { className = "", text = null, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== null) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  const shape = document.createElementNS(SVG, "use");
  for (const [key, value] of Object.entries({
    class: className,
    width: 16,
    height: 16,
    viewBox: "0 0 16 16",
    "aria-hidden": "true",
    focusable: "false",
  })) {
    svg.setAttribute(key, value);
  }
  shape.setAttribute("href", `#icon-${name}`);
  svg.append(shape);
  return svg;
}

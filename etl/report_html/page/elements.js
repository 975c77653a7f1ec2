/* Elements of the page, made of texts and never of markup. */
const make = (tag, properties = {}, ...content) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (name === "class") element.className = value;
    else if (name in element && typeof value !== "string") element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...content.flat().filter((each) => each !== null && each !== undefined && each !== ""));
  return element;
};
const draw = (tag, attributes = {}, ...content) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined)
      element.setAttribute(name, typeof value === "number" ? Math.round(value * 10) / 10 : value);
  }
  element.append(...content.filter((each) => each !== null && each !== undefined));
  return element;
};
const button = (text, press, properties = {}) => {
  const made = make("button", { type: "button", ...properties }, text);
  made.addEventListener("click", press);
  return made;
};
/* A figure that tells where it comes from when pointed at, focused or pressed. */
const figureButton = (n, content = shown(n), look = "figure") =>
  make("button", { type: "button", class: look, "data-figure": String(n), "aria-expanded": "false" }, content);

/* How wide a text is, about, in the units of a chart: a character of Chinese is as wide as it is high. */
const widthOf = (text, size = 12) =>
  [...text].reduce(
    (width, character) => width + (character > "\u2e80" ? size : /[il.,:;'|\s]/.test(character) ? 0.32 * size : 0.62 * size),
    0,
  );
const fitted = (text, width, size = 12) => {
  if (widthOf(text, size) <= width) return text;
  let kept = text;
  while (kept && widthOf(`${kept}…`, size) > width) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
};
const label = (text, x, y, look = "", anchor = "start", width = Infinity) => {
  const cut = fitted(text, width),
    made = draw("text", { x, y, class: look || null, "text-anchor": anchor === "start" ? null : anchor }, cut);
  if (cut !== text) made.append(draw("title", {}, text));
  return made;
};
/* A text on at most so many lines. */
const onLines = (text, width, most) => {
  const parts = text.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*|\s+/g) ?? [],
    lines = [""];
  for (const part of parts) {
    if (widthOf(lines.at(-1) + part.trimEnd()) > width && lines.at(-1) && lines.length < most) lines.push("");
    lines[lines.length - 1] += part;
  }
  return lines.map((line) => line.trim());
};
/* Many rows: the first stand open, the rest are folded. */
const folded = (title, content, properties = {}) => make("details", properties, make("summary", {}, title), content);

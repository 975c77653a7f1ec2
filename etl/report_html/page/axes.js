/* What charts share: a drawing with a text alternative, a vertical axis, marks and labels that do not overlap. */
const drawing = (width, height, alternative) =>
  draw("svg", {
    class: "chart",
    viewBox: `0 0 ${Math.round(width)} ${Math.round(height)}`,
    width,
    height,
    role: "img",
    "aria-label": alternative,
  });
const inWords = (figures, nameEach) => figures.map((n) => `${nameEach(n)} ${shown(n)}`).join(say("; ", "；"));

/* The least and most that the bounds of figures reach. */
const reach = (figures) => {
  const all = figures
    .map(figure)
    .flatMap(({ value, low, high }) => [value, low, high])
    .filter((each) => each !== null);
  return [Math.min(0, ...all), Math.max(0, ...all)];
};
/* Grid lines with numbers between x and right; gives the scale of heights. */
const verticalAxis = (svg, values, most, { x, right, top, bottom }) => {
  const y = (value) => bottom - ((value - values[0]) / (values.at(-1) - values[0])) * (bottom - top);
  for (const value of values) {
    svg.append(draw("line", { x1: x, x2: right, y1: y(value), y2: y(value), class: value === 0 ? "zero" : "grid" }));
    svg.append(label(onAxis(value, most), x - 6, y(value) + 4, "tick", "end"));
  }
  return y;
};
/* Labels that lie on none before them. */
const labeller = (svg, left, right) => {
  const taken = [];
  return (text, x, y, look = "label") => {
    const half = widthOf(text) / 2,
      at = Math.max(left + half, Math.min(right - half, x));
    const box = [at - half - 2, at + half + 2, y - 11, y + 3];
    if (taken.some((other) => box[0] < other[1] && other[0] < box[1] && box[2] < other[3] && other[2] < box[3])) return false;
    taken.push(box);
    svg.append(label(text, at, y, look, "middle"));
    return true;
  };
};
/* How far the true value may lie from the printed one: a whisker, or an arrow where a bound is open. */
const uncertainty = (svg, n, x, y, span) => {
  const { value, low, high } = figure(n);
  if (low !== null && high !== null) {
    if (high - low > 0.015 * span) svg.append(draw("line", { x1: x, x2: x, y1: y(low), y2: y(high), class: "whisker" }));
  } else if (low !== high) {
    const towards = low === null ? 1 : -1,
      from = y(value) + towards * 6;
    svg.append(draw("path", { d: `M${x - 4} ${from}h8l-4 ${towards * 6}z`, class: "open-bound" }));
  }
};

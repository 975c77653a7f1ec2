/* Lines over time: each period at its place, so that years without a figure leave room. */
const middle = (n) => period(n).start + period(n).months / 2;
const isBroken = (before, n) => middle(n) - middle(before) > period(n).months + 0.5 || figure(n).status === "B";

const timeTicks = (figures, x, room) => {
  const taken = [],
    sorted = [...new Map(figures.map((n) => [period(n).name, n])).values()].sort((a, b) => middle(b) - middle(a));
  for (const n of sorted) {
    const at = x(n),
      half = widthOf(period(n).name) / 2 + room / 2;
    if (taken.every((other) => Math.abs(other.at - at) >= half + other.half)) taken.push({ n, at, half });
  }
  return taken;
};
/* Whether a line comes down to a figure or goes up from it, so that its label has room below. */
const isValley = (n, series) => {
  const { figures } = series.find((each) => each.figures.includes(n)),
    i = figures.indexOf(n);
  return [figures[i - 1], figures[i + 1]]
    .filter((each) => each !== undefined)
    .every((each) => figure(each).value > figure(n).value);
};
/* Places of times between two edges. */
const timeScale = (figures, left, right) => {
  const times = figures.map(middle),
    first = Math.min(...times),
    span = Math.max(...times) - first || 1;
  return (n) => left + ((middle(n) - first) / span) * (right - left);
};
const drawTimeAxis = (svg, figures, { x, y, year, bottom }) => {
  for (const { n, at } of timeTicks(figures, x, 10)) {
    const isNow = period(n).isYear && period(n).year === year;
    svg.append(draw("line", { x1: at, x2: at, y1: y(0), y2: y(0) + 4, class: "zero" }));
    svg.append(label(period(n).name, at, bottom - 8, isNow ? "tick now" : "tick", "middle"));
  }
  const now = figures.find((n) => period(n).isYear && period(n).year === year);
  if (now !== undefined) svg.prepend(draw("line", { x1: x(now), x2: x(now), y1: 16, y2: y(0), class: "marker" }));
};
const drawLine = (svg, figures, look, { x, y, span }) => {
  figures.slice(1).forEach((n, i) => {
    const [from, to] = [figures[i], n].map((each) => `${x(each).toFixed(1)} ${y(figure(each).value).toFixed(1)}`);
    svg.append(draw("path", { d: `M${from}L${to}`, class: `line ${look}${isBroken(figures[i], n) ? " gap" : ""}` }));
  });
  for (const n of figures) uncertainty(svg, n, x(n), y, span);
};
const drawPoints = (svg, figures, look, { x, y }) => {
  for (const n of figures) {
    const place = { cx: x(n), cy: y(figure(n).value) };
    svg.append(draw("circle", { ...place, r: 3.2, class: `point ${look}${figure(n).isProvisional ? " provisional" : ""}` }));
    svg.append(draw("circle", { ...place, r: 11, class: "target", "data-figure": n }));
  }
};
/* The printed figures at the ends of each line and of the chosen year; of all, where they are few. */
const labelLines = (write, series, { x, y, year }) => {
  const figures = series.flatMap((each) => each.figures);
  const ends = series.flatMap((each) => [each.figures.at(-1), ofYear(each.figures, year), each.figures[0]]);
  const rest = figures.length <= 8 ? figures : figures.filter((n) => figure(n).mark);
  for (const n of new Set([...ends, ...rest].filter((each) => each !== undefined))) {
    const { value, low, high } = figure(n),
      below = y(low ?? value) + (low === null ? 27 : 17),
      above = y(high ?? value) - (high === null ? 17 : 8);
    write(shownBesideAxis(n), x(n), Math.min(isValley(n, series) ? below : above, y(0) - 3));
  }
};
const periodsInWords = (series) =>
  series.map((each) => `${each.name}: ${inWords(each.figures, (n) => period(n).name)}`).join(". ");
const linesOver = (series, width, year) => {
  const figures = series.flatMap((each) => each.figures),
    [least, most] = reach(figures),
    bottom = isNarrow.matches ? 172 : 214;
  const values = ticks(least, most, figure(figures[0]).of.kind === "count"),
    left = Math.max(...values.map((value) => widthOf(onAxis(value, most)))) + 10;
  const svg = drawing(width, bottom, periodsInWords(series));
  const y = verticalAxis(svg, values, most, { x: left, right: width - 14, top: 22, bottom: bottom - 26 });
  const scales = { x: timeScale(figures, left + 16, width - 30), y, span: values.at(-1) - values[0], year, bottom };
  drawTimeAxis(svg, figures, scales);
  series.forEach((each, place) => drawLine(svg, each.figures, `s${place + 1}`, scales));
  series.forEach((each, place) => drawPoints(svg, each.figures, `s${place + 1}`, scales));
  labelLines(labeller(svg, left + 2, width), series, scales);
  return svg;
};

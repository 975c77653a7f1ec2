/* Lines over time: each period at its place, so that years without a figure leave room. */
const middle = (n) => period(n).start + period(n).months / 2;
const isBroken = (before, n) => middle(n) - middle(before) > period(n).months + 0.5 || figure(n).status === "B";

const timeTicks = (figures, x, room) => {
  const taken = [], sorted = [...new Map(figures.map((n) => [period(n).name, n])).values()].sort((a, b) => middle(b) - middle(a));
  for (const n of sorted) {
    const at = x(middle(n)), half = widthOf(period(n).name) / 2 + room / 2;
    if (taken.every((other) => Math.abs(other.at - at) >= half + other.half)) taken.push({ n, at, half });
  }
  return taken;
};
/* Whether a line comes down to a figure or goes up from it, so that its label has room below. */
const isValley = (n, series) => {
  const { figures } = series.find((each) => each.figures.includes(n)), i = figures.indexOf(n);
  return [figures[i - 1], figures[i + 1]].filter((each) => each !== undefined).every((each) => figure(each).value > figure(n).value);
};
const linesOver = (series, width, year) => {
  const figures = series.flatMap((each) => each.figures), [least, most] = reach(figures), values = ticks(least, most, figure(figures[0]).of.kind === "count");
  const left = Math.max(...values.map((value) => widthOf(onAxis(value, most)))) + 10, top = 22, height = isNarrow.matches ? 172 : 214, right = width - 14;
  const svg = drawing(width, height, series.map((each) => `${each.name}: ${inWords(each.figures, (n) => period(n).name)}`).join(". "));
  const y = verticalAxis(svg, values, most, { x: left, right, top, bottom: height - 26 });
  const times = figures.map(middle), first = Math.min(...times), last = Math.max(...times), pad = 16;
  const x = (time) => left + pad + ((time - first) / (last - first || 1)) * (right - left - 2 * pad);
  for (const { n, at } of timeTicks(figures, x, 10)) {
    svg.append(draw("line", { x1: at, x2: at, y1: y(0), y2: y(0) + 4, class: "zero" }));
    svg.append(label(period(n).name, at, height - 8, period(n).isYear && period(n).year === year ? "tick now" : "tick", "middle"));
  }
  const now = figures.find((n) => period(n).isYear && period(n).year === year);
  if (now !== undefined) svg.prepend(draw("line", { x1: x(middle(now)), x2: x(middle(now)), y1: top - 6, y2: y(0), class: "marker" }));
  const write = labeller(svg, left + 2, width);
  series.forEach((each, place) => {
    each.figures.slice(1).forEach((n, i) => {
      const before = each.figures[i];
      const d = `M${x(middle(before))} ${y(figure(before).value)}L${x(middle(n))} ${y(figure(n).value)}`;
      svg.append(draw("path", { d: d.replace(/\d+\.\d+/g, (digits) => Number(digits).toFixed(1)), class: `line s${place + 1}${isBroken(before, n) ? " gap" : ""}` }));
    });
    for (const n of each.figures) uncertainty(svg, n, x(middle(n)), y, values.at(-1) - values[0]);
  });
  series.forEach((each, place) => {
    for (const n of each.figures) {
      const provisional = figure(n).isProvisional ? " provisional" : "";
      svg.append(draw("circle", { cx: x(middle(n)), cy: y(figure(n).value), r: 3.2, class: `point s${place + 1}${provisional}` }));
      svg.append(draw("circle", { cx: x(middle(n)), cy: y(figure(n).value), r: 11, class: "target", "data-figure": n }));
    }
  });
  const ends = series.flatMap((each) => [each.figures.at(-1), each.figures.find((n) => n === now || period(n).name === String(year)), each.figures[0]]);
  const rest = figures.length <= 8 ? figures : figures.filter((n) => figure(n).mark);
  for (const n of new Set([...ends, ...rest])) {
    if (n === undefined) continue;
    const { value, low, high } = figure(n), isBelow = isValley(n, series);
    const height = isBelow ? y(low ?? value) + (low === null ? 27 : 17) : y(high ?? value) - (high === null ? 17 : 8);
    write(shownBesideAxis(n), x(middle(n)), Math.min(height, y(0) - 3));
  }
  return svg;
};

/* A small line for each of many, all on one scale. */
const smallMultiples = (series, width, year) => {
  const [least, most] = reach(series.flatMap((each) => each.figures)), columns = Math.max(2, Math.floor(width / 165));
  const across = width / columns, down = 96, times = series.flatMap((each) => each.figures.map(middle));
  const first = Math.min(...times), last = Math.max(...times), span = most - least || 1;
  const svg = drawing(width, Math.ceil(series.length / columns) * down, series.map((each) => `${each.name}: ${inWords(each.figures, (n) => period(n).name)}`).join(". "));
  series.forEach((each, i) => {
    const left = (i % columns) * across, top = Math.floor(i / columns) * down, right = left + across - 16;
    const x = (time) => left + 4 + ((time - first) / (last - first || 1)) * (right - left - 8), y = (value) => top + 68 - ((value - least) / span) * 40;
    const points = each.figures.map((n) => `${x(middle(n)).toFixed(1)} ${y(figure(n).value).toFixed(1)}`);
    const end = each.figures.findLast((n) => period(n).year <= year) ?? each.figures.at(-1);
    svg.append(label(each.name, left, top + 14, each.isChosen ? "name chosen" : "name", "start", right - left));
    svg.append(draw("line", { x1: left, x2: right, y1: y(0), y2: y(0), class: "zero" }));
    svg.append(draw("path", { d: `M${points.join("L")}`, class: `line ${each.isChosen ? "s1" : "s0"}` }));
    svg.append(draw("circle", { cx: x(middle(end)), cy: y(figure(end).value), r: 3, class: `point ${each.isChosen ? "s1" : "s0"}` }));
    svg.append(draw("rect", { x: left, y: top, width: right - left, height: 84, class: "target", "data-figure": end }));
    svg.append(label(period(each.figures[0]).name, left, top + 82, "tick"), label(`${period(end).name}  ${shown(end)}`, right, top + 82, "tick", "end"));
  });
  return svg;
};
const sparkline = (figures) => {
  const width = 190, height = 30, [least, most] = reach(figures), first = middle(figures[0]), last = middle(figures.at(-1));
  const point = (n) => [2 + ((middle(n) - first) / (last - first || 1)) * (width - 6), height - 3 - ((figure(n).value - least) / (most - least || 1)) * (height - 6)];
  const svg = draw("svg", { class: "chart spark", viewBox: `0 0 ${width} ${height}`, width, height, preserveAspectRatio: "xMinYMid meet", "aria-hidden": "true" });
  const [x, y] = point(figures.at(-1));
  svg.append(draw("path", { d: `M${figures.map((n) => point(n).map((each) => each.toFixed(1)).join(" ")).join("L")}`, class: "line s1" }));
  svg.append(draw("circle", { cx: x, cy: y, r: 2.4, class: "point s1" }));
  return svg;
};

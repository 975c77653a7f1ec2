/* Many small lines. */
const drawMultiple = (svg, each, { left, top, width, times, least, span, year }) => {
  const right = left + width,
    x = (n) => left + 4 + ((middle(n) - times.first) / times.span) * (width - 8);
  const y = (value) => top + 68 - ((value - least) / span) * 40,
    look = each.isChosen ? "s1" : "s0";
  const points = each.figures.map((n) => `${x(n).toFixed(1)} ${y(figure(n).value).toFixed(1)}`);
  const end = each.figures.findLast((n) => period(n).year <= year) ?? each.figures.at(-1);
  svg.append(label(each.name, left, top + 14, each.isChosen ? "name chosen" : "name", "start", width));
  svg.append(draw("line", { x1: left, x2: right, y1: y(0), y2: y(0), class: "zero" }));
  svg.append(draw("path", { d: `M${points.join("L")}`, class: `line ${look}` }));
  svg.append(draw("circle", { cx: x(end), cy: y(figure(end).value), r: 3, class: `point ${look}` }));
  svg.append(draw("rect", { x: left, y: top, width, height: 84, class: "target", "data-figure": end }));
  svg.append(label(period(each.figures[0]).name, left, top + 82, "tick"));
  svg.append(label(`${period(end).name}  ${shown(end)}`, right, top + 82, "tick", "end"));
};
/* A small line for each of many, all on one scale. */
const smallMultiples = (series, width, year) => {
  const figures = series.flatMap((each) => each.figures),
    [least, most] = reach(figures),
    all = figures.map(middle);
  const columns = Math.max(2, Math.floor(width / 165)),
    across = width / columns,
    down = 96,
    first = Math.min(...all);
  const svg = drawing(width, Math.ceil(series.length / columns) * down, periodsInWords(series));
  const scale = {
    width: across - 16,
    times: { first, span: Math.max(...all) - first || 1 },
    least,
    span: most - least || 1,
    year,
  };
  series.forEach((each, i) =>
    drawMultiple(svg, each, { ...scale, left: (i % columns) * across, top: Math.floor(i / columns) * down }),
  );
  return svg;
};
const sparkline = (figures) => {
  const width = 190,
    height = 30,
    [least, most] = reach(figures),
    x = timeScale(figures, 2, width - 4);
  const y = (n) => height - 3 - ((figure(n).value - least) / (most - least || 1)) * (height - 6),
    last = figures.at(-1);
  const svg = draw("svg", {
    class: "chart spark",
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    preserveAspectRatio: "xMinYMid meet",
    "aria-hidden": "true",
  });
  svg.append(draw("path", { d: `M${figures.map((n) => `${x(n).toFixed(1)} ${y(n).toFixed(1)}`).join("L")}`, class: "line s1" }));
  svg.append(draw("circle", { cx: x(last), cy: y(last), r: 2.4, class: "point s1" }));
  return svg;
};

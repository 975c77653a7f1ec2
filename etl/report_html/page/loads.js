/* Findings of this load and of those kept before it. */
const SEVERITIES = ["errors", "warnings", "information", "waived"];
const showLoads = () => {
  const width = chartWidth(),
    loads = data.loads,
    most = Math.max(1, ...loads.flatMap((load) => load.slice(1, 5)));
  at("loads").hidden = loads.length < 2;
  if (loads.length < 2) return;
  const charts = SEVERITIES.map((severity, place) => {
    const values = loads.map((load) => load[place + 1]),
      name = word(severity),
      height = 84;
    const svg = drawing(width, height, `${name}: ${loads.map((load, i) => `${load[0]} ${values[i]}`).join("; ")}`),
      y = (value) => height - 22 - (value / most) * (height - 60);
    const x = (i) => 40 + (i / (loads.length - 1)) * (width - 80);
    svg.append(draw("line", { x1: 0, x2: width, y1: y(0), y2: y(0), class: "zero" }), label(name, 0, 12, "name"));
    svg.append(
      draw("path", {
        d: `M${values.map((value, i) => `${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`,
        class: `line ${severity}`,
      }),
    );
    values.forEach((value, i) => {
      svg.append(
        draw("circle", { cx: x(i), cy: y(value), r: 3.2, class: `point ${severity}` }),
        label(number(value), x(i), y(value) - 7, "label", "middle"),
      );
      if (i === 0 || i === loads.length - 1)
        svg.append(label(loads[i][0], i ? width : 0, height - 6, "tick", i ? "end" : "start"));
    });
    return svg;
  });
  at("loads").replaceChildren(...charts);
};

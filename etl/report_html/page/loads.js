/* Findings of this load and of those kept before it. */
const SEVERITIES = ["errors", "warnings", "information", "waived"];
const showLoads = () => {
  const width = chartWidth(), loads = data.loads, most = Math.max(1, ...loads.flatMap((load) => load.slice(1, 5)));
  at("loads").hidden = !loads.length;
  const charts = SEVERITIES.map((severity, place) => {
    const values = loads.map((load) => load[place + 1]), name = word(severity), height = 74;
    const svg = drawing(width, height, `${name}: ${loads.map((load, i) => `${load[0]} ${values[i]}`).join("; ")}`), y = (value) => height - 22 - (value / most) * (height - 44);
    const x = (i) => (loads.length === 1 ? width / 2 : 40 + (i / (loads.length - 1)) * (width - 80));
    svg.append(draw("line", { x1: 0, x2: width, y1: y(0), y2: y(0), class: "zero" }), label(name, 0, 12, "name"));
    if (loads.length > 1) svg.append(draw("path", { d: `M${values.map((value, i) => `${x(i).toFixed(1)} ${y(value).toFixed(1)}`).join("L")}`, class: `line ${severity}` }));
    values.forEach((value, i) => {
      svg.append(draw("circle", { cx: x(i), cy: y(value), r: 3.2, class: `point ${severity}` }), label(number(value), x(i), y(value) - 7, "label", "middle"));
      const isTold = i === loads.length - 1 || (i === 0 && loads.length > 1);
      if (isTold) svg.append(label(loads[i][0].slice(0, 16), i && loads.length > 1 ? width : loads.length > 1 ? 0 : width / 2, height - 6, "tick", loads.length === 1 ? "middle" : i ? "end" : "start"));
    });
    return svg;
  });
  at("loads").replaceChildren(...charts);
};

/* Rows of bars, each with its name and its printed figure; the whole of a share is drawn behind it. */
const ROW = 25;
const barRows = (groups, width, { isShare = false } = {}) => {
  const rows = groups.flatMap((group) => group.rows), [least, most] = reach(rows.map((row) => row.n)), top = isShare ? Math.max(100, most) : most;
  const widest = Math.max(...rows.map((row) => widthOf(row.name))), values = Math.max(...rows.map((row) => widthOf(shown(row.n))));
  const isAbove = widest > 0.36 * width, left = isAbove ? 0 : widest + 10, step = isAbove ? 40 : ROW;
  const right = width - values - 10, titles = groups.filter((group) => group.title).length;
  const height = rows.length * step + titles * 24 + 6, x = (value) => left + ((value - least) / (top - least || 1)) * (right - left);
  const svg = drawing(width, height, groups.map((group) => [group.title, group.rows.map((row) => `${row.name} ${shown(row.n)}`).join(say("; ", "；"))].filter(Boolean).join(": ")).join(". "));
  let down = 0;
  for (const group of groups) {
    if (group.title) svg.append(label(group.title, 0, (down += 24) - 8, "name", "start", width));
    svg.append(draw("line", { x1: x(0), x2: x(0), y1: down + 1, y2: down + group.rows.length * step, class: "zero" }));
    for (const row of group.rows) {
      const { value, low, high, isProvisional } = figure(row.n), y = down + (isAbove ? 19 : 4), look = row.look ?? "s1";
      svg.append(label(row.name, isAbove ? 0 : left - 8, isAbove ? down + 14 : y + 13, row.isChosen ? "row-name chosen" : "row-name", isAbove ? "start" : "end", isAbove ? width : left));
      if (isShare) svg.append(draw("rect", { x: left, y, width: right - left, height: 17, class: "whole" }));
      const from = Math.min(x(0), x(value)), bar = Math.max(1, Math.abs(x(value) - x(0)));
      svg.append(draw("rect", { x: from, y, width: bar, height: 17, class: `bar ${look}${isProvisional ? " provisional" : ""}` }));
      if (low !== null && high !== null && high - low > 0.015 * (top - least)) {
        svg.append(draw("line", { x1: x(low), x2: x(Math.min(high, top)), y1: y + 8.5, y2: y + 8.5, class: "whisker" }));
      } else if (low !== high && (low === null || high === null)) {
        const towards = high === null ? 1 : -1;
        svg.append(draw("path", { d: `M${(x(value) - towards * 8).toFixed(1)} ${y + 4.5}v8l${towards * 6} -4z`, class: "open-bound" }));
      }
      svg.append(label(shown(row.n), (isShare ? right : x(Math.max(value, high ?? 0, 0))) + 6, y + 13, "label"));
      svg.append(draw("rect", { x: 0, y: down, width, height: step, class: "target", "data-figure": row.n }));
      down += step;
    }
  }
  return svg;
};

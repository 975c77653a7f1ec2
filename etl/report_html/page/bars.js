/* Rows of bars, each with its name and its printed figure; the whole of a share is drawn behind it. */
const ROW = 25,
  NAME_LINE = 14,
  GROUP_TITLE = 24,
  BAR = 17;
const drawBounds = (svg, n, x, y, span, most) => {
  const { value, low, high } = figure(n),
    middleY = y + BAR / 2;
  if (low !== null && high !== null) {
    if (high - low > 0.015 * span)
      svg.append(draw("line", { x1: x(low), x2: x(Math.min(high, most)), y1: middleY, y2: middleY, class: "whisker" }));
  } else if (low !== high) {
    const towards = high === null ? 1 : -1,
      from = x(value) - towards * 8;
    svg.append(draw("path", { d: `M${from.toFixed(1)} ${y + 4.5}v8l${towards * 6} -4z`, class: "open-bound" }));
  }
};
const drawBar = (svg, row, down, { x, left, right, width, step, above, isShare, span, most }) => {
  const { value, high, isProvisional } = figure(row.n),
    y = down + (above ? above + 5 : 4),
    look = row.isChosen ? "row-name chosen" : "row-name";
  if (above) row.lines.forEach((line, i) => svg.append(label(line, 0, y - 5 - NAME_LINE * (row.lines.length - 1 - i), look, "start", width)));
  else svg.append(label(row.name, left - 8, y + 13, look, "end", left));
  if (isShare) svg.append(draw("rect", { x: left, y, width: right - left, height: BAR, class: "whole" }));
  const bar = { x: Math.min(x(0), x(value)), y, width: Math.max(1, Math.abs(x(value) - x(0))), height: BAR };
  svg.append(draw("rect", { ...bar, class: `bar ${row.look ?? "s1"}${isProvisional ? " provisional" : ""}` }));
  drawBounds(svg, row.n, x, y, span, most);
  svg.append(label(shown(row.n), (isShare ? right : x(Math.max(value, high ?? 0, 0))) + 6, y + 13, "label"));
  svg.append(draw("rect", { x: 0, y: down, width, height: step, class: "target", "data-figure": row.n }));
};
const groupInWords = (group) =>
  [group.title, group.rows.map((row) => `${row.name} ${shown(row.n)}`).join(say("; ", "；"))].filter(Boolean).join(": ");
const barRows = (groups, width, { isShare = false } = {}) => {
  const rows = groups.flatMap((group) => group.rows),
    [least, highest] = reach(rows.map((row) => row.n)),
    most = isShare ? Math.max(100, highest) : highest;
  const widest = Math.max(...rows.map((row) => widthOf(row.name))),
    values = Math.max(...rows.map((row) => widthOf(shown(row.n))));
  const isAbove = widest > 0.36 * width,
    left = isAbove ? 0 : widest + 10,
    right = width - values - 10;
  for (const row of rows) row.lines = isAbove ? onLines(row.name, width, 3) : [];
  const above = NAME_LINE * Math.max(...rows.map((row) => row.lines.length)),
    step = ROW + (above ? above + 1 : 0);
  const height = rows.length * step + groups.filter((group) => group.title).length * GROUP_TITLE + 6,
    span = most - least || 1;
  const x = (value) => left + ((value - least) / span) * (right - left),
    scales = { x, left, right, width, step, above, isShare, span, most };
  const svg = drawing(width, height, groups.map(groupInWords).join(". "));
  let down = 0;
  for (const group of groups) {
    if (group.title) svg.append(label(group.title, 0, (down += GROUP_TITLE) - 8, "name", "start", width));
    if (!isAbove)
      svg.append(draw("line", { x1: x(0), x2: x(0), y1: down + 1, y2: down + group.rows.length * step, class: "zero" }));
    for (const row of group.rows) {
      drawBar(svg, row, down, scales);
      down += step;
    }
  }
  return svg;
};

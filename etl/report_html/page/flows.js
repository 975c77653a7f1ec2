/* Cases as a flow: received, and taken over from years before, on the left; closed and left on the right. */
const flowOf = (cases, width) => {
  const received = figure(cases.received), closed = figure(cases.closed), left = received.value - closed.value;
  const total = Math.max(received.value, closed.value), half = width / 2 - 10, tall = 72;
  const names = [cases.received, cases.closed].map((n) => onLines(nameOf(n), half, 2)), most = Math.max(...names.map((lines) => lines.length));
  const top = 22 + 14 * most, height = top + tall + 34;
  const isExact = [received, closed].every(({ low, high, value }) => low === value && high === value);
  const rest = (isExact ? "" : "≈ ") + number(Math.abs(left)), restName = word(left >= 0 ? "cases_left" : "cases_from_before");
  const says = [`${nameOf(cases.received)} ${shown(cases.received)}`, `${nameOf(cases.closed)} ${shown(cases.closed)}`, `${restName} ${rest}`];
  const svg = drawing(width, height, says.join(say("; ", "；")));
  const size = (value) => Math.max(2, (value / total) * tall), x1 = 6, x2 = width - 6, middleX = width / 2;
  const ribbon = (from, to, thick, look) =>
    draw("path", { d: `M${x1} ${from}C${middleX} ${from} ${middleX} ${to} ${x2} ${to}v${thick}C${middleX} ${to + thick} ${middleX} ${from + thick} ${x1} ${from + thick}z`, class: `ribbon ${look}` });
  const through = Math.min(received.value, closed.value), thick = size(through), other = size(Math.abs(left)), apart = left ? 12 : 0;
  const node = (x, y, value, look, n) => draw("rect", { x: x - 6, y, width: 6, height: value, class: `bar ${look}`, "data-figure": n ?? null });
  if (left >= 0) {
    svg.append(ribbon(top, top, thick, "s1"));
    if (left) svg.append(ribbon(top + thick, top + thick + apart, other, "s2"), node(width, top + thick + apart, other, "s2"));
    svg.append(node(6, top, size(received.value), "s1", cases.received), node(width, top, thick, "s1", cases.closed));
  } else {
    svg.append(ribbon(top, top, thick, "s1"), ribbon(top + thick + apart, top + thick, other, "s2"), node(6, top + thick + apart, other, "s2"));
    svg.append(node(6, top, thick, "s1", cases.received), node(width, top, size(closed.value), "s1", cases.closed));
  }
  names.forEach((lines, side) => {
    const place = side ? width : 0, anchor = side ? "end" : "start", first = 12 + 14 * (most - lines.length);
    lines.forEach((line, i) => svg.append(label(line, place, first + 14 * i, "row-name", anchor, half)));
    svg.append(label(shown(side ? cases.closed : cases.received), place, top - 6, "label strong", anchor));
  });
  if (left) svg.append(label(`${restName}  ${rest}`, left > 0 ? width : 0, height - 4, "label", left > 0 ? "end" : "start", width));
  svg.append(draw("rect", { x: 0, y: 0, width: half, height: height - 18, class: "target", "data-figure": cases.received }));
  svg.append(draw("rect", { x: width / 2, y: 0, width: half, height: height - 18, class: "target", "data-figure": cases.closed }));
  return svg;
};

/* Cases as a flow: received, and taken over from years before, on the left; closed and left on the right. */
const flowOf = (cases, width) => {
  const received = figure(cases.received), closed = figure(cases.closed), left = received.value - closed.value;
  const total = Math.max(received.value, closed.value), height = 132, tall = 76, top = 34;
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
  const half = width / 2 - 4;
  svg.append(label(nameOf(cases.received), 0, 12, "row-name", "start", half), label(shown(cases.received), 0, 28, "label strong"));
  svg.append(label(nameOf(cases.closed), width, 12, "row-name", "end", half), label(shown(cases.closed), width, 28, "label strong", "end"));
  if (left) svg.append(label(`${restName}  ${rest}`, left > 0 ? width : 0, height - 2, "label", left > 0 ? "end" : "start", width));
  svg.append(draw("rect", { x: 0, y: 0, width: half, height: height - 18, class: "target", "data-figure": cases.received }));
  svg.append(draw("rect", { x: half, y: 0, width: half, height: height - 18, class: "target", "data-figure": cases.closed }));
  return svg;
};

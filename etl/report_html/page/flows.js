/* Cases as a flow: received, and taken over from years before, on the left; closed and left on the right. */
const EDGE = 6,
  TALL = 72,
  APART = 12;
const ribbon = (width, from, to, thick, look) => {
  const [x1, x2, half] = [EDGE, width - EDGE, width / 2],
    over = `C${half} ${from} ${half} ${to} ${x2} ${to}`;
  const back = `C${half} ${to + thick} ${half} ${from + thick} ${x1} ${from + thick}`;
  return draw("path", { d: `M${x1} ${from}${over}v${thick}${back}z`, class: `ribbon ${look}` });
};
const flowNode = (x, y, height, look, n) => draw("rect", { x, y, width: EDGE, height, class: `bar ${look}`, "data-figure": n });
const drawStreams = (svg, cases, top, width) => {
  const [received, closed] = [cases.received, cases.closed].map((n) => figure(n).value),
    left = received - closed;
  const size = (value) => Math.max(2, (value / (Math.max(received, closed) || 1)) * TALL),
    right = width - EDGE;
  const thick = size(Math.min(received, closed)),
    other = size(Math.abs(left)),
    below = top + thick,
    apart = below + APART;
  svg.append(ribbon(width, top, top, thick, "s1"));
  if (left) svg.append(left > 0 ? ribbon(width, below, apart, other, "s2") : ribbon(width, apart, below, other, "s2"));
  if (left) svg.append(flowNode(left > 0 ? right : 0, apart, other, "s2"));
  svg.append(flowNode(0, top, size(Math.min(received, left > 0 ? received : closed)), "s1", cases.received));
  svg.append(flowNode(right, top, size(closed), "s1", cases.closed));
};
const flowOf = (cases, width) => {
  const members = [cases.received, cases.closed],
    [received, closed] = members.map(figure),
    left = received.value - closed.value;
  const half = width / 2 - 10,
    names = members.map((n) => onLines(nameOf(n), half, 2)),
    most = Math.max(...names.map((lines) => lines.length));
  const isExact = [received, closed].every(({ low, high, value }) => low === value && high === value);
  const rest = `${word(left >= 0 ? "cases_left" : "cases_from_before")}  ${isExact ? "" : "≈ "}${number(Math.abs(left))}`;
  const top = 22 + 14 * most,
    height = top + TALL + 34;
  const svg = drawing(width, height, [...members.map((n) => `${nameOf(n)} ${shown(n)}`), rest].join(say("; ", "；")));
  drawStreams(svg, cases, top, width);
  members.forEach((n, side) => {
    const place = side ? width : 0,
      anchor = side ? "end" : "start",
      first = 12 + 14 * (most - names[side].length);
    names[side].forEach((line, i) => svg.append(label(line, place, first + 14 * i, "row-name", anchor, half)));
    svg.append(label(shown(n), place, top - 6, "label strong", anchor));
    svg.append(
      draw("rect", { x: side * (width / 2), y: 0, width: half, height: height - 18, class: "target", "data-figure": n }),
    );
  });
  if (left) svg.append(label(rest, left > 0 ? width : 0, height - 4, "label", left > 0 ? "end" : "start", width));
  return svg;
};

/* A map of equal tiles: areas at their place in the code list's map, or in its order where they have none. */
const placedTiles = (areas) => {
  const taken = new Set(areas.map(({ column, row }) => `${column},${row}`));
  if (areas.every(({ column }) => column) && taken.size === areas.length) {
    const left = Math.min(...areas.map(({ column }) => column)),
      top = Math.min(...areas.map(({ row }) => row));
    return areas.map((area) => ({ ...area, column: area.column - left, row: area.row - top }));
  }
  const columns = Math.ceil(Math.sqrt(areas.length));
  return areas.map((area, i) => ({ ...area, column: i % columns, row: Math.floor(i / columns) }));
};
/* Five shades by equal steps from nothing to the most. */
const shade = (value, most) => Math.min(5, Math.max(1, Math.ceil((value / (most || 1)) * 5)));
const tileMap = (areas, figureOfArea, width) => {
  const tiles = placedTiles(areas),
    columns = Math.max(...tiles.map(({ column }) => column)) + 1,
    rows = Math.max(...tiles.map(({ row }) => row)) + 1;
  const across = Math.min(116, width / columns),
    down = 58,
    figures = tiles.map(({ code }) => figureOfArea(code)).filter((n) => n !== undefined);
  const most = Math.max(...figures.map((n) => figure(n).value));
  const svg = drawing(
      width,
      rows * down + 34,
      inWords(figures, (n) => areaName(areaOf(n))),
    ),
    left = Math.max(0, (width - across * columns) / 2);
  for (const { code, column, row } of tiles) {
    const n = figureOfArea(code),
      x = left + column * across,
      y = row * down,
      middleX = x + across / 2 - 2;
    svg.append(
      draw("rect", {
        x,
        y,
        width: across - 4,
        height: down - 4,
        rx: 3,
        class: n === undefined ? "tile none" : `tile shade-${shade(figure(n).value, most)}`,
      }),
    );
    svg.append(
      label(areaName(code).replace(/ (District|County|City)$/, ""), middleX, y + 23, "tile-name", "middle", across - 10),
    );
    svg.append(label(n === undefined ? "–" : shown(n), middleX, y + 41, "tile-value", "middle", across - 8));
    if (n !== undefined)
      svg.append(draw("rect", { x, y, width: across - 4, height: down - 4, class: "target", "data-figure": n }));
  }
  const legend = Math.min(52, width / 7),
    at = (width - 5 * legend) / 2,
    y = rows * down + 6;
  for (let step = 1; step <= 5; step += 1) {
    svg.append(draw("rect", { x: at + (step - 1) * legend, y, width: legend - 2, height: 8, class: `tile shade-${step}` }));
  }
  const unit = [say(` ${counted(most)[0]}`, counted(most)[0]), unitName(figure(figures[0]).of.unit)]
    .filter((each) => each.trim())
    .join(say(" ", ""));
  svg.append(
    label("0", at, y + 22, "tick"),
    label(
      `${onAxis(Number(most.toPrecision(3)), most)}${say(" ", "")}${unit}`.trimEnd(),
      at + 5 * legend - 2,
      y + 22,
      "tick",
      "end",
    ),
  );
  return svg;
};

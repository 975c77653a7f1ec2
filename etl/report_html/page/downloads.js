/* Tables as CSV and XLSX and charts as SVG, made here, so that nothing is asked of a network. */
const save = (name, blob) => {
  const link = make("a", { href: URL.createObjectURL(blob), download: name.replace(/[\s/\\:*?"<>|]+/g, "_") });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
/* A text that a spreadsheet would run as a formula gets an apostrophe. */
const csvCell = (value) => {
  const text = value === null || value === undefined ? "" : String(value),
    safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
const csvBlob = (rows) =>
  new Blob([`\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`], { type: "text/csv" });

/* One row a figure, with where it comes from. */
const figureRows = (figures) => [
  [
    "indicator",
    "category",
    "area",
    "period",
    "as_printed",
    "mark",
    "value",
    "low",
    "high",
    "unit",
    "document",
    "section",
    "file",
    "line",
    "address",
  ].map((name) => word(`csv_${name}`)),
  ...figures.map((n) => {
    const each = figure(n),
      { file } = data.tableByAddress.get(each.of.table);
    return [
      nameOf(n),
      categoryOf(n),
      areaName(areaOf(n)),
      each.period.name,
      each.published,
      each.mark,
      each.value,
      each.low,
      each.high,
      unitName(each.of.unit) || each.of.unit,
      each.title,
      each.section === "0" ? "" : each.section,
      file,
      data.lines[n],
      figureId(n),
    ];
  }),
];
const tableDownloads = (name, figures, wide) =>
  make(
    "p",
    { class: "tools" },
    word("download"),
    button("CSV", () => save(`${name}.csv`, csvBlob(figureRows(figures))), {
      "data-download": "csv",
      "aria-label": `CSV: ${name}`,
    }),
    button(
      "XLSX",
      () =>
        save(
          `${name}.xlsx`,
          workbook([
            [word("table"), wide()],
            [word("figures"), figureRows(figures)],
          ]),
        ),
      { "data-download": "xlsx", "aria-label": `XLSX: ${name}` },
    ),
  );

/* The drawing as a file of its own, in the colours of a light page, with its title, caption and sources. */
const LOOKS = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-dasharray",
  "stroke-linejoin",
  "paint-order",
  "opacity",
  "font-size",
  "font-weight",
];
const svgBlob = (svg, title, caption, sources) => {
  const holder = make("div", { class: "light export" }),
    copy = svg.cloneNode(true),
    { width, height } = svg.viewBox.baseVal,
    head = 52,
    pad = 16;
  holder.append(copy);
  document.body.append(holder);
  for (const each of copy.querySelectorAll("*")) {
    const style = getComputedStyle(each);
    if (each.classList.contains("target")) each.remove();
    else for (const name of LOOKS) each.setAttribute(name, style.getPropertyValue(name));
    each.removeAttribute("class");
    each.removeAttribute("data-figure");
  }
  holder.remove();
  const whole = draw("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    viewBox: `0 0 ${width + 2 * pad} ${height + head + 40}`,
    width: width + 2 * pad,
    height: height + head + 40,
    "font-family": 'system-ui, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  });
  const inner = draw("g", { transform: `translate(${pad} ${head})` }, ...copy.childNodes);
  const line = (text, y, size, weight, fill) =>
    draw("text", { x: pad, y, "font-size": size, "font-weight": weight, fill }, fitted(text, width, size));
  whole.append(
    draw("title", {}, title),
    draw("rect", { width: "100%", height: "100%", fill: "#ffffff" }),
    line(title, 24, 15, 600, "#1a1f24"),
    line(caption, 42, 12, 400, "#59636e"),
    inner,
  );
  whole.append(line(sources, height + head + 26, 11, 400, "#59636e"));
  return new Blob([new XMLSerializer().serializeToString(whole)], { type: "image/svg+xml" });
};

/* A chart with its title, caption, keys and sources. */
const sourcesOf = (figures) => {
  const titles = [...new Set(figures.map((n) => figure(n).title))].toReversed();
  const told = titles.length === 2 && !isNarrow.matches ? 2 : 1;
  return word(
    "source_is",
    titles.slice(0, told).join(say("; ", "；")) + (titles.length > told ? word("and_more", titles.length - told) : ""),
  );
};
const marksOf = (figures) => {
  const meanings = new Map(
    figures
      .map(figure)
      .filter((each) => each.mark)
      .map((each) => [each.mark, meaningOfMark(each)]),
  );
  return [...meanings]
    .filter(([, meaning]) => meaning)
    .map(([mark, meaning]) => `${mark} ${meaning}`)
    .join(say("; ", "；"));
};
const chartFigure = ({ title, caption, keys = [], figures, svg, look = "" }) => {
  const legend =
    keys.length > 1
      ? make(
          "span",
          { class: "legend" },
          keys.map((key, i) => make("span", { class: `key s${i + 1}` }, key)),
        )
      : null;
  const marks = marksOf(figures),
    told = sourcesOf(figures);
  const file = () =>
    save(
      `${title}.svg`,
      svgBlob(
        svg,
        title,
        [caption, keys.length > 1 ? keys.join(" · ") : ""].filter(Boolean).join(" · "),
        [told, marks].filter(Boolean).join(" · "),
      ),
    );
  return make(
    "figure",
    { class: look },
    make("figcaption", {}, make("span", { class: "title" }, title), make("span", { class: "quiet" }, caption), legend),
    svg,
    make(
      "p",
      { class: "tools" },
      make("span", {}, [told, marks].filter(Boolean).join(" · ")),
      button("SVG", file, { "data-download": "svg", "aria-label": `${word("download")} SVG: ${title}` }),
    ),
  );
};

/* The tables of a domain, folded until they are asked for: indicators down, periods across. */
const tableRows = (table) => [...ofArea(chosen.area)].filter(([key]) => indicator(Number(key.split("|")[0])).table === table);
const periodsAcross = (figures) => {
  const periods = [...new Map(figures.map((n) => [period(n).name, period(n)])).values()];
  return periods
    .sort((a, b) => Number(b.isYear) - Number(a.isYear) || b.start + b.months - a.start - a.months || a.months - b.months)
    .map(({ name }) => name);
};
const fillTable = (table, holder) => {
  const rows = tableRows(table),
    figures = rows.flatMap(([, members]) => members),
    periods = periodsAcross(figures),
    about = data.tableByAddress.get(table);
  const title = `${say(about.en, about.zh)} ${areaName(data.area_list[chosen.area][0])}`,
    placed = rows.map(([, members]) => [members[0], new Map(members.map((n) => [period(n).name, n]))]);
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, word("indicator")),
    periods.map((name) => make("th", { scope: "col", class: name === String(chosen.year) ? "number now" : "number" }, name)),
  );
  const lines = placed.map(([n, cells]) =>
    make(
      "tr",
      {},
      make(
        "th",
        { scope: "row" },
        nameOf(n),
        make("span", { class: "quiet" }, [categoryOf(n), unitName(figure(n).of.unit)].filter(Boolean).join(" · ")),
      ),
      periods.map((name) =>
        make(
          "td",
          { class: name === String(chosen.year) ? "number now" : "number" },
          cells.has(name) ? figureButton(cells.get(name)) : "",
        ),
      ),
    ),
  );
  const wide = () => [
    [word("indicator"), word("category"), word("unit"), ...periods],
    ...placed.map(([n, cells]) => [
      nameOf(n),
      categoryOf(n),
      unitName(figure(n).of.unit) || figure(n).of.unit,
      ...periods.map((name) => (cells.has(name) ? (figure(cells.get(name)).value ?? figure(cells.get(name)).published) : null)),
    ]),
  ];
  const marks = marksOf(figures);
  holder.replaceChildren(
    make(
      "div",
      { class: "scroll", tabIndex: 0, role: "group", "aria-label": title },
      make("table", { class: "across" }, make("thead", {}, head), make("tbody", {}, lines)),
    ),
    marks ? make("p", { class: "quiet" }, marks) : "",
    tableDownloads(title, figures, wide),
  );
};
const countOf = (table) => tableRows(table).reduce((sum, [, members]) => sum + members.length, 0);
const tablesDetails = (tables) => {
  const count = tables.reduce((sum, table) => sum + countOf(table), 0),
    [only] = tables.map(tableDetails);
  if (tables.length === 1) return make("div", { class: "tables" }, only);
  return folded(word("n_tables", tables.length, number(count)), make("div", {}, tables.map(tableDetails)), {
    class: "more tables",
  });
};
const tableDetails = (table) => {
  const about = data.tableByAddress.get(table),
    count = countOf(table),
    holder = make("div");
  const details = make(
    "details",
    { class: "table", id: `table-${table}` },
    make("summary", {}, say(about.en, about.zh), make("span", { class: "quiet" }, ` ${word("n_figures", count)}`)),
    holder,
  );
  details.fill = () => holder.childElementCount || fillTable(table, holder);
  details.addEventListener("toggle", () => details.open && details.fill());
  return details;
};

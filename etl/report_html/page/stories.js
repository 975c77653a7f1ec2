/* What a domain tells: a sentence of its first figures in the year, and which charts it has. */
const MOST_TOLD = 3,
  MOST_SERIES = 4,
  LINE_FROM = 4,
  MOST_ROWS = 8;
const CHARTED = ["count", "amount", "share", "mean", "duration", "score", "multiple", "measure"];

const keysOfDomain = (domain) => {
  const declared = [...data.headlines, ...data.charts]
    .filter(([, address]) => address.startsWith(`${domain}.`))
    .map(([, address, codes]) => data.keyOfAddress.get(`${address}|${codes}`));
  return [...new Set([...declared, ...ofArea(chosen.area).keys()])].filter(
    (key) => ofArea(chosen.area).has(key) && indicator(Number(key.split("|")[0])).domain === domain,
  );
};
const toldFigures = (domain) => {
  const found = keysOfDomain(domain)
    .map((key) => ofYear(ofArea(chosen.area).get(key), chosen.year))
    .filter((n) => n !== undefined && figure(n).value !== null);
  const levels = found.filter((n) => CHARTED.includes(figure(n).of.kind)),
    withChange = levels.filter((n) => change(n));
  return [...new Set([...withChange, ...levels])].slice(0, MOST_TOLD);
};
const story = (domain) => {
  const figures = toldFigures(domain);
  if (!figures.length) return make("p", { class: "story quiet" }, word("no_story", chosen.year));
  const clauses = figures.flatMap((n, i) => {
    const told = change(n),
      part = categoryOf(n) && say(` (${categoryOf(n)})`, `（${categoryOf(n)}）`);
    const kind = told && (/^0(?![.\d])/.test(told.text) ? "unchanged" : /^[+-]0(?![.\d])/.test(told.text) ? "hardly" : "change");
    const more = told ? word(`story_${kind}`, told.text, chosen.year - 1) : "";
    const name = isChinese() ? nameOf(n) : data.indicator_list[data.indicator[n]][1];
    const end = i < figures.length - 1 ? say(";", "；") : say(".", "。"),
      space = i ? say(" ", "") : "";
    return [
      `${space}${name}${part}${isChinese() && part ? "" : " "}`,
      make("span", { class: "together" }, figureButton(n), more ? "" : end),
      more ? more + end : "",
    ];
  });
  return make("p", { class: "story" }, word("story_of", chosen.year), clauses);
};

/* A series of whole years, or of months, quarters or halves, that begin alike: never two of these in one chart. */
const spansOf = (key, months) => {
  const figures = inTime(valued(ofArea(chosen.area).get(key))).filter((n) => period(n).months === months);
  const alike = [...grouped(figures, (n) => period(n).start % months).values()];
  return alike.sort((a, b) => a.length - b.length).at(-1) ?? [];
};
const seriesOf = (keys, months) =>
  keys
    .map((key) => ({ key, figures: spansOf(key, months) }))
    .filter(({ figures }) => figures.length >= 2)
    .sort((a, b) => figure(b.figures.at(-1)).value - figure(a.figures.at(-1)).value)
    .slice(0, MOST_SERIES)
    .map(({ figures }) => ({ figures, name: "" }));
const timeChart = (keys, months, fewest = 2) => {
  const series = seriesOf(keys, months),
    names = new Set(series.map(({ figures }) => nameOf(figures[0])));
  const periods = new Set(series.flatMap(({ figures }) => figures.map((n) => period(n).name)));
  if (!series.length || periods.size < fewest) return null;
  for (const each of series)
    each.name = names.size > 1 ? nameOf(each.figures[0]) : categoryOf(each.figures[0]) || nameOf(each.figures[0]);
  const [n] = series[0].figures,
    table = data.tableByAddress.get(figure(n).of.table);
  const title = series.length === 1 ? fullName(n) : names.size > 1 ? say(table.en, table.zh) : nameOf(n);
  const isLine = periods.size >= LINE_FROM,
    isOfYear = series.some(({ figures }) => figures.some((each) => period(each).year === chosen.year));
  return { title, series, months, isLine, weight: (isLine ? 3 : 2) + (isOfYear ? 2 : 0) };
};
const categoriesChart = (keys) => {
  const rows = keys
    .map((key) => ofYear(ofArea(chosen.area).get(key), chosen.year))
    .filter((n) => n !== undefined && figure(n).value !== null);
  return rows.length >= 2
    ? {
        title: nameOf(rows[0]),
        rows: rows.slice(0, MOST_ROWS),
        name: categoryOf,
        weight: 3.2,
        isShare: figure(rows[0]).of.kind === "share",
      }
    : null;
};
const sharesChart = (keys) => {
  const rows = keys
    .map((key) => ofYear(ofArea(chosen.area).get(key), chosen.year))
    .filter((n) => n !== undefined && figure(n).value !== null && figure(n).of.unit === "%");
  return rows.length >= 2
    ? { title: word("shares"), rows: rows.slice(0, MOST_ROWS), name: fullName, weight: 3.5, isShare: true }
    : null;
};
/* Charts of the chosen year come first, lines before bars; what ended before it comes last. */
const chartsOf = (domain) => {
  const keys = keysOfDomain(domain).filter((key) => CHARTED.includes(indicator(Number(key.split("|")[0])).kind)),
    specs = [],
    used = new Set();
  const unitOf = (key) => indicator(Number(key.split("|")[0])).unit;
  const take = (spec, members) => {
    if (!spec) return;
    specs.push(spec);
    for (const key of members) used.add(key);
  };
  const declared = grouped(
    data.charts.filter(([, address]) => address.startsWith(`${domain}.`)),
    ([item]) => item,
  );
  for (const uses of declared.values()) {
    const members = uses
      .map(([, address, codes]) => data.keyOfAddress.get(`${address}|${codes}`))
      .filter((key) => keys.includes(key));
    const alike = members.filter((key) => unitOf(key) === unitOf(members[0]));
    if (alike.length) take(timeChart(alike, 12), alike);
  }
  for (const members of grouped(
    keys.filter((key) => !used.has(key)),
    (key) => key.split("|")[0],
  ).values())
    take(timeChart(members, 12), members);
  for (const members of grouped(keys, (key) => key.split("|")[0]).values())
    for (const months of [6, 3, 1]) take(timeChart(members, months, 3), []);
  const single = keys.filter((key) => !used.has(key));
  const shares = single.filter((key) => unitOf(key) === "%" && ofYear(ofArea(chosen.area).get(key), chosen.year) !== undefined);
  take(sharesChart(shares), shares);
  for (const members of grouped(
    single.filter((key) => !shares.includes(key)),
    (key) => key.split("|")[0],
  ).values()) {
    const spec = categoriesChart(members);
    if (spec) take(spec, members);
  }
  return { specs: specs.sort((a, b) => b.weight - a.weight), rest: keys.filter((key) => !used.has(key)) };
};
const drawSpec = (spec, width) => {
  const unit = (figures) => unitOfAxis(reach(figures)[1], figure(figures[0]).of.unit);
  if (spec.rows) {
    const svg = barRows([{ rows: spec.rows.map((n) => ({ name: spec.name(n), n })) }], width, spec);
    return chartFigure({ title: spec.title, caption: word("in_year", chosen.year), figures: spec.rows, svg });
  }
  const figures = spec.series.flatMap((each) => each.figures),
    names = spec.series.map((each) => each.name);
  const [first] = inTime(figures),
    last = inTime(figures).at(-1),
    span = `${period(first).name} – ${period(last).name}`;
  if (spec.isLine) {
    const caption = [unit(figures), span, spec.months < 12 ? word(`months_${spec.months}`) : ""].filter(Boolean).join(" · ");
    return chartFigure({ title: spec.title, caption, keys: names, figures, svg: linesOver(spec.series, width, chosen.year) });
  }
  const groups = spec.series.map((each, i) => ({
    title: names.length > 1 ? each.name : "",
    rows: each.figures.map((n) => ({
      name: period(n).name,
      n,
      look: `s${i + 1}`,
      isChosen: period(n).isYear && period(n).year === chosen.year,
    })),
  }));
  return chartFigure({ title: spec.title, caption: span, figures, svg: barRows(groups, width) });
};

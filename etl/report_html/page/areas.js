/* Areas beside one another, by one indicator in one year: ranked, on a map of tiles, and each over the years. */
const MOST_RANKED = 15,
  mostMultiples = () => (isNarrow.matches ? 6 : 15);
const byKey = () => (data.byKey ??= grouped(valued(data.latest), keyOf));
/* The figures of the year, by area, where at least two areas have one. */
const acrossAreas = (key) => {
  const found = new Map();
  for (const n of byKey().get(key) ?? []) if (period(n).isYear && period(n).year === chosen.year) found.set(areaOf(n), n);
  return found.size > 1 ? found : null;
};
const comparableKeys = () => {
  const all = [...byKey().keys()].filter(
    (key) => CHARTED.includes(indicator(Number(key.split("|")[0])).kind) && acrossAreas(key),
  );
  const declared = data.headlines
    .map(([, address, codes]) => data.keyOfAddress.get(`${address}|${codes}`))
    .filter((key) => all.includes(key));
  return [...new Set([...declared, ...all])];
};
/* Areas of one level: those within the chosen one or, where these have no figures, those around it; else all. */
const peersOf = (found) => {
  const code = data.area_list[chosen.area][0],
    around = data.areaByCode.get(code)?.parent,
    all = data.all_areas.map(([each]) => data.areaByCode.get(each));
  for (const parent of [code, around]) {
    const peers = parent ? all.filter((each) => each.parent === parent) : [];
    if (peers.filter((each) => found.has(each.code)).length > 1) return { peers, parent };
  }
  return { peers: [...found.keys()].map((each) => data.areaByCode.get(each) ?? { code: each, column: 0, row: 0 }), parent: null };
};
const showComparison = (key) => {
  const found = acrossAreas(key),
    { peers, parent } = peersOf(found),
    present = peers.filter(({ code }) => found.has(code)),
    here = data.area_list[chosen.area][0];
  const ranked = present.map(({ code }) => found.get(code)).sort((a, b) => figure(b).value - figure(a).value),
    [first] = ranked;
  const row = (n) => ({ name: areaName(areaOf(n)), n, isChosen: areaOf(n) === here, look: areaOf(n) === here ? "s2" : "s1" });
  const shownRows = ranked.slice(0, MOST_RANKED),
    mine = ranked.find((n) => areaOf(n) === here);
  if (mine !== undefined && !shownRows.includes(mine)) shownRows.push(mine);
  const title = fullName(first),
    unit = unitOfAxis(reach(ranked)[1], figure(first).of.unit),
    where = parent ? word("areas_of", areaName(parent)) : word("all_areas");
  at("areas-note").textContent = word(parent ? "areas_note" : "areas_apart");
  const charts = [
    chartFigure({
      title,
      caption: `${word("ranked")} · ${where} · ${chosen.year}`,
      figures: shownRows,
      svg: barRows([{ rows: shownRows.map(row) }], chartWidth()),
    }),
  ];
  if (parent && peers.length <= 40) {
    charts.push(
      chartFigure({
        title,
        caption: `${word("tile_map")} · ${where} · ${chosen.year}`,
        figures: ranked,
        svg: tileMap(peers, (code) => found.get(code), chartWidth()),
      }),
    );
  }
  const series = ranked
    .map((n) => ({
      name: areaName(areaOf(n)),
      isChosen: areaOf(n) === here,
      figures: inTime(
        byKey()
          .get(key)
          .filter((each) => areaOf(each) === areaOf(n) && period(each).isYear),
      ),
    }))
    .filter(({ figures }) => figures.length > 1);
  const multiples = (some) =>
    chartFigure({
      title,
      caption: [word("over_years"), unit, word("one_scale")].filter(Boolean).join(" · "),
      figures: some.flatMap((each) => each.figures),
      look: "wide",
      svg: smallMultiples(some, chartWidth(true), chosen.year),
    });
  if (series.length > 1) charts.push(multiples(series.slice(0, mostMultiples())));
  const rest = ranked.slice(MOST_RANKED),
    fold = rest.length ? folded(word("all_n_areas", ranked.length), make("div", { class: "charts" }), { class: "more" }) : null;
  fold?.addEventListener("toggle", () => {
    if (fold.lastElementChild.childElementCount) return;
    fold.lastElementChild.append(
      chartFigure({
        title,
        caption: `${word("ranked")} · ${where} · ${chosen.year}`,
        figures: ranked,
        look: "wide",
        svg: barRows([{ rows: ranked.map(row) }], chartWidth(true)),
      }),
    );
  });
  const wide = () => [
    [word("area"), word("unit"), String(chosen.year)],
    ...ranked.map((n) => [areaName(areaOf(n)), unitName(figure(n).of.unit) || figure(n).of.unit, figure(n).value]),
  ];
  const all = series.length ? series.flatMap((each) => each.figures) : ranked;
  at("area-charts").replaceChildren(
    make("div", { class: "charts" }, charts),
    ...(fold ? [fold] : []),
    tableDownloads(`${title} ${where}`, all, wide),
  );
};
const showAreas = () => {
  const select = at("by-indicator"),
    before = select.value,
    keys = data.area_list.length > 1 ? comparableKeys() : [];
  at("areas").hidden = !keys.length;
  for (const link of document.querySelectorAll('#contents a[href="#areas"]')) link.parentElement.hidden = !keys.length;
  if (!keys.length) return;
  const groups = grouped(keys, (key) => indicator(Number(key.split("|")[0])).domain);
  select.replaceChildren(
    ...[...groups].map(([domain, members]) => {
      const [, en, zh] = data.domain_list.find(([name]) => name === domain);
      return make(
        "optgroup",
        { label: say(en, zh) },
        members.map((key) => new Option(fullName(byKey().get(key)[0]), key)),
      );
    }),
  );
  select.value = keys.includes(before) ? before : keys[0];
  showComparison(select.value);
};

/* The map of what is measured: how many indicators of each domain have a figure, by year. */
const MOST_YEARS = 20;
const showMeasured = () => {
  const years = yearsOf(chosen.area).slice(0, MOST_YEARS),
    counts = grouped(latestOfArea(chosen.area), (n) => `${figure(n).of.domain}|${period(n).year}`);
  const rows = data.domain_list.map(([domain, en, zh]) => {
    const cells = years.map((year) => new Set((counts.get(`${domain}|${year}`) ?? []).map((n) => data.indicator[n])).size),
      most = Math.max(...cells);
    const cell = (count, i) =>
      make(
        "td",
        { class: `${count ? `shade-${shade(count, most)}` : "none"}${years[i] === chosen.year ? " now" : ""}` },
        count ? String(count) : "",
      );
    return make("tr", {}, make("th", { scope: "row" }, say(en, zh)), cells.map(cell));
  });
  const head = make(
    "tr",
    {},
    make("th", { scope: "col" }, word("domain")),
    years.map((year) => make("th", { scope: "col" }, String(year))),
  );
  at("measured-table").replaceChildren(make("thead", {}, head), make("tbody", {}, rows));
};

/* Headlines: the figures of the year, each beside the year before and nothing else. */
const MOST_HEADLINES = 12,
  FEWEST_HEADLINES = 4,
  KINDS_OF_HEADLINES = ["count", "amount"];
const headlineFigures = () => {
  const keys = data.headlines.map(([, address, codes]) => data.keyOfAddress.get(`${address}|${codes}`));
  const here = ofArea(chosen.area),
    found = keys.map((key) => withinYear(here.get(key), chosen.year)).filter((n) => n !== undefined && figure(n).value !== null);
  if (found.length >= FEWEST_HEADLINES) return found;
  const others = [...here.values()]
    .map((figures) => withinYear(figures, chosen.year))
    .filter((n) => n !== undefined && figure(n).value !== null && KINDS_OF_HEADLINES.includes(figure(n).of.kind));
  const ofDomains = [...grouped(others, (n) => figure(n).of.domain).values()].map(
    (figures) => figures.find((n) => change(n)) ?? figures[0],
  );
  return [...found, ...ofDomains.filter((n) => !found.includes(n))].slice(0, MOST_HEADLINES);
};
const direction = (text) => (/^[+]/.test(text) ? "▲" : /^−/.test(text) ? "▼" : "");
const changeText = (n) => {
  const told = change(n),
    isYear = period(n).isYear;
  if (!told) return make("p", { class: "change quiet" }, word("no_year_before"));
  const before = told.before !== null ? figureButton(told.before) : make("span", {}, word("implied", told.implied));
  return make(
    "p",
    { class: "change" },
    make(
      "strong",
      {},
      direction(told.text) ? make("span", { class: "arrow", "aria-hidden": "true" }, direction(told.text)) : null,
      told.text,
    ),
    make("span", { class: "quiet" }, ` ${isYear ? word("on_year", period(n).year - 1) : word("on_same_span")} `, before),
  );
};
const showHeadlines = () => {
  const figures = headlineFigures();
  const cards = figures.map((n) => {
    const years = valued(ofArea(chosen.area).get(keyOf(n))).filter((each) => period(each).isYear);
    return make(
      "li",
      {},
      make("p", { class: "name" }, nameOf(n), categoryOf(n) ? make("span", { class: "quiet" }, ` ${categoryOf(n)}`) : null),
      make(
        "p",
        { class: "value" },
        figureButton(n),
        period(n).isYear ? null : make("span", { class: "quiet" }, ` ${period(n).name}`),
      ),
      changeText(n),
      years.length >= 4 ? sparkline(inTime(years)) : null,
    );
  });
  at("headline-cards").replaceChildren(...cards);
  at("no-headlines").hidden = cards.length > 0;
};

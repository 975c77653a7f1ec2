/* Each domain: its sentence, its first charts, other figures of the year, and its tables. */
const mostCharts = () => (isNarrow.matches ? 1 : 4);
const MOST_OTHERS = 6;

/* The width of a chart: two beside one another, or one on a narrow page. */
const measureRoom = () => {
  chosen.room = Math.min(at("domains").clientWidth || 640, 980);
};
const chartWidth = (whole = false) => Math.round(whole || chosen.room < 640 ? chosen.room : (chosen.room - 40) / 2);
const otherFigures = (keys) => {
  const figures = keys
    .map((key) => withinYear(ofArea(chosen.area).get(key), chosen.year))
    .filter((n) => n !== undefined && figure(n).value !== null)
    .slice(0, isNarrow.matches ? 4 : MOST_OTHERS);
  if (!figures.length) return null;
  const items = figures.map((n) =>
    make("div", {}, make("dt", {}, fullName(n), period(n).isYear ? "" : ` (${period(n).name})`), make("dd", {}, figureButton(n))),
  );
  return make("dl", { class: "others" }, items);
};
const showDomain = (section) => {
  const domain = section.dataset.domain,
    here = ofArea(chosen.area),
    body = section.querySelector(".body");
  const tables = [...data.tableByAddress]
    .filter(([address, about]) => about.domain === domain && tableRows(address).length)
    .map(([address]) => address);
  section.hidden = !tables.length;
  for (const link of document.querySelectorAll(`#contents a[href="#${section.id}"]`)) link.parentElement.hidden = section.hidden;
  if (section.hidden) return;
  const { specs, rest } = chartsOf(domain),
    most = mostCharts(),
    told = new Set(toldFigures(domain).map(keyOf));
  const grid = (members) =>
    make(
      "div",
      { class: "charts" },
      members.map((spec) => drawSpec(spec, chartWidth())),
    );
  const more = specs.slice(most);
  const fold = more.length ? folded(word("more_charts", more.length), make("div"), { class: "more" }) : null;
  fold?.addEventListener("toggle", () => fold.lastElementChild.childElementCount || fold.lastElementChild.append(grid(more)));
  body.replaceChildren(
    story(domain),
    ...[
      specs.length ? grid(specs.slice(0, most)) : null,
      otherFigures(rest.filter((key) => !told.has(key) && here.has(key))),
      fold,
    ].filter(Boolean),
    tablesDetails(tables),
  );
};
const showDomains = () => document.querySelectorAll("section.domain").forEach(showDomain);

/* The list of all figures, a part of them at a time. */
const PART = 50;
let found = [],
  firstShown = 0,
  searchTimer = 0;
const listRow = (n) => {
  const each = figure(n),
    about = data.tableByAddress.get(each.of.table),
    source = make("td", { class: "document" }, documentLink(each), each.section === "0" ? "" : ` §\u00a0${each.section}`);
  return make(
    "tr",
    { id: figureId(n), tabIndex: -1 },
    make(
      "th",
      { scope: "row" },
      nameOf(n),
      make("span", { class: "quiet" }, [say(about.en, about.zh), categoryOf(n), areaName(areaOf(n))].filter(Boolean).join(" · ")),
    ),
    make("td", { class: "period" }, each.period.name),
    make("td", { class: "number" }, make("strong", {}, each.published + each.mark)),
    make("td", { class: "number" }, valueOf(each), make("span", { class: "quiet" }, bounds(each))),
    source,
    make("td", {}, placeOf(n)),
  );
};
const showList = () => {
  const shownNow = found.slice(firstShown, firstShown + PART),
    last = firstShown + shownNow.length;
  at("list").tBodies[0].replaceChildren(...shownNow.map(listRow));
  at("count").textContent = word("shown_of", number(found.length ? firstShown + 1 : 0), number(last), number(found.length));
  at("previous").disabled = firstShown === 0;
  at("next").disabled = last >= found.length;
};
const matches = (words) => {
  const holds = (texts) => words.map((each) => texts.some((text) => text && String(text).toLowerCase().includes(each)));
  const told = {
    indicator: data.indicator_list.map(([address, en, zh]) => {
      const table = data.tableByAddress.get(address.split(".").slice(0, 2).join("."));
      return holds([address, en, zh, table.en, table.zh]);
    }),
    area: data.area_list.map(holds),
    category: data.category_list.map(holds),
    place: data.place_list.map(([source, title]) => holds([source, title])),
    period: data.period_list.map(([name]) => holds([name])),
    printed: data.printed_list.map(([published]) => holds([published])),
  };
  return (n) => words.every((_, i) => Object.keys(told).some((name) => told[name][data[name][n]][i]));
};
const search = (only = null) => {
  const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean),
    domain = at("by-domain").value,
    isOfDomain = data.indicator_list.map(([address]) => !domain || address.startsWith(`${domain}.`));
  const isFound = words.length ? matches(words) : () => true;
  found = only ?? data.printed.map((_, n) => n).filter((n) => isOfDomain[data.indicator[n]] && isFound(n));
  firstShown = 0;
  showList();
};
const offerDomains = () => {
  const before = at("by-domain").value;
  fillSelect(at("by-domain"), [["", word("all")], ...data.domain_list.map(([name, en, zh]) => [name, say(en, zh)])], before);
};
const listenForSearch = () => {
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("by-domain").addEventListener("change", () => search());
  at("search").addEventListener("input", () => {
    clearTimeout(searchTimer);
    searchTimer = setTimeout(search, 150);
  });
  at("previous").addEventListener("click", () => {
    firstShown -= PART;
    showList();
  });
  at("next").addEventListener("click", () => {
    firstShown += PART;
    showList();
  });
  at("all-figures").addEventListener("toggle", () => at("all-figures").open && !found.length && search());
};

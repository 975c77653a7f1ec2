/* The area and the year of the page. */
const fillSelect = (select, options, value) => {
  select.replaceChildren(...options.map(([key, text]) => new Option(text, key)));
  select.value = value;
};
const yearsOf = (area) => [...new Set(latestOfArea(area).map((n) => period(n).year))].sort((a, b) => b - a);
const offerChoices = () => {
  const areas = data.area_list.map(([code], place) => [place, areaName(code)]);
  fillSelect(at("area"), areas, chosen.area);
  fillSelect(
    at("year"),
    yearsOf(chosen.area).map((year) => [year, year]),
    chosen.year,
  );
  at("choose-area").hidden = areas.length < 2;
};
const chooseArea = (area) => {
  const years = yearsOf(area);
  chosen.area = area;
  if (!years.includes(chosen.year)) [chosen.year] = years;
};

/* The figures of the page: unpacked once, looked up by number. */
const page = document.documentElement,
  at = (id) => document.getElementById(id);
const isNarrow = matchMedia("screen and (max-width: 40rem)"),
  isBelowBar = matchMedia("screen and (max-width: 62rem)");
const chosen = { area: 0, year: 0, room: 640 };
let data = null;

const isChinese = () => page.lang.startsWith("zh");
const say = (en, zh) => (isChinese() ? zh : en);
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
/* A text of the page; each {} in it stands for a part. */
const word = (name, ...parts) => parts.reduce((text, part) => text.replace("{}", part), say(...data.words[name]));

const cached = (compute) => {
  const known = new Map();
  return (key) => known.get(key) ?? known.set(key, compute(key)).get(key);
};
const grouped = (items, keyOf) => {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item),
      group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};

/* What a figure is of, without its area and period. */
const keyOf = (n) => `${data.indicator[n]}|${data.category[n]}`;
const periodAt = cached((i) => {
  const [name, year, months, start] = data.period_list[i];
  return { name, year, months, start, isYear: months === 12 };
});
const period = (n) => periodAt(data.period[n]);
const indicator = cached((i) => {
  const [address, en, zh, kind, unit] = data.indicator_list[i];
  const [domain, table] = address.split(".");
  return { address, domain, table: `${domain}.${table}`, en: capital(en), zh, kind, unit };
});
const figure = cached((n) => {
  const [published, value = null, english = 0, low = value, high = value] = data.printed_list[data.printed[n]];
  const [source, title, section] = data.place_list[data.place[n]];
  const [mark, status, note] = data.marks.get(n) ?? ["", "A", ""];
  const isProvisional = data.isProvisional.has(n);
  return {
    n,
    published,
    value,
    low,
    high,
    english: value === null ? published : english || number(value),
    source,
    title: title || source,
    section,
    status,
    note,
    isProvisional,
    mark: (/^\w/.test(mark) ? `\u2009${mark}` : mark) || (isProvisional ? "*" : ""),
    of: indicator(data.indicator[n]),
    period: period(n),
  };
});
const shown = (n) => {
  const each = figure(n);
  return say(each.english, each.published) + each.mark;
};
/* The figure beside an axis that has its unit. */
const shownBesideAxis = (n) => {
  const unit = unitName(figure(n).of.unit);
  return isChinese() || !unit ? shown(n) : shown(n).replace(` ${unit}`, "");
};
const unitName = (unit) => say(data.unit_names[unit], unit);
const nameOf = (n) => say(figure(n).of.en, figure(n).of.zh);
const categoryOf = (n) => {
  const [, en, zh] = data.category_list[data.category[n]];
  return say(en, zh) ?? "";
};
const fullName = (n) => (categoryOf(n) ? say(`${nameOf(n)}: ${categoryOf(n)}`, `${nameOf(n)}：${categoryOf(n)}`) : nameOf(n));
const areaName = (code) => {
  const known = data.areaByCode.get(code);
  return (known && say(known.en, known.zh)) || code;
};
const areaOf = (n) => data.area_list[data.area[n]][0];
const change = (n) => {
  const place = data.changeOf.get(n);
  if (place === undefined) return null;
  const [en, zh, implied] = data.change_list[data.changed[2][place]],
    steps = data.changed[1][place];
  return { text: say(en, zh), before: steps ? n - steps : null, implied };
};
/* The address of a figure within the page, the same in the next report. */
const figureId = (n) =>
  [
    figure(n).of.address,
    areaOf(n),
    period(n).name.replace("/", "_"),
    data.category_list[data.category[n]][0],
    figure(n).source,
  ].join("/");

/* The figures of an area that no later document prints anew, by what they are of, in the order of time. */
const latestOfArea = (area) => data.byArea.get(area) ?? [];
const ofArea = cached((area) => grouped(latestOfArea(area), keyOf));
const inTime = (figures) => figures.toSorted((a, b) => period(a).start - period(b).start || period(a).months - period(b).months);
const ofYear = (figures, year) => figures?.findLast((n) => period(n).isYear && period(n).year === year);
/* The figure of a whole year or, where there is none, of the longest last part of it. */
const withinYear = (figures, year) =>
  ofYear(figures, year) ??
  figures
    ?.filter((n) => period(n).year === year && period(n).months <= 12)
    .sort((a, b) => period(a).months - period(b).months)
    .at(-1);
const valued = (figures) => figures.filter((n) => figure(n).value !== null);

const prepare = () => {
  const superseded = new Set(data.superseded);
  let line = 0;
  data.lines = data.line_steps.map((step) => (line += step));
  data.latest = data.printed.map((_, n) => n).filter((n) => !superseded.has(n));
  data.byArea = grouped(data.latest, (n) => data.area[n]);
  data.isProvisional = new Set(data.provisional);
  data.marks = new Map(data.marked.map(([n, ...rest]) => [n, rest]));
  data.changeOf = new Map(data.changed[0].map((n, place) => [n, place]));
  data.areaByCode = new Map(
    data.all_areas.map(([code, en, zh, parent, column, row]) => [code, { code, en, zh, parent, column, row }]),
  );
  data.tableByAddress = new Map(
    data.table_list.map(([domain, name, en, zh, file]) => [`${domain}.${name}`, { en: capital(en), zh, file, domain }]),
  );
  data.keyOfAddress = new Map();
  for (const n of data.latest) {
    const [codes] = data.category_list[data.category[n]];
    data.keyOfAddress.set(`${data.indicator_list[data.indicator[n]][0]}|${codes}`, keyOf(n));
  }
};
const unpack = async () => {
  const bytes = Uint8Array.from(atob(at("data").textContent), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  data = await new Response(stream).json();
  prepare();
};

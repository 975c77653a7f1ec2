/* Numbers for axes and notes; printed figures are shown as they are. */
const DIGITS = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });
const number = (value) => DIGITS.format(value).replace("-", "−");

const STEPS = [
    ["亿", 1e8],
    ["万", 1e4],
  ],
  WORDS = [
    ["billion", 1e9],
    ["million", 1e6],
  ];
/* The word and size by which an axis up to a number counts. */
const counted = (most) => (isChinese() ? STEPS : WORDS).find(([, size]) => most >= size) ?? ["", 1];
const unitOfAxis = (most, unit) => {
  const [name] = counted(most),
    counts = unitName(unit);
  return isChinese() ? `${name}${counts}` : [name, counts].filter(Boolean).join(" ") || word("number");
};
const onAxis = (value, most) => number(Number((value / counted(most)[1]).toPrecision(12)));

/* Round numbers from 0, or from below the least, to at least the most; whole ones on an axis of counts. */
const ticks = (least, most, isCount = false, wanted = 4) => {
  const raw = Math.max((most - Math.min(0, least)) / wanted || 1, isCount ? 1 : 0),
    power = 10 ** Math.floor(Math.log10(raw));
  const steps = isCount && power === 1 ? [1, 2, 5, 10] : [1, 2, 2.5, 5, 10];
  const step = steps.find((each) => each * power >= raw * 0.999) * power;
  const first = Math.floor(Math.min(0, least) / step),
    last = Math.max(first + 1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
};
const bounds = ({ low, high, value, of }) => {
  const unit = unitName(of.unit),
    after = unit && unit !== "%" ? ` ${unit}` : unit;
  if (value === null) return "–";
  if (low === null && high === null) return word("unknown");
  if (low === high) return word("exact");
  if (high === null) return `≥ ${number(low)}${after}`;
  if (low === null) return `≤ ${number(high)}${after}`;
  return `${number(low)} – ${number(high)}${after}`;
};
const valueOf = ({ value, of }) => {
  const unit = unitName(of.unit);
  return value === null ? "–" : `${number(value)}${unit && unit !== "%" ? " " : ""}${unit}`;
};

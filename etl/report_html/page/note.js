/* The note about a figure, beside what was pointed at, focused or pressed. */
const note = at("note");
let trigger = null,
  pinned = false,
  timer = 0;

const documentLink = (each) => make("a", { href: `#source-${each.source}` }, each.title);
const placeOf = (n) => {
  const { file } = data.tableByAddress.get(figure(n).of.table),
    code = make("code");
  for (const part of file.split(/(?<=\/)/)) code.append(part, make("wbr"));
  code.append(`:${data.lines[n]}`);
  return page.dataset.raw ? make("a", { href: page.dataset.raw + file }, code) : code;
};
const meaningOfMark = (each) => {
  const status = data.statuses[each.status];
  const meaning =
    each.isProvisional && !data.marks.has(each.n)
      ? word("provisional_mark")
      : status && each.status !== "A"
        ? say(...status)
        : "";
  return [meaning, each.note].filter(Boolean).join(" · ");
};
const describe = (n) => {
  const each = figure(n),
    list = make("dl"),
    table = data.tableByAddress.get(each.of.table);
  const add = (name, ...content) => list.append(make("div", {}, make("dt", {}, word(name)), make("dd", {}, content)));
  add("as_printed", make("strong", {}, each.published + each.mark));
  add("value", valueOf(each));
  add("bounds", bounds(each));
  if (meaningOfMark(each)) add("mark", meaningOfMark(each));
  const told = change(n);
  if (told) add("change", `${told.text} ${told.before !== null ? `(${shown(told.before)})` : word("implied", told.implied)}`);
  add("document", documentLink(each), each.section === "0" ? "" : ` §\u00a0${each.section}`);
  add("row", placeOf(n));
  const about = [say(table.en, table.zh), categoryOf(n), areaName(areaOf(n)), each.period.name].filter(Boolean).join(" · ");
  note.replaceChildren(
    make("p", { class: "note-title" }, nameOf(n), make("span", { class: "quiet" }, about)),
    list,
    make("p", {}, make("a", { href: `#${encodeURI(figureId(n))}`, class: "permalink" }, word("link_to_figure"))),
  );
  note.setAttribute("aria-label", nameOf(n));
};
const hideNote = () => {
  clearTimeout(timer);
  if (!trigger) return;
  if (trigger.ariaExpanded) trigger.setAttribute("aria-expanded", "false");
  trigger = null;
  pinned = false;
  note.hidePopover();
};
const showNote = (element) => {
  clearTimeout(timer);
  if (trigger === element) return;
  hideNote();
  trigger = element;
  describe(Number(element.dataset.figure));
  (element.closest("figure") || element.closest("table")?.parentElement || element).after(note);
  if (element.matches("button")) element.setAttribute("aria-expanded", "true");
  note.showPopover();
  const box = element.getBoundingClientRect(),
    size = note.getBoundingClientRect();
  const below = box.bottom + 6,
    above = box.top - size.height - 6;
  const top = below + size.height > innerHeight && above > 0 ? above : below;
  note.style.left = `${Math.max(8, Math.min(box.left, page.clientWidth - size.width - 8)) + scrollX}px`;
  note.style.top = `${Math.max(8, top + scrollY)}px`;
};
const figureAt = (event) => event.target.closest?.("[data-figure]");
const isWithin = (target) => note.contains(target) || trigger?.contains(target);
const listenForNotes = () => {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || pinned) return;
    const element = figureAt(event);
    clearTimeout(timer);
    if (element) timer = setTimeout(showNote, 120, element);
    else if (trigger && !note.contains(event.target)) timer = setTimeout(hideNote, 300);
  });
  document.addEventListener("focusin", (event) => {
    const element = figureAt(event);
    if (element) showNote(element);
    else if (!isWithin(event.target)) hideNote();
  });
  document.addEventListener("click", (event) => {
    const element = figureAt(event);
    if (element) {
      showNote(element);
      pinned = true;
    } else if (!isWithin(event.target)) hideNote();
    if (event.target.closest?.("#note a[href^='#']")) hideNote();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !trigger) return;
    const element = trigger;
    hideNote();
    element.focus?.({ preventScroll: true });
    hideNote();
  });
  addEventListener("beforeprint", hideNote);
};

/* Links to figures and parts of the page: what an address names is unfolded, scrolled to and highlighted. */
const figureOfId = (id) => {
  const [address, area, name, codes, source] = id.split("/");
  return data.printed.findIndex(
    (_, n) =>
      figure(n).of.address === address && areaOf(n) === area && figureId(n) === [address, area, name, codes, source].join("/"),
  );
};
const highlight = (element) => {
  for (const each of document.querySelectorAll(".found")) each.classList.remove("found");
  for (let each = element.closest("details"); each; each = each.parentElement.closest("details")) each.open = true;
  element.classList.add("found");
  element.scrollIntoView({ block: "center", inline: "center" });
  element.focus({ preventScroll: true });
  pinned = trigger === element; /* the note stays, though the page has moved beneath the pointer */
};
const showFigure = (n) => {
  chosen.area = data.area[n];
  chosen.year = period(n).year;
  show();
  const details = at(`table-${figure(n).of.table}`);
  details?.fill();
  const cell = details?.querySelector(`[data-figure="${n}"]`);
  if (cell) return highlight(cell);
  at("all-figures").open = true;
  search([n]);
  return highlight(at("list").tBodies[0].rows[0]);
};
const follow = () => {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!id) return;
  const n = id.includes("/") ? figureOfId(id) : -1,
    target = at(id);
  if (n >= 0) showFigure(n);
  else if (target?.matches("tr, details")) highlight(target);
};
/* The part of the page that is being read, in the contents. */
const watchParts = () => {
  const links = new Map([...document.querySelectorAll("#contents a")].map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        for (const link of links.values()) link.removeAttribute("aria-current");
        links.get(entry.target.id)?.setAttribute("aria-current", "true");
      }
    },
    { rootMargin: "-15% 0px -75% 0px" },
  );
  for (const id of links.keys()) if (at(id)) seen.observe(at(id));
};

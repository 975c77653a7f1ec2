/* The page: everything anew when its language, area, year or width changes. */
const show = () => {
  hideNote();
  measureRoom();
  offerChoices();
  offerDomains();
  const area = areaName(data.area_list[chosen.area]?.[0]);
  for (const each of document.querySelectorAll(".area-name")) each.textContent = area;
  for (const each of document.querySelectorAll(".year-name")) each.textContent = String(chosen.year);
  document.title = [area, word("title"), chosen.year].filter(Boolean).join(say(" · ", " · "));
  for (const part of [showHeadlines, showAreas, showCases, showDomains, showMeasured, showLoads]) part();
  if (at("all-figures").open) showList();
};
const speak = (language) => {
  page.lang = language;
  if (data.area_list.length) show();
};
const remembered = (language) => {
  try {
    if (language) localStorage.setItem("language", language);
    return localStorage.getItem("language");
  } catch {
    return null; /* a page from disk may have no storage */
  }
};
const whenSettled = (act) => {
  let wait = 0;
  return () => {
    clearTimeout(wait);
    wait = setTimeout(act, 150);
  };
};
const start = async () => {
  const fitContents = () => {
    at("contents").open = !isBelowBar.matches;
  };
  fitContents();
  isBelowBar.addEventListener("change", fitContents);
  await unpack();
  const language = remembered(),
    place = data.area_list.findIndex(([code]) => code === data.area_code);
  if (["zh-CN", "en"].includes(language)) page.lang = language;
  page.dataset.ready = "";
  if (place < 0) {
    delete page.dataset.script; /* without a figure there is nothing to choose */
    return;
  }
  chooseArea(place);
  show();
  listenForNotes();
  listenForSearch();
  watchParts();
  at("area").addEventListener("change", (event) => {
    chooseArea(Number(event.target.value));
    show();
  });
  at("year").addEventListener("change", (event) => {
    chosen.year = Number(event.target.value);
    show();
  });
  at("by-indicator").addEventListener("change", (event) => showComparison(event.target.value));
  at("language").addEventListener("click", () => speak(remembered(say("zh-CN", "en")) ?? say("zh-CN", "en")));
  at("unfold").addEventListener("click", () => {
    for (const each of document.querySelectorAll("main details")) each.open = true;
  });
  for (const link of document.querySelectorAll("#contents a"))
    link.addEventListener("click", () => {
      if (isBelowBar.matches) at("contents").open = false;
    });
  let width = page.clientWidth;
  addEventListener(
    "resize",
    whenSettled(() => {
      if (width !== (width = page.clientWidth)) show();
    }),
  );
  addEventListener("hashchange", follow);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("a")?.hash === location.hash && location.hash) follow();
  });
  follow();
};
page.dataset.script = "";
start();

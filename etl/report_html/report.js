"use strict";
(() => {
  const page = document.documentElement, at = (id) => document.getElementById(id), PAGE = 100;
  const chinese = () => page.lang.startsWith("zh");
  const say = (zh, en) => (chinese() ? zh : en);
  const note = at("note"), rows = at("list").tBodies[0];
  let data = null, found = [], first = 0, trigger = null, pinned = false, timer = 0;

  const make = (tag, text, name) => {
    const element = document.createElement(tag);
    if (text !== undefined && text !== null) element.textContent = text;
    if (name) element.className = name;
    return element;
  };
  const number = (value) => (value === null ? null : value.toLocaleString("en", { maximumFractionDigits: 6 }));
  const bounds = (low, high, unit) => {
    if (low === null && high === null) return say("未知", "unknown");
    if (low === high) return say("精确", "exact");
    if (high === null) return `≥ ${number(low)}${unit}`;
    if (low === null) return `≤ ${number(high)}${unit}`;
    return `${number(low)} – ${number(high)}${unit}`;
  };

  /* What is known of the figure with a number. */
  const known = (n) => {
    const [address, zh, en, kind, unit, domain, tableZh, tableEn, file, english] = data.indicator_list[data.indicator[n]];
    const [categoryZh, categoryEn] = data.category_list[data.category[n]];
    const [area, areaZh, areaEn] = data.area_list[data.area[n]];
    const [period, year] = data.period_list[data.period[n]];
    const [source, title, section] = data.place_list[data.place[n]];
    const unitText = say(unit, english), shownUnit = unitText && unitText !== "%" ? ` ${unitText}` : unitText;
    return {
      address, domain, area, year, period, source, section, file, line: data.raw_line[n], published: data.published[n] + data.mark[n],
      name: say(zh, en.charAt(0).toUpperCase() + en.slice(1)), table: say(tableZh, tableEn), category: say(categoryZh, categoryEn), place: say(areaZh, areaEn) || area,
      title: title || source, value: data.value[n] === null ? "–" : `${number(data.value[n])}${shownUnit}`,
      bounds: bounds(data.low[n], data.high[n], shownUnit), latest: data.is_latest[n],
    };
  };
  const row = (figure) => {
    const text = make("code");
    for (const part of figure.file.split(/(?<=\/)/)) text.append(part, make("wbr"));
    text.append(`:${figure.line}`);
    if (!page.dataset.raw) return text;
    const link = make("a");
    link.href = page.dataset.raw + figure.file;
    link.append(text);
    return link;
  };
  const document_ = (figure) => {
    const link = make("a", figure.title);
    link.href = `#source-${figure.source}`;
    return link;
  };

  /* The note about a figure, beside what was pointed at, focused or pressed. */
  const describe = (n) => {
    const figure = known(n), list = make("dl");
    const title = make("h4", figure.name);
    title.append(make("span", [figure.table, figure.category, figure.place, figure.period].filter(Boolean).join(" · "), "quiet"));
    const add = (label, ...content) => {
      const pair = make("div"), told = make("dd");
      told.append(...content);
      pair.append(make("dt", label), told);
      list.append(pair);
    };
    add(say("原文", "As printed"), make("strong", figure.published));
    add(say("数值", "Value"), figure.value);
    add(say("上下限", "Bounds"), figure.bounds);
    add(say("来源", "Document"), document_(figure), figure.section === "0" ? "" : ` §\u00a0${figure.section}`);
    add(say("所在行", "Row"), row(figure));
    const anchor = make("a", say("在全部数字中查看", "Show it among all figures"));
    anchor.href = `#figure-${n}`;
    note.replaceChildren(title, list, anchor);
    note.setAttribute("aria-label", figure.name);
  };
  const hide = () => {
    clearTimeout(timer);
    if (!trigger) return;
    if (trigger.ariaExpanded) trigger.setAttribute("aria-expanded", "false");
    trigger = null;
    pinned = false;
    note.hidePopover();
  };
  const show = (element) => {
    clearTimeout(timer);
    if (!data || trigger === element) return;
    hide();
    trigger = element;
    describe(Number(element.dataset.figure));
    const holder = element.closest("figure");
    (holder || element).after(note);
    if (element.matches("button")) element.setAttribute("aria-expanded", "true");
    note.showPopover();
    const box = element.getBoundingClientRect(), size = note.getBoundingClientRect();
    const below = box.bottom + 6, above = box.top - size.height - 6;
    const top = below + size.height > innerHeight && above > 0 ? above : below;
    note.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - size.width - 8)) + scrollX}px`;
    note.style.top = `${Math.max(8, top + scrollY)}px`;
  };
  const of = (event) => event.target.closest?.("[data-figure]");
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || pinned) return;
    const element = of(event);
    clearTimeout(timer);
    if (element) timer = setTimeout(show, 120, element);
    else if (trigger && !note.contains(event.target)) timer = setTimeout(hide, 300);
  });
  document.addEventListener("focusin", (event) => {
    const element = of(event);
    if (element) show(element);
    else if (!note.contains(event.target)) hide();
  });
  document.addEventListener("click", (event) => {
    const element = of(event);
    if (element && pinned && trigger === element) hide();
    else if (element) {
      show(element);
      pinned = true;
    } else if (!note.contains(event.target)) hide();
    else if (event.target.closest("a[href^='#']")) {
      hide();
      if (event.target.closest("a").hash === location.hash) follow();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !trigger) return;
    const element = trigger;
    hide();
    if (element.focus) element.focus({ focusVisible: true });
    hide();
  });

  /* The list of all figures, a page of them at a time. */
  const list = () => {
    const shown = found.slice(first, first + PAGE);
    rows.replaceChildren(
      ...shown.map((n) => {
        const figure = known(n), line = make("tr"), name = make("th", figure.name);
        line.id = `figure-${n}`;
        line.tabIndex = -1;
        name.scope = "row";
        name.append(make("span", [figure.table, figure.category, figure.place].filter(Boolean).join(" · "), "quiet"));
        const cell = (content, kind) => {
          const made = make("td", undefined, kind);
          made.append(content);
          return made;
        };
        const source = cell(document_(figure), "document"), value = cell(figure.value, "number");
        value.append(make("span", figure.bounds, "quiet"));
        if (figure.section !== "0") source.append(` §\u00a0${figure.section}`);
        line.append(
          name, cell(figure.period, "period"), cell(make("strong", figure.published), "number"), value, source, cell(row(figure)),
        );
        return line;
      }),
    );
    const total = found.length.toLocaleString("en"), last = Math.min(first + PAGE, found.length).toLocaleString("en");
    const from = found.length ? (first + 1).toLocaleString("en") : "0";
    at("count").textContent = say(`第 ${from}–${last} 个，共 ${total} 个数字`, `${from}–${last} of ${total} figures`);
    at("previous").disabled = first === 0;
    at("next").disabled = first + PAGE >= found.length;
  };
  const filter = () => {
    const words = at("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const [domain, area, year] = ["by-domain", "by-area", "by-year"].map((id) => at(id).value);
    const holds = (texts) => words.map((word) => texts.some((text) => text && String(text).toLowerCase().includes(word)));
    const none = words.map(() => false), or = (a, b) => a.map((each, i) => each || b[i]);
    const indicators = data.indicator_list.map((each) => [!domain || each[5] === domain, holds([each[0], each[1], each[2], each[6], each[7]])]);
    const areas = data.area_list.map((each) => [!area || each[0] === area, holds(each)]);
    const periods = data.period_list.map((each) => [!year || String(each[1]) === year, holds([each[0]])]);
    const categories = data.category_list.map(holds), places = data.place_list.map((each) => holds([each[0], each[1]]));
    found = [];
    for (let n = 0; n < data.published.length; n += 1) {
      const indicator = indicators[data.indicator[n]], where = areas[data.area[n]], when = periods[data.period[n]];
      if (!indicator[0] || !where[0] || !when[0]) continue;
      if (words.length) {
        const told = [indicator[1], where[1], when[1], categories[data.category[n]], places[data.place[n]]].reduce(or, none);
        if (!told.every((each, i) => each || data.published[n].includes(words[i]))) continue;
      }
      found.push(n);
    }
    first = 0;
    list();
  };
  const choices = () => {
    const fill = (id, options) => {
      const select = at(id), chosen = select.value;
      select.replaceChildren(new Option(say("全部", "all"), ""), ...options.map(([value, text]) => new Option(text, value)));
      select.value = chosen;
    };
    const years = [...new Set(data.period_list.map(([, year]) => year))].sort((a, b) => b - a);
    fill("by-domain", data.domain_list.map(([domain, zh, en]) => [domain, say(zh, en)]));
    fill("by-area", data.area_list.map(([code, zh, en]) => [code, say(zh, en) || code]));
    fill("by-year", years.map((year) => [String(year), String(year)]));
  };

  /* The row that the address of the page names, which may be on another page of the list. */
  const follow = () => {
    const match = /^#figure-(\d+)$/.exec(location.hash);
    if (match && data && Number(match[1]) < data.published.length) {
      at("filters").reset();
      filter();
      first = Math.floor(Number(match[1]) / PAGE) * PAGE;
      list();
    }
    const target = location.hash && at(decodeURIComponent(location.hash.slice(1)));
    if (!target || target.localName !== "tr") return;
    for (const each of document.querySelectorAll("tr.found")) each.classList.remove("found");
    target.classList.add("found");
    target.scrollIntoView({ block: "center" });
    target.focus({ preventScroll: true });
  };

  const speak = (language) => {
    page.lang = language;
    const heading = document.querySelector("h1");
    document.title = [...heading.children].find((each) => each.className === say("zh", "en")).textContent;
    if (data) {
      choices();
      list();
    }
  };
  at("language").addEventListener("click", () => {
    hide();
    speak(say("en", "zh-CN"));
    try { localStorage.setItem("language", page.lang); } catch { /* a page from disk may have no storage */ }
  });
  at("filters").addEventListener("submit", (event) => event.preventDefault());
  at("filters").addEventListener("change", () => data && filter());
  at("search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => data && filter(), 150); });
  at("previous").addEventListener("click", () => { first -= PAGE; list(); });
  at("next").addEventListener("click", () => { first += PAGE; list(); });
  addEventListener("hashchange", follow);
  addEventListener("beforeprint", hide);

  const unpacked = async () => {
    const bytes = Uint8Array.from(atob(at("data").textContent), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    data = await new Response(stream).json();
    choices();
    filter();
    page.dataset.ready = "";
    follow();
  };
  let wanted = null;
  try { wanted = localStorage.getItem("language"); } catch { /* a page from disk may have no storage */ }
  speak(["zh-CN", "en"].includes(wanted) ? wanted : page.lang);
  unpacked();
})();

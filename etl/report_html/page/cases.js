/* Cases of the year at every body that receives and closes any, as flows. */
const flowsOfYear = () => {
  const roles = grouped(
    data.case_roles.filter(([item]) => item === "received" || item === "closed"),
    ([, address]) => address.slice(0, address.lastIndexOf(".")),
  );
  const here = ofArea(chosen.area),
    found = [];
  for (const uses of roles.values()) {
    const address = Object.fromEntries(uses);
    if (!address.received || !address.closed) continue;
    for (const [key, figures] of here) {
      const [, codes] = key.split("|");
      if (indicator(Number(key.split("|")[0])).address !== address.received) continue;
      const received = withinYear(figures, chosen.year),
        closed = [...here].find(
          ([other]) => other.endsWith(`|${codes}`) && indicator(Number(other.split("|")[0])).address === address.closed,
        )?.[1];
      const same = closed?.find((n) => received !== undefined && period(n).name === period(received).name);
      if (same !== undefined && figure(received).value !== null && figure(same).value !== null)
        found.push({ received, closed: same });
    }
  }
  return found.sort((a, b) => figure(b.received).value - figure(a.received).value);
};
const showCases = () => {
  const flows = flowsOfYear(),
    charts = flows.map((cases) => {
      const table = data.tableByAddress.get(figure(cases.received).of.table),
        part = categoryOf(cases.received);
      const title = [say(table.en, table.zh), part].filter(Boolean).join(say(": ", "："));
      return chartFigure({
        title,
        caption: period(cases.received).name,
        figures: [cases.received, cases.closed],
        svg: flowOf(cases, chartWidth()),
      });
    });
  at("case-flows").replaceChildren(...charts);
  at("no-cases").textContent = charts.length ? "" : word("no_cases", chosen.year);
};

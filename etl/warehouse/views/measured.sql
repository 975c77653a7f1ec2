-- view: report.measured
-- zh: 计量图：每领域、地区、年份有多少指标有数字
-- en: The map of what is measured: how many indicators of a domain have a figure, by area and year
-- grain: domain, area_code, year
-- year: 年份 · year in which the period ends
-- indicators: 有数字的指标数 · indicators of the domain that have a figure
-- figures: 数字个数 · figures of them
-- of_indicators: 指标总数 · figure columns that the tables of the domain have
-- share_pct: 占比 · indicators that have a figure, of all of the domain, in percent
WITH declared AS (
    SELECT domain, count(*) AS of_indicators
    FROM core.indicator
    WHERE kind <> 'derived'
    GROUP BY domain
),
counted AS (
    SELECT
        figures.domain, figures.area_code, year(spans.ends_on) AS year,
        count(DISTINCT (figures.table_name, figures.indicator)) AS indicators, count(*) AS figures
    FROM core.figure AS figures
    JOIN core.period AS spans USING (period)
    WHERE figures.value IS NOT NULL
    GROUP BY ALL
),
titles AS (
    SELECT domain, domain_zh, domain_en, min(position) AS position
    FROM core.catalogue
    GROUP BY domain, domain_zh, domain_en
)
SELECT
    domain, domain_zh, domain_en, area_code, areas.zh AS area_zh, areas.en AS area_en, year,
    indicators, figures, of_indicators, indicators * 100.0 / of_indicators AS share_pct
FROM counted
JOIN titles USING (domain)
JOIN declared USING (domain)
LEFT JOIN core.area AS areas USING (area_code)
ORDER BY titles.position, area_code, year

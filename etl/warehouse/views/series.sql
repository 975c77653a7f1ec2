-- view: report.series
-- zh: 图表数据：每图、指标、类别、地区、年份一行，只取全年的数字
-- en: What charts over the years show: figures of whole years, and never of months or halves
-- grain: chart, address, categories, area_code, year
-- chart: 图 · id of the chart
-- place: 次序 · place of the series in the chart
-- address: 指标地址 · domain, table and column
-- year: 年份 · year in which the period ends
WITH ranked AS (
    SELECT
        charts.item AS chart, charts.place, figures.*,
        row_number() OVER (
            PARTITION BY charts.item, figures.address, figures.categories, figures.area_code, year(figures.ends_on)
            ORDER BY figures.ends_on DESC, spans.months DESC, figures.row_key
        ) AS recency
    FROM core.headline AS charts
    JOIN report.bulletin AS figures USING (address, categories)
    JOIN core.period AS spans USING (period)
    WHERE
        charts.view = 'series' AND figures.is_latest AND figures.value IS NOT NULL
        AND spans.months = 12 AND month(figures.starts_on) = 1
)
SELECT
    chart, place, domain, table_name, table_zh, table_en, address, indicator_zh, indicator_en, kind,
    categories, categories_zh, categories_en, area_code, area_zh, area_en, period, year(ends_on) AS year,
    value, low, high, unit, hedge, published, source, section, row_key
FROM ranked
WHERE recency = 1
ORDER BY domain, chart, place, area_code, year

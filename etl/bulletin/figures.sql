-- The figures that a bulletin of an area and a span of days can place: those of the span itself, those of the last span
-- before it, those of the same span a year before, and those of a longer span that ends with it; of the area itself and of the
-- area that encloses it. Or else, as a series, those of the same span of all years up to it.
-- Of several documents that print one figure, the latest published is taken.
WITH areas AS (
    SELECT area_code, 'own' AS place FROM core.area WHERE area_code = $area
    UNION ALL
    SELECT parent_code, 'enclosing' FROM core.area WHERE area_code = $area AND parent_code IS NOT NULL
),
spans AS (
    SELECT
        period, months,
        CASE
            WHEN starts_on = $starts_on AND ends_on = $ends_on THEN 'this'
            WHEN ends_on < $starts_on THEN 'before'
            WHEN ends_on = $ends_on AND starts_on < $starts_on THEN 'to_date'
        END AS span
    FROM core.period
    UNION ALL
    SELECT period, months, 'year_before' FROM core.period WHERE starts_on = $starts_on - INTERVAL 1 YEAR AND months = $months
    UNION ALL
    SELECT period, months, 'series' FROM core.period
    WHERE months = $months AND month(starts_on) = month($starts_on) AND ends_on <= $ends_on
)
SELECT
    figures.address, figures.categories, spans.span, areas.place,
    figures.table_zh, figures.table_en, figures.indicator_zh, figures.indicator_en, figures.kind,
    figures.categories_zh, figures.categories_en,
    figures.period, figures.published, figures.value, figures.low, figures.high, figures.unit, figures.hedge,
    figures.source, cells.raw_file, cells.raw_line, figures.is_provisional, figures.status
FROM report.bulletin AS figures
JOIN areas ON areas.area_code = figures.area_code
JOIN spans ON spans.period = figures.period AND spans.span IS NOT NULL
JOIN core.catalogue AS tables ON tables.domain = figures.domain AND tables.table_name = figures.table_name
JOIN core.figure AS cells
    ON cells.domain = figures.domain AND cells.table_name = figures.table_name
    AND cells.indicator = figures.indicator AND cells.row_key = figures.row_key
WHERE figures.is_latest AND (spans.span = 'series') = $is_series AND (areas.place = 'own' OR NOT $is_series)
QUALIFY row_number() OVER (
    PARTITION BY figures.address, figures.categories, spans.span, areas.place, CASE WHEN $is_series THEN figures.starts_on END
    ORDER BY spans.months = $months DESC, figures.ends_on DESC, figures.starts_on, figures.row_key
) = 1
ORDER BY tables.position, figures.categories, figures.address, spans.span, areas.place

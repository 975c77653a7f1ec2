-- view: report.year_on_year
-- zh: 同比：各指标本期、上年同期、增减与增幅（含上下限），以及原文刊载的同比；多处刊载取最近发布者
-- en: Each figure beside that of the same span a year before, and beside the growth that is printed; of several documents the latest published
-- grain: address, area_code, categories, period
-- address: 指标地址 · domain, table and column
-- value: 本期 · value of the period
-- value_before: 上年同期 · value of the same span a year before
-- change: 增减 · value less value before
-- change_unit: 增减单位 · unit of the change; of a percentage, percentage points
-- growth_pct: 增幅 · change over the value before, in percent; NULL for shares and scores
-- printed_growth_pct: 刊载同比 · growth printed beside the figure, in percent
-- implied_before: 推算上年同期 · value of the same span a year before that the printed growth implies
-- growth_agrees: 相符 · whether one true growth can be both what the levels give and what is printed
-- source_before: 上年来源 · document of the value before
WITH latest AS (
    SELECT figures.*, spans.months, report.bounded(value, low, high) AS now
    FROM report.bulletin AS figures
    JOIN core.period AS spans USING (period)
    WHERE figures.is_latest AND figures.value IS NOT NULL
),
compared AS (
    SELECT
        present.*, before.now AS past, before.source AS source_before, growth.now AS growth,
        report.difference(present.now, before.now) AS change,
        CASE WHEN present.kind NOT IN ('share', 'score') THEN report.growth_pct(present.now, before.now) END AS grown,
        report.level_before(present.now, growth.now) AS implied
    FROM latest AS present
    LEFT JOIN latest AS before
        ON before.address = present.address AND before.area_code = present.area_code
        AND before.categories = present.categories AND before.months = present.months
        AND before.starts_on = present.starts_on - INTERVAL 1 YEAR
    LEFT JOIN core.indicator AS growths ON growths.growth_of = present.address
    LEFT JOIN latest AS growth
        ON growth.address = growths.address AND growth.area_code = present.area_code
        AND growth.categories = present.categories AND growth.months = present.months
        AND growth.starts_on = present.starts_on
    WHERE present.kind <> 'rate' AND (before.value IS NOT NULL OR growth.value IS NOT NULL)
)
SELECT
    domain, domain_zh, domain_en, table_name, table_zh, table_en, address, indicator_zh, indicator_en,
    area_code, area_zh, area_en, categories, categories_zh, categories_en, period, unit,
    value, low AS value_low, high AS value_high,
    past.value AS value_before, past.low AS value_before_low, past.high AS value_before_high,
    change.value AS change, change.low AS change_low, change.high AS change_high,
    CASE WHEN unit = '%' THEN '个百分点' ELSE unit END AS change_unit,
    grown.value AS growth_pct, grown.low AS growth_pct_low, grown.high AS growth_pct_high,
    growth.value AS printed_growth_pct, growth.low AS printed_growth_pct_low, growth.high AS printed_growth_pct_high,
    implied.value AS implied_before, implied.low AS implied_before_low, implied.high AS implied_before_high,
    CASE
        WHEN grown.value IS NOT NULL AND growth.value IS NOT NULL
            THEN coalesce(grown.low <= growth.high, true) AND coalesce(growth.low <= grown.high, true)
    END AS growth_agrees,
    source, source_before
FROM compared
ORDER BY domain, table_name, address, area_code, categories, period

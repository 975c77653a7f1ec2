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
    SELECT figures.*, spans.months
    FROM report.bulletin AS figures
    JOIN core.period AS spans USING (period)
    WHERE figures.is_latest AND figures.value IS NOT NULL
),
printed_growth AS (
    SELECT regexp_replace(address, '_growth_pct$', '') AS address, area_code, categories, starts_on, months, value, low, high
    FROM latest
    WHERE ends_with(address, '_growth_pct')
),
compared AS (
    SELECT
        present.*,
        before.value AS value_before, before.low AS value_before_low, before.high AS value_before_high,
        before.source AS source_before,
        present.kind IN ('share', 'score') AS is_on_a_scale,
        growth.value AS printed_growth_pct, growth.low AS printed_growth_pct_low, growth.high AS printed_growth_pct_high
    FROM latest AS present
    LEFT JOIN latest AS before
        ON before.address = present.address AND before.area_code = present.area_code
        AND before.categories = present.categories AND before.months = present.months
        AND before.starts_on = present.starts_on - INTERVAL 1 YEAR
    LEFT JOIN printed_growth AS growth
        ON growth.address = present.address AND growth.area_code = present.area_code
        AND growth.categories = present.categories AND growth.months = present.months
        AND growth.starts_on = present.starts_on
    WHERE present.kind <> 'rate' AND (before.value IS NOT NULL OR growth.value IS NOT NULL)
),
grown AS (
    -- An interval divided by one that reaches zero is open above.
    SELECT
        compared.*,
        CASE WHEN NOT is_on_a_scale AND value_before > 0 THEN (value / value_before - 1) * 100 END AS growth_pct,
        CASE WHEN NOT is_on_a_scale AND value_before_high > 0 THEN (low / value_before_high - 1) * 100 END AS growth_pct_low,
        CASE WHEN NOT is_on_a_scale AND value_before_low > 0 THEN (high / value_before_low - 1) * 100 END AS growth_pct_high,
        CASE WHEN printed_growth_pct > -100 THEN value / (1 + printed_growth_pct / 100) END AS implied_before,
        CASE WHEN printed_growth_pct_high > -100 THEN low / (1 + printed_growth_pct_high / 100) END AS implied_before_low,
        CASE WHEN printed_growth_pct_low > -100 THEN high / (1 + printed_growth_pct_low / 100) END AS implied_before_high
    FROM compared
)
SELECT
    domain, domain_zh, domain_en, table_name, table_zh, table_en, address, indicator_zh, indicator_en,
    area_code, area_zh, area_en, categories, categories_zh, categories_en, period, unit,
    value, low AS value_low, high AS value_high,
    value_before, value_before_low, value_before_high,
    value - value_before AS change,
    low - value_before_high AS change_low,
    high - value_before_low AS change_high,
    CASE WHEN unit = '%' THEN '个百分点' ELSE unit END AS change_unit,
    growth_pct, growth_pct_low, growth_pct_high,
    printed_growth_pct, printed_growth_pct_low, printed_growth_pct_high,
    implied_before, implied_before_low, implied_before_high,
    CASE
        WHEN growth_pct IS NOT NULL AND printed_growth_pct IS NOT NULL THEN
            coalesce(growth_pct_low <= printed_growth_pct_high, true) AND coalesce(printed_growth_pct_low <= growth_pct_high, true)
    END AS growth_agrees,
    source, source_before
FROM grown
ORDER BY domain, table_name, address, area_code, categories, period

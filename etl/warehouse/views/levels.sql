-- view: report.levels
-- zh: 各指标最近一期的数值，与上年同期（刊载，或由刊载同比推算）或此前最近一期同长时段相比；要目另有次序（headline）
-- en: The latest value of each indicator, beside that of a year before (printed, or implied by the printed growth) or of the last span before
-- grain: address, categories, area_code
-- address: 指标地址 · domain, table and column
-- value: 数值 · value of the latest period
-- before: 此前数值 · value that it is compared with
-- before_period: 此前时期 · period of the value before
-- before_is: 此前数值的由来 · printed: of a year before; implied: by the printed growth; earlier: the last printed span before
-- change: 增减 · value less value before
-- change_unit: 增减单位 · unit of the change; of a percentage, percentage points
-- growth_pct: 增幅 · printed growth, or else change over the value before, in percent; NULL for shares and scores
-- headline: 要目次序 · place among the headlines of a report; NULL for none
WITH latest AS (
    SELECT figures.*, spans.months, report.bounded(value, low, high) AS now
    FROM report.bulletin AS figures
    JOIN core.period AS spans USING (period)
    WHERE figures.is_latest AND figures.value IS NOT NULL
),
ranked AS (
    SELECT
        latest.*,
        row_number() OVER (one_indicator ORDER BY ends_on DESC, months DESC, row_key) AS recency,
        lag(now) OVER like_spans AS earlier,
        lag(period) OVER like_spans AS earlier_period,
        lag(starts_on) OVER like_spans AS earlier_starts_on
    FROM latest
    WINDOW
        one_indicator AS (PARTITION BY address, categories, area_code),
        like_spans AS (PARTITION BY address, categories, area_code, months ORDER BY ends_on, row_key)
),
paired AS (
    SELECT
        ranked.*, growth.now AS printed, report.level_before(ranked.now, growth.now) AS implied,
        CASE
            WHEN ranked.kind = 'rate' THEN NULL
            WHEN ranked.earlier_starts_on = ranked.starts_on - INTERVAL 1 YEAR THEN 'printed'
            WHEN growth.value > -100 THEN 'implied'
            WHEN ranked.earlier IS NOT NULL THEN 'earlier'
        END AS before_is,
        CASE WHEN before_is = 'implied' THEN implied WHEN before_is IS NOT NULL THEN ranked.earlier END AS past,
        CASE
            WHEN before_is <> 'implied' THEN ranked.earlier_period
            WHEN before_is = 'implied' AND NOT contains(ranked.period, '/')
                THEN (year(ranked.starts_on) - 1) || ranked.period[5:]
        END AS before_period
    FROM ranked
    LEFT JOIN core.indicator AS growths ON growths.growth_of = ranked.address
    LEFT JOIN latest AS growth
        ON growth.address = growths.address AND growth.categories = ranked.categories
        AND growth.area_code = ranked.area_code AND growth.starts_on = ranked.starts_on AND growth.months = ranked.months
    WHERE ranked.recency = 1
),
compared AS (
    SELECT
        paired.*,
        report.difference(now, past) AS change,
        CASE
            WHEN before_is IS NULL OR kind IN ('share', 'score') THEN NULL
            WHEN printed.value IS NOT NULL THEN printed
            ELSE report.growth_pct(now, past)
        END AS growth
    FROM paired
)
SELECT
    domain, domain_zh, domain_en, table_name, table_zh, table_en, address, indicator_zh, indicator_en, compared.kind,
    area_code, area_zh, area_en, categories, categories_zh, categories_en, period, unit,
    value, low AS value_low, high AS value_high, hedge, published,
    past.value AS before, past.low AS before_low, past.high AS before_high, before_period, before_is,
    change.value AS change, change.low AS change_low, change.high AS change_high,
    CASE WHEN unit = '%' THEN '个百分点' ELSE unit END AS change_unit,
    growth.value AS growth_pct, growth.low AS growth_pct_low, growth.high AS growth_pct_high,
    headlines.place AS headline,
    source, section, row_key
FROM compared
LEFT JOIN (FROM core.headline WHERE view = 'levels') AS headlines USING (address, categories)
ORDER BY headlines.place NULLS LAST, domain, table_name, address, categories, area_code

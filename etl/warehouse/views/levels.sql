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
WITH headlines (headline, address, categories) AS (
    VALUES
        (1, 'patents.stock.valid_inventions', 'all'),
        (2, 'patents.density.high_value_inventions_per_10k_people', ''),
        (3, 'trademarks.stock.valid', ''),
        (4, 'trademarks.geographical_indications.total', ''),
        (5, 'copyright.registrations.works', ''),
        (6, 'plant_varieties.rights.cumulative', ''),
        (7, 'commercialization.transfers.transfers_and_licences', ''),
        (8, 'finance.pledges.amount_yuan', 'all'),
        (9, 'courts.caseload.received', 'all'),
        (10, 'customs.seizures.consignments', ''),
        (11, 'mediation.disputes.mediated', ''),
        (12, 'administration.satisfaction.score', '')
),
latest AS (
    SELECT figures.*, spans.months
    FROM report.bulletin AS figures
    JOIN core.period AS spans USING (period)
    WHERE figures.is_latest AND figures.value IS NOT NULL
),
printed_growth AS (
    SELECT regexp_replace(address, '_growth_pct$', '') AS address, categories, area_code, starts_on, months, value, low, high
    FROM latest
    WHERE ends_with(address, '_growth_pct')
),
ranked AS (
    SELECT
        latest.*,
        kind IN ('share', 'score') AS is_on_a_scale,
        row_number() OVER (one_indicator ORDER BY ends_on DESC, months DESC, row_key) AS recency,
        lag(value) OVER like_spans AS earlier,
        lag(low) OVER like_spans AS earlier_low,
        lag(high) OVER like_spans AS earlier_high,
        lag(period) OVER like_spans AS earlier_period,
        lag(starts_on) OVER like_spans AS earlier_starts_on
    FROM latest
    WINDOW
        one_indicator AS (PARTITION BY address, categories, area_code),
        like_spans AS (PARTITION BY address, categories, area_code, months ORDER BY ends_on, row_key)
),
compared AS (
    -- An interval divided by one that reaches zero is open above.
    SELECT
        ranked.*,
        CASE
            WHEN ranked.kind = 'rate' THEN NULL
            WHEN ranked.earlier_starts_on = ranked.starts_on - INTERVAL 1 YEAR THEN 'printed'
            WHEN growth.value > -100 THEN 'implied'
            WHEN ranked.earlier IS NOT NULL THEN 'earlier'
        END AS before_is,
        CASE before_is WHEN 'implied' THEN ranked.value / (1 + growth.value / 100) ELSE ranked.earlier END AS before,
        CASE
            WHEN before_is <> 'implied' THEN ranked.earlier_low
            WHEN growth.high > -100 THEN ranked.low / (1 + growth.high / 100)
        END AS before_low,
        CASE
            WHEN before_is <> 'implied' THEN ranked.earlier_high
            WHEN growth.low > -100 THEN ranked.high / (1 + growth.low / 100)
        END AS before_high,
        CASE
            WHEN before_is <> 'implied' THEN ranked.earlier_period
            WHEN NOT contains(ranked.period, '/') THEN (year(ranked.starts_on) - 1) || ranked.period[5:]
        END AS before_period,
        growth.value AS printed_growth_pct, growth.low AS printed_growth_pct_low, growth.high AS printed_growth_pct_high
    FROM ranked
    LEFT JOIN printed_growth AS growth
        ON growth.address = ranked.address AND growth.categories = ranked.categories AND growth.area_code = ranked.area_code
        AND growth.starts_on = ranked.starts_on AND growth.months = ranked.months
    WHERE ranked.recency = 1
)
SELECT
    domain, domain_zh, domain_en, table_name, table_zh, table_en, address, indicator_zh, indicator_en, kind,
    area_code, area_zh, area_en, categories, categories_zh, categories_en, period, unit,
    value, low AS value_low, high AS value_high, hedge, published,
    CASE WHEN before_is IS NOT NULL THEN before END AS before,
    CASE WHEN before_is IS NOT NULL THEN before_low END AS before_low,
    CASE WHEN before_is IS NOT NULL THEN before_high END AS before_high,
    CASE WHEN before_is IS NOT NULL THEN before_period END AS before_period,
    before_is,
    CASE WHEN before_is IS NOT NULL THEN value - before END AS change,
    CASE WHEN before_is IS NOT NULL THEN low - before_high END AS change_low,
    CASE WHEN before_is IS NOT NULL THEN high - before_low END AS change_high,
    CASE WHEN unit = '%' THEN '个百分点' ELSE unit END AS change_unit,
    CASE
        WHEN before_is IS NULL OR is_on_a_scale THEN NULL
        WHEN printed_growth_pct IS NOT NULL THEN printed_growth_pct
        WHEN before > 0 THEN (value / before - 1) * 100
    END AS growth_pct,
    CASE
        WHEN before_is IS NULL OR is_on_a_scale THEN NULL
        WHEN printed_growth_pct IS NOT NULL THEN printed_growth_pct_low
        WHEN before_high > 0 THEN (low / before_high - 1) * 100
    END AS growth_pct_low,
    CASE
        WHEN before_is IS NULL OR is_on_a_scale THEN NULL
        WHEN printed_growth_pct IS NOT NULL THEN printed_growth_pct_high
        WHEN before_low > 0 THEN (high / before_low - 1) * 100
    END AS growth_pct_high,
    headlines.headline,
    source, section, row_key
FROM compared
LEFT JOIN headlines USING (address, categories)
ORDER BY headlines.headline NULLS LAST, domain, table_name, address, categories, area_code

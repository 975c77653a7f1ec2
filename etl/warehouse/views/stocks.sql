-- view: report.stocks
-- zh: 存量与增量：期末总数、本期新增与推算的期初数；多处刊载取最近发布者
-- en: What there is at the end of a period, what came in it, and what there must have been before; of several documents the latest published
-- grain: address, area_code, categories, period
-- address: 指标地址 · domain, table and column of the total
-- total: 总数 · number at the end of the period
-- added: 新增 · number that came in the period
-- added_zh: 新增口径 · what the additions are called
-- added_en: 新增口径（英文） · what the additions are called, in English
-- before: 期初数 · total less added; of what may lapse, the least number before
-- growth_pct: 增幅 · added over the number before, in percent; of what may lapse, the most it can be
-- may_lapse: 是否会失效 · whether some of the total may have ended in the period, so that there may have been more before
WITH figures AS (
    SELECT headlines.item, headlines.kind = 'lapsing' AS may_lapse, figures.*, report.bounded(value, low, high) AS bounds
    FROM core.headline AS headlines
    JOIN report.bulletin AS figures USING (address)
    WHERE headlines.view = 'stocks' AND figures.is_latest AND figures.value IS NOT NULL
),
paired AS (
    SELECT
        totals.*, additions.bounds AS added, additions.indicator_zh AS added_zh, additions.indicator_en AS added_en,
        report.difference(totals.bounds, additions.bounds) AS before,
        report.growth_by(additions.bounds, totals.bounds) AS growth
    FROM figures AS totals
    JOIN figures AS additions USING (domain, table_name, area_code, categories, period)
    WHERE totals.item = 'total' AND additions.item = 'added'
)
SELECT
    domain, domain_zh, domain_en, table_name, table_zh, table_en, address, indicator_zh, indicator_en, added_zh, added_en,
    area_code, area_zh, area_en, categories, categories_zh, categories_en, period, unit,
    value AS total, low AS total_low, high AS total_high,
    added.value AS added, added.low AS added_low, added.high AS added_high,
    before.value AS before, before.low AS before_low, CASE WHEN NOT may_lapse THEN before.high END AS before_high,
    growth.value AS growth_pct, CASE WHEN NOT may_lapse THEN growth.low END AS growth_pct_low, growth.high AS growth_pct_high,
    may_lapse,
    source
FROM paired
ORDER BY domain, table_name, address, area_code, categories, period

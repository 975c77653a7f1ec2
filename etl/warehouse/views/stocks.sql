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
WITH stocks_and_flows (total_address, added_address, may_lapse) AS (
    VALUES
        ('trademarks.well_known.total', 'trademarks.well_known.newly_recognised', true),
        ('trademarks.brands.total', 'trademarks.brands.newly_cultivated', true),
        ('trademarks.geographical_indications.certification_marks',
         'trademarks.geographical_indications.newly_registered_marks', true),
        ('plant_varieties.rights.cumulative', 'plant_varieties.rights.newly_granted', false),
        ('trade_secrets.alliances.alliances', 'trade_secrets.alliances.new_alliances', false),
        ('trade_secrets.standard_adopters.enterprises', 'trade_secrets.standard_adopters.new_enterprises', false),
        ('services.protection_centre.fields', 'services.protection_centre.new_fields', false)
),
paired AS (
    SELECT
        totals.*,
        stocks_and_flows.may_lapse,
        additions.value AS added, additions.low AS added_low, additions.high AS added_high,
        additions.indicator_zh AS added_zh, additions.indicator_en AS added_en
    FROM stocks_and_flows
    JOIN report.bulletin AS totals ON totals.address = total_address AND totals.is_latest
    JOIN report.bulletin AS additions
        ON additions.address = added_address AND additions.is_latest
        AND additions.area_code = totals.area_code AND additions.categories = totals.categories
        AND additions.period = totals.period
)
SELECT
    domain, domain_zh, domain_en, table_name, table_zh, table_en, address, indicator_zh, indicator_en, added_zh, added_en,
    area_code, area_zh, area_en, categories, categories_zh, categories_en, period, unit,
    value AS total, low AS total_low, high AS total_high,
    added, added_low, added_high,
    value - added AS before,
    low - added_high AS before_low,
    CASE WHEN NOT may_lapse THEN high - added_low END AS before_high,
    CASE WHEN value > added THEN added / (value - added) * 100 END AS growth_pct,
    may_lapse,
    source
FROM paired
ORDER BY domain, table_name, address, area_code, categories, period

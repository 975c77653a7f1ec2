-- view: report.cases
-- zh: 各机构收结案：法院、市场监管部门、公安、海关、检察、调解、海外维权，每机构、事项、类别、地区、时期、来源一行
-- en: Cases taken on and brought to an end, with the rate, at every body; received_en, closed_en and rate_en say what each body counts
-- grain: body, matter, part, area_code, period, source
-- body: 机构 · domain of the body that handles the cases
-- body_zh: {core.catalogue.domain_zh}
-- body_en: {core.catalogue.domain_en}
-- matter: 事项 · table of the cases
-- matter_zh: 事项名 · matter in Chinese
-- matter_en: 事项英文名 · matter in English
-- part: 类别代码 · court, channel, right or stage; empty where the table has none
-- part_zh: 类别 · part in Chinese
-- part_en: 类别英文名 · part in English
-- received: 收案 · cases taken on
-- received_zh: 收案口径 · what the body calls them
-- received_en: 收案口径（英文） · what the body calls them, in English
-- received_growth_pct: 收案同比 · printed growth of cases taken on, in percent
-- closed: 结案 · cases brought to an end
-- closed_zh: 结案口径 · what the body calls them
-- closed_en: 结案口径（英文） · what the body calls them, in English
-- rate_pct: 比率 · printed rate, or else closed per hundred received
-- rate_zh: 比率口径 · what the rate is of
-- rate_en: 比率口径（英文） · what the rate is of, in English
-- is_rate_printed: 比率是否刊载 · whether the rate is printed; otherwise it is computed here
WITH figures AS (
    SELECT headlines.item, everything.*
    FROM core.headline AS headlines
    JOIN (FROM report.bulletin UNION ALL BY NAME FROM report.measures) AS everything USING (address)
    WHERE headlines.view = 'cases'
),
rows_of_matters AS (
    SELECT
        domain, domain_zh, domain_en, table_name, table_zh, table_en, categories, categories_zh, categories_en,
        area_code, area_zh, area_en, period, source, section,
        max(value) FILTER (WHERE item = 'received') AS received,
        max(low) FILTER (WHERE item = 'received') AS received_low,
        max(high) FILTER (WHERE item = 'received') AS received_high,
        max(indicator_zh) FILTER (WHERE item = 'received') AS received_zh,
        max(indicator_en) FILTER (WHERE item = 'received') AS received_en,
        max(value) FILTER (WHERE item = 'received_growth') AS received_growth_pct,
        max(value) FILTER (WHERE item = 'closed') AS closed,
        max(low) FILTER (WHERE item = 'closed') AS closed_low,
        max(high) FILTER (WHERE item = 'closed') AS closed_high,
        max(indicator_zh) FILTER (WHERE item = 'closed') AS closed_zh,
        max(indicator_en) FILTER (WHERE item = 'closed') AS closed_en,
        max(value) FILTER (WHERE item = 'rate') AS rate_pct,
        max(low) FILTER (WHERE item = 'rate') AS rate_pct_low,
        max(high) FILTER (WHERE item = 'rate') AS rate_pct_high,
        max(indicator_zh) FILTER (WHERE item = 'rate' AND kind <> 'derived') AS rate_zh,
        max(indicator_en) FILTER (WHERE item = 'rate' AND kind <> 'derived') AS rate_en,
        count(value) FILTER (WHERE item = 'rate' AND kind <> 'derived') > 0 AS is_rate_printed
    FROM figures
    GROUP BY ALL
)
SELECT
    domain AS body, domain_zh AS body_zh, domain_en AS body_en,
    table_name AS matter, table_zh AS matter_zh, table_en AS matter_en,
    categories AS part, categories_zh AS part_zh, categories_en AS part_en,
    area_code, area_zh, area_en, period,
    received_zh, received_en, received, received_low, received_high, received_growth_pct,
    closed_zh, closed_en, closed, closed_low, closed_high,
    coalesce(rate_zh, closed_zh || '／' || received_zh) AS rate_zh,
    coalesce(rate_en, closed_en || ' per hundred ' || received_en) AS rate_en,
    rate_pct, rate_pct_low, rate_pct_high, is_rate_printed,
    source, section
FROM rows_of_matters
WHERE coalesce(received, closed, rate_pct) IS NOT NULL
ORDER BY body, matter, part, area_code, period, source

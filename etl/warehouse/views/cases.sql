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
WITH matters (received, received_growth, closed, rate) AS (
    VALUES
        ('courts.caseload.received', 'courts.caseload.received_growth_pct', 'courts.caseload.closed', NULL),
        ('administration.adjudications.received', 'administration.adjudications.received_growth_pct',
         'administration.adjudications.closed', NULL),
        (NULL, NULL, 'administration.infringement_cases.cases', NULL),
        (NULL, NULL, 'administration.penalties.cases', NULL),
        (NULL, NULL, NULL, 'administration.foreign_related_cases.guided_share_pct'),
        ('police.operations.cases', NULL, 'police.operations.solved', NULL),
        ('customs.leads.leads', NULL, 'customs.leads.filed', NULL),
        ('procuratorate.prosecutions.cases', NULL, 'procuratorate.prosecutions.indicted_cases', NULL),
        ('procuratorate.litigation.cases', NULL, NULL, NULL),
        (NULL, NULL, 'mediation.disputes.mediated', NULL),
        ('overseas.disputes.screened', NULL, NULL, 'overseas.disputes.guided_share_pct')
),
roles AS (
    SELECT received AS address, 'received' AS role FROM matters WHERE received IS NOT NULL
    UNION ALL
    SELECT received_growth, 'received_growth' FROM matters WHERE received_growth IS NOT NULL
    UNION ALL
    SELECT closed, 'closed' FROM matters WHERE closed IS NOT NULL
    UNION ALL
    SELECT rate, 'rate' FROM matters WHERE rate IS NOT NULL
),
rows_of_matters AS (
    SELECT
        figures.domain, figures.domain_zh, figures.domain_en, figures.table_name, figures.table_zh, figures.table_en,
        figures.categories, figures.categories_zh, figures.categories_en,
        figures.area_code, figures.area_zh, figures.area_en, figures.period, figures.source, figures.section,
        max(figures.value) FILTER (WHERE role = 'received') AS received,
        max(figures.low) FILTER (WHERE role = 'received') AS received_low,
        max(figures.high) FILTER (WHERE role = 'received') AS received_high,
        max(figures.indicator_zh) FILTER (WHERE role = 'received') AS received_zh,
        max(figures.indicator_en) FILTER (WHERE role = 'received') AS received_en,
        max(figures.value) FILTER (WHERE role = 'received_growth') AS received_growth_pct,
        max(figures.value) FILTER (WHERE role = 'closed') AS closed,
        max(figures.low) FILTER (WHERE role = 'closed') AS closed_low,
        max(figures.high) FILTER (WHERE role = 'closed') AS closed_high,
        max(figures.indicator_zh) FILTER (WHERE role = 'closed') AS closed_zh,
        max(figures.indicator_en) FILTER (WHERE role = 'closed') AS closed_en,
        max(figures.value) FILTER (WHERE role = 'rate') AS rate,
        max(figures.low) FILTER (WHERE role = 'rate') AS rate_low,
        max(figures.high) FILTER (WHERE role = 'rate') AS rate_high,
        max(figures.indicator_zh) FILTER (WHERE role = 'rate') AS rate_zh,
        max(figures.indicator_en) FILTER (WHERE role = 'rate') AS rate_en
    FROM roles
    JOIN report.bulletin AS figures USING (address)
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
    coalesce(rate, CASE WHEN received > 0 THEN closed / received * 100 END) AS rate_pct,
    CASE
        WHEN rate IS NOT NULL THEN rate_low
        WHEN received_high > 0 THEN closed_low / received_high * 100
    END AS rate_pct_low,
    CASE
        WHEN rate IS NOT NULL THEN rate_high
        WHEN received_low > 0 THEN closed_high / received_low * 100
    END AS rate_pct_high,
    rate IS NOT NULL AS is_rate_printed,
    source, section
FROM rows_of_matters
WHERE coalesce(received, closed, rate) IS NOT NULL
ORDER BY body, matter, part, area_code, period, source

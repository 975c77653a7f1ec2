-- view: report.unclosed
-- zh: 未结案：收案、结案与旧存、未结的关系；无刊载旧存而结案多于收案时，推出旧存的下限
-- en: Cases not closed: what was received, closed, carried over and carried on; where more were closed than received, the least carry-over
-- grain: body, part, area_code, period, source
-- body: 机构 · domain of the body that handles the cases
-- body_zh: {core.catalogue.domain_zh}
-- body_en: {core.catalogue.domain_en}
-- part: 类别代码 · court or channel
-- part_zh: 类别 · part in Chinese
-- part_en: 类别英文名 · part in English
-- received: {courts.caseload.received}
-- closed: {courts.caseload.closed}
-- pending_at_start: {courts.caseload.pending_at_start}
-- pending_at_end: {courts.caseload.pending_at_end}
-- pending_change: {courts.caseload.pending_change}
-- pending_at_start_at_least: 旧存下限 · least number that was carried over: printed, or else the cases closed beyond those received
WITH caseloads AS (
    SELECT
        'courts.caseload' AS address, court AS part, area, period, received, closed, pending_at_start, pending_at_end,
        pending_change, pending_change_low, pending_change_high, source
    FROM courts.caseload
    UNION ALL
    SELECT
        'administration.adjudications', channel, area, period, received, closed, pending_at_start, pending_at_end,
        pending_change, pending_change_low, pending_change_high, source
    FROM administration.adjudications
)
SELECT
    tables.domain AS body, tables.domain_zh AS body_zh, tables.domain_en AS body_en,
    caseloads.part, breakdowns.zh AS part_zh, breakdowns.en AS part_en,
    caseloads.area AS area_code, areas.zh AS area_zh, areas.en AS area_en, caseloads.period,
    caseloads.received, caseloads.closed, caseloads.pending_at_start, caseloads.pending_at_end,
    caseloads.pending_change, caseloads.pending_change_low, caseloads.pending_change_high,
    CASE
        WHEN caseloads.pending_at_start IS NOT NULL THEN caseloads.pending_at_start
        WHEN caseloads.pending_change_high < 0 THEN -caseloads.pending_change_high
        WHEN caseloads.pending_change_high >= 0 THEN 0
    END AS pending_at_start_at_least,
    caseloads.source
FROM caseloads
JOIN core.catalogue AS tables USING (address)
LEFT JOIN core.area AS areas ON areas.area_code = caseloads.area
LEFT JOIN core.breakdown AS breakdowns ON breakdowns.address = caseloads.address AND breakdowns.categories = caseloads.part
WHERE coalesce(caseloads.pending_change, caseloads.pending_at_start, caseloads.pending_at_end) IS NOT NULL
ORDER BY body, part, area_code, period, source

-- view: report.data_quality
-- zh: 数据质量记分卡：每领域一行，最后一行是文件台账与豁免的问题；各列之和与 quality.run 相符
-- en: Scorecard per domain, and a last row for findings on documents and waivers, so that the columns add up to quality.run
-- grain: domain
-- domain: 领域 · domain; documents: findings of no table
-- tables: 表数 · tables of the catalogue
-- tables_read: 已读表数 · tables with a raw file
-- figures: 数字个数 · figures loaded
-- rules: 规则数 · rules that were put to the tables, each counted once per table
-- rows_passed: 通过 · rows that keep a rule, over all rules
-- rows_failed: 未通过 · rows that break a rule, over all rules, waived ones included
-- rows_not_applicable: 不适用 · rows of which a rule says nothing, over all rules
-- not_run: 未执行 · rules that could not run
-- cited_share_pct: 有据占比 · share of the figures that the ledger of their document has at the linked place, in percent
WITH domains AS (
    SELECT domain, domain_zh, domain_en, min(position) AS position, count(*) AS tables
    FROM core.catalogue
    GROUP BY domain, domain_zh, domain_en
    UNION ALL
    SELECT 'documents', '文件与豁免', 'Documents and waivers', NULL, 0
),
loads AS (
    SELECT
        domain, count(*) AS tables_read, sum(rows_read) AS rows_read, sum(rows_loaded) AS rows_loaded,
        sum(rows_rejected) AS rows_rejected
    FROM quality.load
    GROUP BY domain
),
figures AS (
    SELECT domain, count(*) AS figures, avg(CAST(is_cited AS INTEGER)) * 100 AS cited_share_pct
    FROM report.bulletin
    GROUP BY domain
),
results AS (
    SELECT
        split_part(address, '.', 1) AS domain, count(DISTINCT (address, rule)) AS rules,
        sum(passed) AS rows_passed, sum(failed) AS rows_failed, sum(not_applicable) AS rows_not_applicable,
        count(*) FILTER (WHERE not_run <> '') AS not_run
    FROM quality.result
    GROUP BY ALL
),
findings AS (
    SELECT
        CASE WHEN address IN (SELECT address FROM core.catalogue) THEN split_part(address, '.', 1) ELSE 'documents' END AS domain,
        count(*) FILTER (WHERE severity = 'error' AND NOT is_waived) AS errors,
        count(*) FILTER (WHERE severity = 'warning' AND NOT is_waived) AS warnings,
        count(*) FILTER (WHERE severity = 'information' AND NOT is_waived) AS information,
        count(*) FILTER (WHERE is_waived) AS waived
    FROM quality.finding
    GROUP BY ALL
)
SELECT
    domain, domain_zh, domain_en,
    CAST(tables AS BIGINT) AS tables,
    coalesce(tables_read, 0) AS tables_read,
    CAST(coalesce(rows_read, 0) AS BIGINT) AS rows_read,
    CAST(coalesce(rows_loaded, 0) AS BIGINT) AS rows_loaded,
    CAST(coalesce(rows_rejected, 0) AS BIGINT) AS rows_rejected,
    coalesce(figures, 0) AS figures,
    cited_share_pct,
    coalesce(rules, 0) AS rules,
    CAST(coalesce(rows_passed, 0) AS BIGINT) AS rows_passed,
    CAST(coalesce(rows_failed, 0) AS BIGINT) AS rows_failed,
    CAST(coalesce(rows_not_applicable, 0) AS BIGINT) AS rows_not_applicable,
    coalesce(not_run, 0) AS not_run,
    coalesce(errors, 0) AS errors,
    coalesce(warnings, 0) AS warnings,
    coalesce(information, 0) AS information,
    coalesce(waived, 0) AS waived
FROM domains
LEFT JOIN loads USING (domain)
LEFT JOIN figures USING (domain)
LEFT JOIN results USING (domain)
LEFT JOIN findings USING (domain)
ORDER BY position NULLS LAST

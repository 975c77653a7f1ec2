-- view: report.gate
-- zh: 关口结论：本次装载是否通过，以及读取、装载与问题的数量
-- en: The verdict of the run that made this warehouse, and what it read, loaded and found
-- grain: load_id
-- load_id: {quality.run.load_id}
-- verdict: 结论 · open: nothing at or above the severity that shuts the gate; shut: something; unknown: a rule did not run
-- fail_on: {quality.run.fail_on}
-- finished_at: {quality.run.finished_at}
-- version: {quality.run.version}
-- tables: {quality.run.tables}
-- tables_skipped: {quality.run.tables_skipped}
-- registers: {quality.run.registers}
-- figures: 数字个数 · figures loaded
-- documents: 文件数 · documents listed
-- rules: 规则数 · rules that were put to the tables, each counted once per table
-- not_run: 未执行 · rules that could not run
-- held: 已列豁免 · waivers listed
WITH results AS (
    SELECT count(DISTINCT (address, rule)) AS rules, count(*) FILTER (WHERE not_run <> '') AS not_run
    FROM quality.result
)
SELECT
    runs.load_id,
    CASE
        WHEN results.not_run > 0 THEN 'unknown'
        WHEN runs.errors > 0 THEN 'shut'
        WHEN runs.fail_on IN ('warning', 'information') AND runs.warnings > 0 THEN 'shut'
        WHEN runs.fail_on = 'information' AND runs.information > 0 THEN 'shut'
        ELSE 'open'
    END AS verdict,
    runs.fail_on, runs.finished_at, runs.version, runs.tables, runs.tables_skipped, runs.registers,
    runs.rows_read, runs.rows_loaded, runs.rows_rejected,
    (SELECT count(value) FROM core.figure) AS figures,
    (SELECT count(source) FROM core.source) AS documents,
    results.rules, results.not_run,
    runs.errors, runs.warnings, runs.information, runs.waived,
    (SELECT count(rule) FROM quality.waiver) AS held
FROM quality.run AS runs
CROSS JOIN results
ORDER BY runs.load_id

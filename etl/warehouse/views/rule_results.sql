-- view: report.rule_results
-- zh: 规则执行情况：每条规则一行，跨各表合计通过、未通过、不适用与未执行
-- en: How far each rule is kept, over all the tables that it was put to
-- grain: rule
-- severity: 严重程度 · severity that the rule declares
-- reason: {quality.rule.reason}
-- zh: {quality.rule.zh}
-- tables: 表数 · tables that it was put to
-- passed: {quality.result.passed}
-- failed: {quality.result.failed}
-- not_run: 未执行 · times that it could not run
WITH declared AS (
    SELECT
        rule, arg_min(severity, array_position(['error', 'warning', 'information'], severity)) AS severity,
        any_value(reason) AS reason, any_value(zh) AS zh
    FROM quality.rule
    GROUP BY rule
)
SELECT
    results.rule,
    coalesce(any_value(declared.severity), 'error') AS severity,
    any_value(declared.reason) AS reason,
    any_value(declared.zh) AS zh,
    count(DISTINCT results.address) AS tables,
    CAST(sum(results.passed) AS BIGINT) AS passed,
    CAST(sum(results.failed) AS BIGINT) AS failed,
    CAST(sum(results.not_applicable) AS BIGINT) AS not_applicable,
    count(nullif(results.not_run, '')) AS not_run
FROM quality.result AS results
LEFT JOIN declared USING (rule)
GROUP BY results.rule
ORDER BY array_position(['error', 'warning', 'information'], any_value(declared.severity)), results.rule

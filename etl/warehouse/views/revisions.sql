-- view: report.revisions
-- zh: 修订：注明修订的每个数字一行，与此前文件所载并列
-- en: Each figure of a row that is marked as revised, beside what the document before it printed
-- grain: address, row_key
-- address: 指标地址 · domain, table and column
-- vintage: {core.revision.vintage}
-- value_before: 此前数值 · value that was printed before
-- published_before: 此前原文 · figure as it was printed before
-- source_before: 此前来源 · document that printed it before
-- change: 增减 · value less value before
-- change_pct: 增幅 · change over the value before, in percent
-- is_changed: 是否改变 · whether the two cannot be one number
-- is_latest: 是否取用 · whether no document after it prints the figure anew
WITH prints AS (
    SELECT
        figures.*, documents.publication_order,
        lag(figures.value) OVER one_figure AS value_before,
        lag(figures.low) OVER one_figure AS value_before_low,
        lag(figures.high) OVER one_figure AS value_before_high,
        lag(figures.published) OVER one_figure AS published_before,
        lag(figures.source) OVER one_figure AS source_before
    FROM report.bulletin AS figures
    JOIN core.source AS documents ON documents.source = figures.source
    WINDOW one_figure AS (
        PARTITION BY figures.address, figures.area_code, figures.categories, figures.starts_on, figures.ends_on
        ORDER BY documents.publication_order, figures.row_key
    )
)
SELECT
    prints.domain, prints.domain_zh, prints.domain_en, prints.table_name, prints.table_zh, prints.table_en,
    prints.address, prints.indicator_zh, prints.indicator_en,
    prints.area_code, prints.area_zh, prints.area_en, prints.period,
    prints.categories, prints.categories_zh, prints.categories_en, prints.unit,
    revisions.vintage,
    prints.value, prints.low AS value_low, prints.high AS value_high, prints.published, prints.source,
    prints.value_before, prints.value_before_low, prints.value_before_high, prints.published_before, prints.source_before,
    prints.value - prints.value_before AS change,
    CASE WHEN prints.value_before > 0 THEN (prints.value / prints.value_before - 1) * 100 END AS change_pct,
    coalesce(prints.low > prints.value_before_high, false) OR coalesce(prints.high < prints.value_before_low, false) AS is_changed,
    prints.is_latest,
    prints.row_key
FROM prints
JOIN core.revision AS revisions
    ON revisions.address = concat_ws('.', prints.domain, prints.table_name) AND revisions.row_key = prints.row_key
WHERE prints.published_before IS NOT NULL
ORDER BY prints.publication_order DESC, prints.domain, prints.table_name, prints.row_key, prints.address

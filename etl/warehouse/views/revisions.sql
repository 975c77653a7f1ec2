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
        report.bounded(figures.value, figures.low, figures.high) AS now,
        lag(now) OVER one_figure AS past,
        lag(figures.published) OVER one_figure AS published_before,
        lag(figures.source) OVER one_figure AS source_before
    FROM report.bulletin AS figures
    JOIN core.source AS documents ON documents.source = figures.source
    WINDOW one_figure AS (
        PARTITION BY figures.address, figures.area_code, figures.categories, figures.starts_on, figures.ends_on
        ORDER BY documents.publication_order, figures.row_key
    )
),
compared AS (
    SELECT prints.*, report.difference(now, past) AS change, report.growth_pct(now, past) AS grown
    FROM prints
    WHERE published_before IS NOT NULL
)
SELECT
    compared.domain, domain_zh, domain_en, table_name, table_zh, table_en, compared.address, indicator_zh, indicator_en,
    area_code, area_zh, area_en, period, categories, categories_zh, categories_en, unit,
    revisions.vintage,
    value, low AS value_low, high AS value_high, published, compared.source,
    past.value AS value_before, past.low AS value_before_low, past.high AS value_before_high, published_before, source_before,
    change.value AS change, change.low AS change_low, change.high AS change_high,
    grown.value AS change_pct, grown.low AS change_pct_low, grown.high AS change_pct_high,
    coalesce(low > past.high, false) OR coalesce(high < past.low, false) AS is_changed,
    is_latest,
    compared.row_key
FROM compared
JOIN core.revision AS revisions
    ON revisions.address = concat_ws('.', compared.domain, compared.table_name) AND revisions.row_key = compared.row_key
ORDER BY publication_order DESC, compared.domain, table_name, compared.row_key, compared.address

-- view: report.bulletin
-- zh: 公报长表：每个数字一行，按文件原文顺序；同一数字多处刊载时以最近发布者为准（is_latest）
-- en: Every figure with its names, in the order of its document; of several documents that print one, is_latest is the latest published
-- grain: address, row_key
-- address: 指标地址 · domain, table and column
-- starts_on: {core.period.starts_on}
-- ends_on: {core.period.ends_on}
-- is_cited: 是否与台账相符 · whether the ledger of the document has the figure at the place that is linked to it
-- documents: 刊载文件数 · documents that print this figure of this area, period and categories
-- is_latest: 是否取用 · whether this document is the latest published of them; a return that a document has printed since is not
-- position: {core.ledger.position}
-- status: {core.figure.status}
-- conf_status: {core.figure.conf_status}
-- mark: {core.figure.mark}
-- note: {core.figure.note}
-- is_provisional: {core.figure.is_provisional}
WITH figures AS (
    SELECT
        concat_ws('.', domain, table_name, indicator) AS address,
        concat_ws('.', domain, table_name) AS table_address,
        coalesce(array_to_string(categories, ':'), '') AS categories,
        domain, table_name, indicator, area_code, period, row_key,
        value, low, high, unit, hedge, published, source, section, status, conf_status, mark, note, is_provisional
    FROM core.figure
),
links AS (
    SELECT source, address, row_key, published, min(position) AS position
    FROM core.ledger
    WHERE address IS NOT NULL
    GROUP BY source, address, row_key, published
),
ranked AS (
    SELECT
        figures.*,
        spans.starts_on, spans.ends_on, links.position, documents.publication_order,
        count(*) OVER same_figure AS documents,
        row_number() OVER (
            same_figure
            ORDER BY
                coalesce(documents.kind = 'return', false) AND NOT figures.is_provisional,
                documents.publication_order DESC, figures.row_key
        ) AS recency
    FROM figures
    LEFT JOIN core.period AS spans ON spans.period = figures.period
    LEFT JOIN core.source AS documents ON documents.source = figures.source
    LEFT JOIN links
        ON links.source = figures.source AND links.address = figures.address
        AND links.row_key = figures.row_key AND links.published = figures.published
    WINDOW same_figure AS (
        PARTITION BY figures.address, figures.area_code, figures.categories, spans.starts_on, spans.ends_on
    )
)
SELECT
    ranked.domain, tables.domain_zh, tables.domain_en,
    ranked.table_name, tables.zh AS table_zh, tables.en AS table_en,
    ranked.address, ranked.indicator, indicators.zh AS indicator_zh, indicators.en AS indicator_en, indicators.kind,
    ranked.area_code, areas.zh AS area_zh, areas.en AS area_en,
    ranked.period, ranked.starts_on, ranked.ends_on,
    ranked.categories, breakdowns.zh AS categories_zh, breakdowns.en AS categories_en,
    ranked.published, ranked.value, ranked.low, ranked.high, ranked.unit, ranked.hedge,
    ranked.source, ranked.section, ranked.position, ranked.position IS NOT NULL AS is_cited,
    ranked.documents, ranked.recency = 1 AS is_latest,
    ranked.row_key, ranked.status, ranked.conf_status, ranked.mark, ranked.note, ranked.is_provisional
FROM ranked
JOIN core.catalogue AS tables ON tables.address = ranked.table_address
JOIN core.indicator AS indicators ON indicators.address = ranked.address
LEFT JOIN core.area AS areas ON areas.area_code = ranked.area_code
LEFT JOIN core.breakdown AS breakdowns
    ON breakdowns.address = ranked.table_address AND breakdowns.categories = ranked.categories
ORDER BY ranked.publication_order DESC, ranked.position NULLS LAST, tables.position, ranked.row_key, ranked.address

-- view: report.measures
-- zh: 推算指标长表：结果表推算的每个数值一行；同一推算多处可得时以最近发布者为准（is_latest）
-- en: Every derived measure of a mart with its names and bounds; of several documents that allow one, is_latest is the latest published
-- grain: address, row_key
-- address: 指标地址 · domain, table and column
-- is_latest: 是否取用 · whether this document is the latest published of those that allow it
WITH ranked AS (
    SELECT
        measures.*,
        concat_ws('.', measures.domain, measures.table_name, indicator) AS address,
        concat_ws('.', measures.domain, measures.table_name) AS table_address,
        row_number() OVER (
            PARTITION BY measures.domain, measures.table_name, indicator, measures.area_code, categories, starts_on, ends_on
            ORDER BY documents.publication_order DESC, row_key
        ) AS recency
    FROM core.measure AS measures
    LEFT JOIN core.period AS spans USING (period)
    LEFT JOIN core.source AS documents USING (source)
)
SELECT
    ranked.domain, tables.domain_zh, tables.domain_en,
    ranked.table_name, tables.zh AS table_zh, tables.en AS table_en,
    ranked.address, ranked.indicator, indicators.zh AS indicator_zh, indicators.en AS indicator_en, indicators.kind,
    ranked.area_code, areas.zh AS area_zh, areas.en AS area_en, ranked.period,
    ranked.categories, breakdowns.zh AS categories_zh, breakdowns.en AS categories_en,
    ranked.value, ranked.low, ranked.high, ranked.unit, ranked.source, ranked.section,
    ranked.recency = 1 AS is_latest,
    ranked.row_key
FROM ranked
JOIN core.catalogue AS tables ON tables.address = ranked.table_address
JOIN core.indicator AS indicators ON indicators.address = ranked.address
LEFT JOIN core.area AS areas ON areas.area_code = ranked.area_code
LEFT JOIN core.breakdown AS breakdowns
    ON breakdowns.address = ranked.table_address AND breakdowns.categories = ranked.categories
ORDER BY tables.position, indicators.rowid, ranked.row_key

-- view: report.figures
-- zh: 数字索引：每个数字一行，名称、上下限、年份，所在文件与章节、原始文件与行号，按表目录的顺序
-- en: Index of all figures: names, bounds and year, where the document prints it and which line of which raw file holds it
-- grain: address, row_key
-- address: 指标地址 · domain, table and column
-- year: 年份 · year in which the period ends
-- title: {core.source.title}
-- position: {core.ledger.position}
-- is_latest: 是否取用 · whether no document published later prints it anew
-- months: {core.period.months}
-- status: {core.figure.status}
-- conf_status: {core.figure.conf_status}
-- mark: {core.figure.mark}
-- note: {core.figure.note}
-- is_provisional: {core.figure.is_provisional}
SELECT
    figures.domain, figures.domain_zh, figures.domain_en,
    figures.table_name, figures.table_zh, figures.table_en,
    figures.address, figures.indicator_zh, figures.indicator_en, figures.kind,
    figures.categories, figures.categories_zh, figures.categories_en,
    figures.area_code, figures.area_zh, figures.area_en,
    figures.period, year(figures.ends_on) AS year, spans.months,
    figures.published, figures.value, figures.low, figures.high, figures.unit, figures.hedge,
    figures.source, documents.title, figures.section, figures.position, figures.is_latest,
    cells.raw_file, cells.raw_line, figures.row_key,
    figures.status, figures.conf_status, figures.mark, figures.note, figures.is_provisional
FROM report.bulletin AS figures
JOIN core.figure AS cells
    ON cells.domain = figures.domain AND cells.table_name = figures.table_name AND cells.indicator = figures.indicator
    AND cells.row_key = figures.row_key
JOIN core.catalogue AS tables ON tables.domain = figures.domain AND tables.table_name = figures.table_name
JOIN core.indicator AS indicators ON indicators.address = figures.address
LEFT JOIN core.period AS spans ON spans.period = figures.period
LEFT JOIN core.source AS documents ON documents.source = figures.source
ORDER BY
    tables.position, indicators.rowid, figures.categories, figures.area_code, figures.starts_on, spans.months,
    documents.publication_order, figures.row_key

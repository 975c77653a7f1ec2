-- view: report.documents
-- zh: 文件一览：每份文件刊载多少数字，录入、注明不录入与未处理各多少，多少数据行出自该文件
-- en: What was made of each document: figures it prints, those taken, left out and neither, and what the tables cite of it
-- grain: source
-- title: {core.source.title}
-- publisher: {core.source.publisher}
-- published_on: {core.source.published_on}
-- period: {core.source.period}
-- printed: 刊载数字 · figures of the document's ledger
-- taken: 已录入 · figures of the ledger that a table takes
-- left_out: 注明不录入 · figures of the ledger that are left out, with a reason
-- neither: 未处理 · figures of the ledger that are neither
-- figures: 数据数字 · figures loaded that name the document
-- uncited: 无据数字 · those of them that the ledger does not have at the linked place
-- shown: 取用数字 · those of them that reports show, for no document published later prints them
WITH ledgers AS (
    SELECT
        source, count(*) AS printed,
        count(address) AS taken,
        count(reason_left_out) AS left_out,
        count(*) FILTER (WHERE address IS NULL AND reason_left_out IS NULL) AS neither
    FROM core.ledger
    GROUP BY source
),
citations AS (
    SELECT
        source, count(*) AS figures, count(*) FILTER (WHERE NOT is_cited) AS uncited,
        count(*) FILTER (WHERE is_latest) AS shown
    FROM report.bulletin
    WHERE value IS NOT NULL
    GROUP BY source
)
SELECT
    documents.source, documents.title, documents.publisher, documents.published_on, documents.period,
    coalesce(ledgers.printed, 0) AS printed,
    coalesce(ledgers.taken, 0) AS taken,
    coalesce(ledgers.left_out, 0) AS left_out,
    coalesce(ledgers.neither, 0) AS neither,
    coalesce(citations.figures, 0) AS figures,
    coalesce(citations.uncited, 0) AS uncited,
    coalesce(citations.shown, 0) AS shown
FROM core.source AS documents
LEFT JOIN ledgers USING (source)
LEFT JOIN citations USING (source)
ORDER BY documents.publication_order DESC

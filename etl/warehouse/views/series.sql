-- view: report.series
-- zh: 图表数据：每图、指标、类别、地区、年份一行；总量取当年最近一期，流量只取全年
-- en: What charts over the years show: of a stock the last value in the year, of a flow whole years only
-- grain: chart, address, categories, area_code, year
-- chart: 图 · id of the chart
-- place: 次序 · place of the series in the chart
-- address: 指标地址 · domain, table and column
-- year: 年份 · year in which the period ends
WITH charts (chart, place, is_flow, address, categories) AS (
    VALUES
        ('patents_in_force', 1, false, 'patents.stock.valid_inventions', 'all'),
        ('patents_filed', 1, true, 'patents.applications.filed', 'all'),
        ('patents_filed', 2, true, 'patents.applications.filed', 'invention'),
        ('patents_granted', 1, true, 'patents.grants.granted', 'all'),
        ('patents_granted', 2, true, 'patents.grants.granted', 'invention'),
        ('trademarks_in_force', 1, false, 'trademarks.stock.valid', ''),
        ('madrid_trademarks', 1, false, 'trademarks.stock.madrid', ''),
        ('geographical_indications', 1, false, 'trademarks.geographical_indications.total', ''),
        ('geographical_indications', 2, false, 'trademarks.geographical_indications.certification_marks', ''),
        ('works_registered', 1, true, 'copyright.registrations.works', ''),
        ('variety_rights', 1, false, 'plant_varieties.rights.cumulative', ''),
        ('transfers_and_licences', 1, true, 'commercialization.transfers.transfers_and_licences', ''),
        ('academic_patents_in_use', 1, true, 'commercialization.industrialisation.industrialised_share_pct',
         'universities_and_institutes'),
        ('pledges', 1, true, 'finance.pledges.amount_yuan', 'all'),
        ('pledging_enterprises', 1, true, 'finance.pledges.enterprises', 'all'),
        ('insured_enterprises', 1, false, 'finance.insurance.enterprises', ''),
        ('court_cases', 1, true, 'courts.caseload.received', 'all'),
        ('court_cases', 2, true, 'courts.caseload.closed', 'all'),
        ('police_cases', 1, true, 'police.operations.cases', ''),
        ('police_cases', 2, true, 'police.operations.solved', ''),
        ('seized_consignments', 1, true, 'customs.seizures.consignments', ''),
        ('seized_goods', 1, true, 'customs.seizures.goods', ''),
        ('value_of_seizures', 1, true, 'customs.seizures.value_yuan', ''),
        ('disputes_mediated', 1, true, 'mediation.disputes.mediated', '')
),
ranked AS (
    SELECT
        charts.chart, charts.place, figures.*,
        row_number() OVER (
            PARTITION BY charts.chart, figures.address, figures.categories, figures.area_code, year(figures.ends_on)
            ORDER BY figures.ends_on DESC, spans.months DESC, figures.row_key
        ) AS recency
    FROM charts
    JOIN report.bulletin AS figures USING (address, categories)
    JOIN core.period AS spans USING (period)
    WHERE
        figures.is_latest AND figures.value IS NOT NULL
        AND (NOT charts.is_flow OR spans.months = 12 AND month(figures.starts_on) = 1)
)
SELECT
    chart, place, domain, table_name, table_zh, table_en, address, indicator_zh, indicator_en, kind,
    categories, categories_zh, categories_en, area_code, area_zh, area_en, period, year(ends_on) AS year,
    value, low, high, unit, hedge, published, source, section, row_key
FROM ranked
WHERE recency = 1
ORDER BY domain, chart, place, area_code, year

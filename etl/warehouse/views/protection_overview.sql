-- view: report.protection_overview
-- zh: 知识产权保护概览：司法、行政、公安、海关、检察、调解、海外；数值可能带限定词，上下限见 report.bulletin；多处刊载取最近发布者
-- en: Protection of intellectual property at a glance, values as printed (bounds: report.bulletin); of several documents the latest published
-- grain: area_code, period
-- courts_received: {courts.caseload.received}
-- courts_closed: {courts.caseload.closed}
-- courts_clearance_rate_pct: {courts.caseload.clearance_rate_pct}
-- offline_adjudications_received: 线下 · offline: {administration.adjudications.received}
-- offline_adjudications_closed: 线下 · offline: {administration.adjudications.closed}
-- offline_adjudications_mean_days: 线下 · offline: {administration.adjudications.mean_days}
-- online_adjudications_received: 线上 · online: {administration.adjudications.received}
-- online_adjudications_mean_days: 线上 · online: {administration.adjudications.mean_days}
-- adjudications_mean_days: 全部渠道 · all channels: {administration.adjudications.mean_days}
-- patent_infringement_cases: 专利 · patents: {administration.infringement_cases.cases}
-- trademark_infringement_cases: 商标 · trademarks: {administration.infringement_cases.cases}
-- penalty_cases: {administration.penalties.cases}
-- penalties_yuan: {administration.penalties.amount_yuan}
-- transferred_to_police: {administration.penalties.transferred_to_police}
-- abnormal_filings_withdrawn: {administration.abnormal_filings.withdrawn}
-- police_cases: {police.operations.cases}
-- police_solved: {police.operations.solved}
-- police_solved_rate_pct: {police.operations.solved_rate_pct}
-- police_value_yuan: {police.operations.value_yuan}
-- customs_consignments: {customs.seizures.consignments}
-- customs_goods: {customs.seizures.goods}
-- customs_value_yuan: {customs.seizures.value_yuan}
-- customs_leads: {customs.leads.leads}
-- customs_leads_filed: {customs.leads.filed}
-- criminal_cases: {procuratorate.prosecutions.cases}
-- criminal_cases_persons: {procuratorate.prosecutions.persons}
-- compensation_yuan: {procuratorate.compensation.amount_yuan}
-- disputes_mediated: {mediation.disputes.mediated}
-- mediation_bodies: {mediation.bodies.bodies}
-- overseas_disputes: {overseas.disputes.screened}
-- overseas_recovered_yuan: {overseas.disputes.recovered_yuan}
-- trade_secret_standard_adopters: {trade_secrets.standard_adopters.enterprises}
-- satisfaction_score: {administration.satisfaction.score}
WITH figures AS (
    SELECT area_code, area_zh, area_en, period, value, concat_ws(':', address, nullif(categories, '')) AS figure
    FROM report.bulletin
    WHERE is_latest
),
headlines AS (
    SELECT
        area_code, area_zh, area_en, period,
        max(value) FILTER (WHERE figure = 'courts.caseload.received:all') AS courts_received,
        max(value) FILTER (WHERE figure = 'courts.caseload.closed:all') AS courts_closed,
        max(value) FILTER (WHERE figure = 'administration.adjudications.received:offline') AS offline_adjudications_received,
        max(value) FILTER (WHERE figure = 'administration.adjudications.closed:offline') AS offline_adjudications_closed,
        max(value) FILTER (WHERE figure = 'administration.adjudications.mean_days:offline') AS offline_adjudications_mean_days,
        max(value) FILTER (WHERE figure = 'administration.adjudications.received:online') AS online_adjudications_received,
        max(value) FILTER (WHERE figure = 'administration.adjudications.mean_days:online') AS online_adjudications_mean_days,
        max(value) FILTER (WHERE figure = 'administration.adjudications.mean_days:all') AS adjudications_mean_days,
        max(value) FILTER (WHERE figure = 'administration.infringement_cases.cases:patent') AS patent_infringement_cases,
        max(value) FILTER (WHERE figure = 'administration.infringement_cases.cases:trademark') AS trademark_infringement_cases,
        max(value) FILTER (WHERE figure = 'administration.penalties.cases') AS penalty_cases,
        max(value) FILTER (WHERE figure = 'administration.penalties.amount_yuan') AS penalties_yuan,
        max(value) FILTER (WHERE figure = 'administration.penalties.transferred_to_police') AS transferred_to_police,
        max(value) FILTER (WHERE figure = 'administration.abnormal_filings.withdrawn') AS abnormal_filings_withdrawn,
        max(value) FILTER (WHERE figure = 'police.operations.cases') AS police_cases,
        max(value) FILTER (WHERE figure = 'police.operations.solved') AS police_solved,
        max(value) FILTER (WHERE figure = 'police.operations.value_yuan') AS police_value_yuan,
        max(value) FILTER (WHERE figure = 'customs.seizures.consignments') AS customs_consignments,
        max(value) FILTER (WHERE figure = 'customs.seizures.goods') AS customs_goods,
        max(value) FILTER (WHERE figure = 'customs.seizures.value_yuan') AS customs_value_yuan,
        max(value) FILTER (WHERE figure = 'customs.leads.leads') AS customs_leads,
        max(value) FILTER (WHERE figure = 'customs.leads.filed') AS customs_leads_filed,
        max(value) FILTER (WHERE figure = 'procuratorate.prosecutions.cases:all') AS criminal_cases,
        max(value) FILTER (WHERE figure = 'procuratorate.prosecutions.persons:all') AS criminal_cases_persons,
        max(value) FILTER (WHERE figure = 'procuratorate.compensation.amount_yuan') AS compensation_yuan,
        max(value) FILTER (WHERE figure = 'mediation.disputes.mediated') AS disputes_mediated,
        max(value) FILTER (WHERE figure = 'mediation.bodies.bodies') AS mediation_bodies,
        max(value) FILTER (WHERE figure = 'overseas.disputes.screened') AS overseas_disputes,
        max(value) FILTER (WHERE figure = 'overseas.disputes.recovered_yuan') AS overseas_recovered_yuan,
        max(value) FILTER (WHERE figure = 'trade_secrets.standard_adopters.enterprises') AS trade_secret_standard_adopters,
        max(value) FILTER (WHERE figure = 'administration.satisfaction.score') AS satisfaction_score
    FROM figures
    GROUP BY area_code, area_zh, area_en, period
)
SELECT
    area_code, area_zh, area_en, period,
    courts_received, courts_closed, courts_closed / nullif(courts_received, 0) * 100 AS courts_clearance_rate_pct,
    offline_adjudications_received, offline_adjudications_closed, offline_adjudications_mean_days,
    online_adjudications_received, online_adjudications_mean_days, adjudications_mean_days,
    patent_infringement_cases, trademark_infringement_cases,
    penalty_cases, penalties_yuan, transferred_to_police, abnormal_filings_withdrawn,
    police_cases, police_solved, police_solved / nullif(police_cases, 0) * 100 AS police_solved_rate_pct, police_value_yuan,
    customs_consignments, customs_goods, customs_value_yuan, customs_leads, customs_leads_filed,
    criminal_cases, criminal_cases_persons, compensation_yuan,
    disputes_mediated, mediation_bodies,
    overseas_disputes, overseas_recovered_yuan,
    trade_secret_standard_adopters, satisfaction_score
FROM headlines
WHERE coalesce(
    courts_received, offline_adjudications_received, online_adjudications_received, adjudications_mean_days,
    patent_infringement_cases, trademark_infringement_cases, penalty_cases, abnormal_filings_withdrawn, police_cases,
    customs_consignments, customs_leads, criminal_cases, compensation_yuan, disputes_mediated, mediation_bodies,
    overseas_disputes, trade_secret_standard_adopters, satisfaction_score
) IS NOT NULL
ORDER BY area_code, period

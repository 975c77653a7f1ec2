-- view: report.creation_overview
-- zh: 知识产权创造与运用概览：专利、商标、版权、植物新品种、转化；数值可能带限定词，上下限见 report.bulletin；多处刊载取最近发布者
-- en: Creation and use of intellectual property at a glance, values as printed (bounds: report.bulletin); of several documents the latest published
-- grain: area_code, period
-- valid_inventions: {patents.stock.valid_inventions}
-- inventions_per_10k_people: {patents.density.inventions_per_10k_people}
-- high_value_inventions_per_10k_people: {patents.density.high_value_inventions_per_10k_people}
-- patents_filed: {patents.applications.filed}
-- inventions_filed: 发明 · inventions: {patents.applications.filed}
-- patents_granted: {patents.grants.granted}
-- inventions_granted: 发明 · inventions: {patents.grants.granted}
-- utility_models_granted: 实用新型 · utility models: {patents.grants.granted}
-- designs_granted: 外观设计 · designs: {patents.grants.granted}
-- pct_applications_filed: {patents.pct_applications.filed}
-- patent_intensive_value_added_yuan: 专利密集型产业 · patent-intensive industries: {patents.industries.value_added_yuan}
-- valid_trademarks: {trademarks.stock.valid}
-- valid_trademarks_share_of_province_pct: {trademarks.stock.share_of_province_pct}
-- madrid_trademarks: {trademarks.stock.madrid}
-- geographical_indications: {trademarks.geographical_indications.total}
-- geographical_indications_output_yuan: {trademarks.geographical_indication_economy.output_yuan}
-- works_registered: {copyright.registrations.works}
-- variety_rights: {plant_varieties.rights.cumulative}
-- new_variety_rights: {plant_varieties.rights.newly_granted}
-- patent_transfers_and_licences: {commercialization.transfers.transfers_and_licences}
-- academic_patents_industrialised_pct: 高校院所 · universities and institutes: {commercialization.industrialisation.industrialised_share_pct}
WITH figures AS (
    SELECT area_code, area_zh, area_en, period, value, concat_ws(':', address, nullif(categories, '')) AS figure
    FROM report.bulletin
    WHERE is_latest
),
headlines AS (
    SELECT
        area_code, area_zh, area_en, period,
        max(value) FILTER (WHERE figure = 'patents.stock.valid_inventions:all') AS valid_inventions,
        max(value) FILTER (WHERE figure = 'patents.density.inventions_per_10k_people') AS inventions_per_10k_people,
        max(value) FILTER (WHERE figure = 'patents.density.high_value_inventions_per_10k_people')
            AS high_value_inventions_per_10k_people,
        max(value) FILTER (WHERE figure = 'patents.applications.filed:all') AS patents_filed,
        max(value) FILTER (WHERE figure = 'patents.applications.filed:invention') AS inventions_filed,
        max(value) FILTER (WHERE figure = 'patents.grants.granted:all') AS patents_granted,
        max(value) FILTER (WHERE figure = 'patents.grants.granted:invention') AS inventions_granted,
        max(value) FILTER (WHERE figure = 'patents.grants.granted:utility_model') AS utility_models_granted,
        max(value) FILTER (WHERE figure = 'patents.grants.granted:design') AS designs_granted,
        max(value) FILTER (WHERE figure = 'patents.pct_applications.filed') AS pct_applications_filed,
        max(value) FILTER (WHERE figure = 'patents.industries.value_added_yuan:patent_intensive')
            AS patent_intensive_value_added_yuan,
        max(value) FILTER (WHERE figure = 'trademarks.stock.valid') AS valid_trademarks,
        max(value) FILTER (WHERE figure = 'trademarks.stock.share_of_province_pct') AS valid_trademarks_share_of_province_pct,
        max(value) FILTER (WHERE figure = 'trademarks.stock.madrid') AS madrid_trademarks,
        max(value) FILTER (WHERE figure = 'trademarks.geographical_indications.total') AS geographical_indications,
        max(value) FILTER (WHERE figure = 'trademarks.geographical_indication_economy.output_yuan')
            AS geographical_indications_output_yuan,
        max(value) FILTER (WHERE figure = 'copyright.registrations.works') AS works_registered,
        max(value) FILTER (WHERE figure = 'plant_varieties.rights.cumulative') AS variety_rights,
        max(value) FILTER (WHERE figure = 'plant_varieties.rights.newly_granted') AS new_variety_rights,
        max(value) FILTER (WHERE figure = 'commercialization.transfers.transfers_and_licences')
            AS patent_transfers_and_licences,
        max(value) FILTER (WHERE figure = 'commercialization.industrialisation.industrialised_share_pct:universities_and_institutes')
            AS academic_patents_industrialised_pct
    FROM figures
    GROUP BY area_code, area_zh, area_en, period
)
SELECT
    area_code, area_zh, area_en, period,
    valid_inventions, inventions_per_10k_people, high_value_inventions_per_10k_people,
    patents_filed, inventions_filed,
    patents_granted, inventions_granted, utility_models_granted, designs_granted,
    pct_applications_filed, patent_intensive_value_added_yuan,
    valid_trademarks, valid_trademarks_share_of_province_pct, madrid_trademarks,
    geographical_indications, geographical_indications_output_yuan,
    works_registered, variety_rights, new_variety_rights,
    patent_transfers_and_licences, academic_patents_industrialised_pct
FROM headlines
WHERE coalesce(
    valid_inventions, inventions_per_10k_people, high_value_inventions_per_10k_people, patents_filed, inventions_filed,
    patents_granted, inventions_granted, utility_models_granted, designs_granted, pct_applications_filed,
    patent_intensive_value_added_yuan, valid_trademarks, valid_trademarks_share_of_province_pct, madrid_trademarks,
    geographical_indications, geographical_indications_output_yuan, works_registered, variety_rights, new_variety_rights,
    patent_transfers_and_licences, academic_patents_industrialised_pct
) IS NOT NULL
ORDER BY area_code, period

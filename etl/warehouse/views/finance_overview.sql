-- view: report.finance_overview
-- zh: 知识产权金融概览：质押、保险、证券化、基金；数值可能带限定词，上下限见 report.bulletin；多处刊载取最近发布者
-- en: Finance by intellectual property at a glance, values as printed (bounds: report.bulletin); of several documents the latest published
-- grain: area_code, period
-- pledged_yuan: {finance.pledges.amount_yuan}
-- pledging_enterprises: {finance.pledges.enterprises}
-- mean_pledged_per_enterprise_yuan: {finance.pledges.mean_amount_per_enterprise_yuan}
-- pledge_loan_balance_yuan: {finance.pledges.loan_balance_yuan}
-- copyright_pledged_yuan: 版权 · of copyright alone: {finance.pledges.amount_yuan}
-- insurance_products: {finance.insurance.products}
-- insured_enterprises: {finance.insurance.enterprises}
-- insurance_cover_yuan: {finance.insurance.cover_yuan}
-- mean_cover_per_enterprise_yuan: {finance.insurance.mean_cover_yuan}
-- overseas_insured_enterprises: 涉外 · for business abroad: {overseas.insurance.enterprises}
-- overseas_insurance_cover_yuan: 涉外 · for business abroad: {overseas.insurance.cover_yuan}
-- securities: {finance.securitisation.products}
-- securitised_enterprises: {finance.securitisation.enterprises}
-- securitised_yuan: {finance.securitisation.raised_yuan}
-- fund_projects: {operations.fund.projects}
-- fund_invested_share_pct: {operations.fund.invested_share_pct}
-- fund_attracted_yuan: {operations.fund.attracted_yuan}
-- fund_leverage: {operations.fund.leverage}
-- fund_put_in_yuan: {operations.fund.put_in_yuan}; 未刊载时推算 · where it is not printed, as the leverage implies
-- competition_new_sales_yuan: {operations.competitions.new_sales_yuan}
WITH figures AS (
    SELECT
        area_code, area_zh, area_en, period, value, low, high,
        concat_ws(':', address, nullif(categories, '')) AS figure
    FROM report.bulletin
    WHERE is_latest AND domain IN ('finance', 'operations', 'overseas')
),
headlines AS (
    SELECT
        area_code, area_zh, area_en, period,
        max(value) FILTER (WHERE figure = 'finance.pledges.amount_yuan:all') AS pledged_yuan,
        max(low) FILTER (WHERE figure = 'finance.pledges.amount_yuan:all') AS pledged_yuan_low,
        max(high) FILTER (WHERE figure = 'finance.pledges.amount_yuan:all') AS pledged_yuan_high,
        max(value) FILTER (WHERE figure = 'finance.pledges.enterprises:all') AS pledging_enterprises,
        max(low) FILTER (WHERE figure = 'finance.pledges.enterprises:all') AS pledging_enterprises_low,
        max(high) FILTER (WHERE figure = 'finance.pledges.enterprises:all') AS pledging_enterprises_high,
        max(value) FILTER (WHERE figure = 'finance.pledges.loan_balance_yuan:all') AS pledge_loan_balance_yuan,
        max(value) FILTER (WHERE figure = 'finance.pledges.amount_yuan:copyright') AS copyright_pledged_yuan,
        max(value) FILTER (WHERE figure = 'finance.insurance.products') AS insurance_products,
        max(value) FILTER (WHERE figure = 'finance.insurance.enterprises') AS insured_enterprises,
        max(low) FILTER (WHERE figure = 'finance.insurance.enterprises') AS insured_enterprises_low,
        max(high) FILTER (WHERE figure = 'finance.insurance.enterprises') AS insured_enterprises_high,
        max(value) FILTER (WHERE figure = 'finance.insurance.cover_yuan') AS insurance_cover_yuan,
        max(low) FILTER (WHERE figure = 'finance.insurance.cover_yuan') AS insurance_cover_yuan_low,
        max(high) FILTER (WHERE figure = 'finance.insurance.cover_yuan') AS insurance_cover_yuan_high,
        max(value) FILTER (WHERE figure = 'overseas.insurance.enterprises') AS overseas_insured_enterprises,
        max(value) FILTER (WHERE figure = 'overseas.insurance.cover_yuan') AS overseas_insurance_cover_yuan,
        max(value) FILTER (WHERE figure = 'finance.securitisation.products') AS securities,
        max(value) FILTER (WHERE figure = 'finance.securitisation.enterprises') AS securitised_enterprises,
        max(value) FILTER (WHERE figure = 'finance.securitisation.raised_yuan') AS securitised_yuan,
        max(value) FILTER (WHERE figure = 'operations.fund.projects') AS fund_projects,
        max(value) FILTER (WHERE figure = 'operations.fund.invested_share_pct') AS fund_invested_share_pct,
        max(value) FILTER (WHERE figure = 'operations.fund.attracted_yuan') AS fund_attracted_yuan,
        max(low) FILTER (WHERE figure = 'operations.fund.attracted_yuan') AS fund_attracted_yuan_low,
        max(high) FILTER (WHERE figure = 'operations.fund.attracted_yuan') AS fund_attracted_yuan_high,
        max(value) FILTER (WHERE figure = 'operations.fund.leverage') AS fund_leverage,
        max(low) FILTER (WHERE figure = 'operations.fund.leverage') AS fund_leverage_low,
        max(high) FILTER (WHERE figure = 'operations.fund.leverage') AS fund_leverage_high,
        max(value) FILTER (WHERE figure = 'operations.fund.put_in_yuan') AS fund_put_in_yuan,
        max(low) FILTER (WHERE figure = 'operations.fund.put_in_yuan') AS fund_put_in_yuan_low,
        max(high) FILTER (WHERE figure = 'operations.fund.put_in_yuan') AS fund_put_in_yuan_high,
        max(value) FILTER (WHERE figure = 'operations.competitions.new_sales_yuan') AS competition_new_sales_yuan
    FROM figures
    GROUP BY area_code, area_zh, area_en, period
)
SELECT
    area_code, area_zh, area_en, period,
    pledged_yuan, pledging_enterprises,
    pledged_yuan / nullif(pledging_enterprises, 0) AS mean_pledged_per_enterprise_yuan,
    pledged_yuan_low / nullif(pledging_enterprises_high, 0) AS mean_pledged_per_enterprise_yuan_low,
    pledged_yuan_high / nullif(pledging_enterprises_low, 0) AS mean_pledged_per_enterprise_yuan_high,
    pledge_loan_balance_yuan, copyright_pledged_yuan,
    insurance_products, insured_enterprises, insurance_cover_yuan,
    insurance_cover_yuan / nullif(insured_enterprises, 0) AS mean_cover_per_enterprise_yuan,
    insurance_cover_yuan_low / nullif(insured_enterprises_high, 0) AS mean_cover_per_enterprise_yuan_low,
    insurance_cover_yuan_high / nullif(insured_enterprises_low, 0) AS mean_cover_per_enterprise_yuan_high,
    overseas_insured_enterprises, overseas_insurance_cover_yuan,
    securities, securitised_enterprises, securitised_yuan,
    fund_projects, fund_invested_share_pct, fund_attracted_yuan, fund_leverage,
    coalesce(fund_put_in_yuan, fund_attracted_yuan / nullif(fund_leverage, 0)) AS fund_put_in_yuan,
    CASE
        WHEN fund_put_in_yuan IS NOT NULL THEN fund_put_in_yuan_low
        WHEN fund_leverage_high > 0 THEN fund_attracted_yuan_low / fund_leverage_high
    END AS fund_put_in_yuan_low,
    CASE
        WHEN fund_put_in_yuan IS NOT NULL THEN fund_put_in_yuan_high
        WHEN fund_leverage_low > 0 THEN fund_attracted_yuan_high / fund_leverage_low
    END AS fund_put_in_yuan_high,
    competition_new_sales_yuan
FROM headlines
WHERE coalesce(
    pledged_yuan, copyright_pledged_yuan, insurance_products, overseas_insurance_cover_yuan, securities, fund_projects,
    competition_new_sales_yuan
) IS NOT NULL
ORDER BY area_code, period

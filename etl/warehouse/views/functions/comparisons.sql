-- Two figures that are compared: what is known of their difference, and of the growth from one to the other, within bounds.
-- A bound that is NULL is open, and an interval divided by one that reaches zero is open above.
CREATE MACRO report.bounded(value, low, high) AS struct_pack(value := value, low := low, high := high);

CREATE MACRO report.difference(now, past) AS struct_pack(
    value := now.value - past.value, low := now.low - past.high, high := now.high - past.low
);

CREATE MACRO report.growth_pct(now, past) AS struct_pack(
    value := CASE WHEN past.value > 0 THEN (now.value / past.value - 1) * 100 END,
    low := CASE WHEN past.high > 0 THEN (now.low / past.high - 1) * 100 END,
    high := CASE WHEN past.low > 0 THEN (now.high / past.low - 1) * 100 END
);

CREATE MACRO report.growth_by(added, total) AS struct_pack(
    value := CASE WHEN total.value > added.value THEN added.value / (total.value - added.value) * 100 END,
    low := CASE WHEN total.high > added.low THEN added.low / (total.high - added.low) * 100 END,
    high := CASE WHEN total.low > added.high THEN added.high / (total.low - added.high) * 100 END
);

CREATE MACRO report.level_before(now, growth) AS struct_pack(
    value := CASE WHEN growth.value > -100 THEN now.value / (1 + growth.value / 100) END,
    low := CASE WHEN growth.high > -100 THEN now.low / (1 + growth.high / 100) END,
    high := CASE WHEN growth.low > -100 THEN now.high / (1 + growth.low / 100) END
);

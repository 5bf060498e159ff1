-- What a corpus is asked, besides the resources as they are (the schema data). These views never add what must not be
-- added: a sum and its parts, the same money in two tables, 本级 and 部门汇总 of one unit.

-- Where each figure stands, and whether a contradiction of its report touches it.
CREATE VIEW places AS
SELECT o.report_id, o.figure, o.start, o.printed, o.page, o.line, o.place,
       c.report_id IS NOT NULL AS doubted
FROM data.observations o
LEFT JOIN (
    SELECT DISTINCT f.report_id, f.start
    FROM data.check_figures f JOIN data.checks c USING (report_id, check_id)
    WHERE c.status = 'break'
) c USING (report_id, start);

-- Whose money it is: a unit may call itself 某局本级 or 某局（本级） in its own report, and 某局 in the consolidated one.
CREATE MACRO body_of(unit) AS coalesce(nullif(regexp_replace(unit, '[（(]?本级[）)]?$', ''), ''), unit);

-- One report of each unit and year: its own (本级) where both that and the consolidated one (部门汇总) are there; with
-- where its unit is and what it is, blank where that is not certain (units has why).
CREATE VIEW single AS
SELECT r.*, u.division, u.region, u."level" AS tier, u.kind AS authority
FROM data.reports r LEFT JOIN data.units u USING (report_id)
QUALIFY row_number() OVER (PARTITION BY body_of(r.unit), r.year ORDER BY r.scope = '本级' DESC, report_id) = 1;

-- The rows of a table's column that are no sum of others there: of a functional account with its parts, the parts.
CREATE MACRO parts_of(the_table, the_column) AS TABLE
SELECT a.* FROM data.amounts a
WHERE a."table" = the_table AND a."column" = the_column AND a.function_code IS NOT NULL AND a.phase = '决算'
  AND NOT EXISTS (
    FROM data.amounts b
    WHERE b.report_id = a.report_id AND b."table" = a."table" AND b."column" = a."column"
      AND length(b.function_code) > length(a.function_code) AND starts_with(b.function_code, a.function_code)
  );

-- What was spent of which fund (yuan, exact), by functional account: one report of each unit and year, each account once.
CREATE VIEW amounts AS
SELECT r.unit, r.year, r.scope, r.division, r.region, r.tier, r.authority,
       s.fund, s.function_code AS code, s.item AS account, s.level, s.yuan,
       p.doubted, p.page, p.line, p.place, p.figure, r.report_id
FROM (
    SELECT '一般公共预算' AS fund, * FROM parts_of('general_budget_expenditure', '本年支出合计')
    UNION ALL SELECT '政府性基金预算', * FROM parts_of('government_fund', '本年支出/小计')
    UNION ALL SELECT '国有资本经营预算', * FROM parts_of('state_capital', '本年支出/小计')
    UNION ALL
    SELECT '国有资本经营预算', a.* FROM parts_of('state_capital', '本年支出合计') a
    WHERE NOT EXISTS (
        FROM data.amounts b
        WHERE b.report_id = a.report_id AND b."table" = 'state_capital' AND b."column" = '本年支出/小计'
    )
) s
JOIN single r USING (report_id)
JOIN places p USING (report_id, start);

-- What reports are compared by, in 万元 and %, a row for each unit, year and measure: what the report of that year
-- states, or else what that of the next implies (derived).
CREATE VIEW measured AS
SELECT r.unit, m.year, r.scope, r.division, r.region, r.tier, r.authority,
       m.measure, m.name, m.value, m.low, m.high, m.unit_of_measure, m.derived, m.doubted,
       m.figures, r.report_id
FROM data.measures m JOIN single r USING (report_id)
QUALIFY row_number() OVER (
    PARTITION BY body_of(r.unit), m.year, m.measure ORDER BY m.year = r.year DESC, m.derived, r.report_id
) = 1;

CREATE VIEW operating AS FROM measured WHERE measure = 'operating';

CREATE VIEW procurement AS
SELECT unit, year, scope, division, region, tier, authority,
       max(value) FILTER (measure = 'procurement') AS total,
       max(value) FILTER (measure = 'sme_share') AS sme_share,
       bool_or(doubted) AS doubted, report_id
FROM measured WHERE measure IN ('procurement', 'sme_share') AND NOT derived
GROUP BY ALL;

-- The table of “三公”经费 in yuan, a row for each report and each of the heads (年初预算数, 决算数) that it prints.
CREATE VIEW three_public AS
SELECT r.unit, r.year, r.scope, r.division, r.region, r.tier, r.authority,
       a.phase, split_part(a."column", '/', 1) AS head,
       max(a.yuan) FILTER (ends_with(a."column", '/合计')) AS total,
       max(a.yuan) FILTER (ends_with(a."column", '/因公出国（境）费')) AS abroad,
       max(a.yuan) FILTER (ends_with(a."column", '/小计')) AS vehicles,
       max(a.yuan) FILTER (ends_with(a."column", '/公务用车购置费')) AS purchase,
       max(a.yuan) FILTER (ends_with(a."column", '/公务用车运行维护费')) AS running,
       max(a.yuan) FILTER (ends_with(a."column", '/公务接待费')) AS reception,
       bool_or(p.doubted) AS doubted, any_value(p.page) AS page, a.report_id
FROM data.amounts a
JOIN single r USING (report_id)
JOIN places p USING (report_id, start)
WHERE a."table" = 'three_public' AND a.item = '“三公”经费'
GROUP BY ALL;

-- What was planned and what was spent of whatever a report states a budget of, in its own unit of money; a sum stands
-- beside its parts, and budgets of different kinds (against) are never to be compared.
CREATE VIEW budget AS
SELECT r.unit, r.year, r.scope, b.* EXCLUDE (report_id), b.report_id
FROM data.budget b JOIN single r USING (report_id);

-- What was spent by function of government (COFOG 1999), judged by qy_finance/analysis/functions.csv: a row for each
-- account, in yuan, exact. What has no one function has a blank cofog, and mapping says why: never spread it.
CREATE VIEW functions AS
SELECT r.unit, r.year, r.scope, r.division, r.region, r.tier, r.authority,
       f.cofog, f.cofog_name, f.cofog_group, f.mapping, f.code, f.item AS account, f.yuan,
       f.other, f.basis, f.basis_en, f.doubted, f.figures, r.report_id
FROM data.functions f JOIN single r USING (report_id);

-- Performance indicators with whose they are; those without a target too.
CREATE VIEW kpis AS
SELECT r.unit, r.year, r.scope, u.division, u.region, u."level" AS tier, u.kind AS authority,
       k.* EXCLUDE (report_id), k.report_id
FROM data.kpis k JOIN data.reports r USING (report_id) LEFT JOIN data.units u USING (report_id);

-- What contradicts itself, a row for each contradiction, with the figure that stands first in it.
CREATE VIEW breaks AS
SELECT r.unit, r.year, r.scope, u.division, u.region, u."level" AS tier, u.kind AS authority,
       c.check_id, split_part(c.check_id, ':', 1) AS identity, c.severity, c.message,
       c.lhs, c.rhs, c.difference, p.page, p.line, p.place, p.printed, p.figure, r.report_id
FROM data.checks c
JOIN data.reports r USING (report_id)
LEFT JOIN data.units u USING (report_id)
LEFT JOIN (FROM data.check_figures WHERE position = 1) f USING (report_id, check_id)
LEFT JOIN places p ON p.report_id = f.report_id AND p.start = f.start
WHERE c.status = 'break';

-- Each account that tables print, code and name together, in which years, and its English name; of `amounts` and
-- `reports`, in that order.
WITH printed AS (
  SELECT CASE WHEN a.function_code IS NULL THEN '经济分类' ELSE '功能分类' END AS classification,
         coalesce(a.function_code, a.economic_code) AS code, a.item, a.level, r.year, a."table", a.report_id
  FROM {amounts} a JOIN {reports} r USING (report_id)
  WHERE a.function_code IS NOT NULL OR a.economic_code IS NOT NULL
), named(item, item_en, item_en_basis) AS (VALUES ({english}))
SELECT classification, code, item, any_value(level) AS level,
       min(year)::BIGINT AS first_year, max(year)::BIGINT AS last_year,
       array_to_string(list_sort(list(DISTINCT year)), '; ') AS years,
       array_to_string(list_sort(list(DISTINCT "table")), '; ') AS tables,
       count(DISTINCT report_id)::BIGINT AS reports,
       any_value(item_en) AS item_en, any_value(item_en_basis) AS item_en_basis
FROM printed LEFT JOIN named USING (item)
GROUP BY classification, code, item
ORDER BY classification, code, item

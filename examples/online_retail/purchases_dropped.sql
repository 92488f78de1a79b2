-- What purchases.sql leaves out. A line with several faults counts once, under the first.
SELECT
    CASE
        WHEN CustomerID IS NULL THEN 'no customer'
        WHEN InvoiceNo LIKE 'C%' THEN 'cancelled'
        WHEN coalesce(Quantity, 0) <= 0 THEN 'no quantity'
        ELSE 'no price'
    END AS reason,
    count(*) AS rows
FROM invoices
WHERE CustomerID IS NULL OR InvoiceNo LIKE 'C%' OR coalesce(Quantity, 0) <= 0 OR coalesce(UnitPrice, 0) <= 0
GROUP BY ALL
ORDER BY ALL

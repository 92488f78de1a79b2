-- One row for each line of an invoice that a known customer paid for.
-- The data has no key for a line, and the same product may stand twice on an invoice: lines are numbered.
SELECT
    InvoiceNo || '-' || row_number() OVER (
        PARTITION BY InvoiceNo ORDER BY StockCode, Quantity, UnitPrice, Description, InvoiceDate
    ) AS line_id,
    InvoiceNo AS order_id,
    CustomerID AS customer_id,
    InvoiceDate AS ordered_at,
    StockCode AS sku,
    Description AS product,
    Quantity AS quantity,
    UnitPrice::DECIMAL(12, 3) AS price,
    (Quantity * UnitPrice::DECIMAL(12, 3))::DECIMAL(18, 3) AS total,
    Country AS country
FROM invoices
WHERE CustomerID IS NOT NULL AND InvoiceNo NOT LIKE 'C%' AND Quantity > 0 AND UnitPrice > 0

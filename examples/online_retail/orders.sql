-- One row for each invoice. A few invoices took a minute to write: the first line says when.
SELECT
    order_id,
    customer_id,
    min(ordered_at) AS ordered_at,
    sum(total)::DECIMAL(14, 2) AS amount,
    count(*)::INTEGER AS lines,
    sum(quantity)::INTEGER AS items,
    min(country) AS country
FROM purchases
GROUP BY order_id, customer_id

-- One row for each customer. The data has no addresses: these are made up, and all customers agreed to be written to.
--
-- `known_since` is read as UTC, as all times of contacts are, while the invoices have British wall-clock times. It is
-- therefore the midnight before the first order: a customer is known before that order in either reading, and never
-- more than a day before. The country is that of the last order (eight customers moved).
SELECT
    customer_id,
    arg_max(country, (ordered_at, order_id)) AS country,
    date_trunc('day', min(ordered_at))::TIMESTAMP AS known_since,
    'customer' || customer_id || '@example.com' AS email,
    true AS email_opt_in
FROM orders
GROUP BY customer_id

"""What a report asks the state of a simulation: static SQL, every answer in a fixed order."""

TICKS = "SELECT count(*), min(ticked_at), max(ticked_at) FROM state.tick"

ENTRIES = """
    SELECT v.journey, count(*) FROM state.journal AS j JOIN state.version AS v USING (version)
    JOIN state.route AS r ON r.version = j.version AND r.route = j.route
    JOIN state.node AS n ON n.version = r.version AND n.node = r.source
    WHERE n.kind = 'enter' GROUP BY v.journey ORDER BY v.journey
"""

REFUSED = """
    SELECT v.journey, f.reason, count(*) FROM state.refused AS f JOIN state.version AS v USING (version)
    GROUP BY v.journey, f.reason ORDER BY v.journey, count(*) DESC, f.reason
"""

# in the order in which the steps are read
STANDING = """
    SELECT v.journey, n.name, n.title, n.kind, count(*)
    FROM state.instance AS i JOIN state.version AS v USING (version)
    JOIN state.node AS n ON n.version = i.version AND n.node = i.node
    GROUP BY v.journey, v.version, n.node, n.name, n.title, n.kind ORDER BY v.journey, v.version, n.node
"""

EXITS = """
    SELECT v.journey, n.outcome, count(*) FROM state.journal AS j JOIN state.version AS v USING (version)
    JOIN state.route AS r ON r.version = j.version AND r.route = j.route
    JOIN state.node AS n ON n.version = r.version AND n.node = r.target
    WHERE n.outcome IS NOT NULL GROUP BY v.journey, n.outcome ORDER BY v.journey, count(*) DESC, n.outcome
"""

GOALS = """
    SELECT v.journey, n.outcome, count(*) FROM state.journal AS j JOIN state.version AS v USING (version)
    JOIN state.route AS r ON r.version = j.version AND r.route = j.route
    JOIN state.node AS n ON n.version = r.version AND n.node = r.target
    WHERE n.name = 'goal ' || n.outcome GROUP BY v.journey, n.outcome ORDER BY v.journey, n.outcome
"""

SENT = "SELECT journey, count(*) FROM state.outbox GROUP BY journey ORDER BY journey"

GIVEN_UP = """
    SELECT v.journey, count(*) FROM state.not_sent AS s JOIN state.version AS v USING (version)
    WHERE s.decision = 'not_sent' GROUP BY v.journey ORDER BY v.journey
"""

HELD_NOW = """
    SELECT v.journey, count(*) FROM state.instance AS i JOIN state.version AS v USING (version)
    JOIN state.node AS n ON n.version = i.version AND n.node = i.node
    WHERE n.kind = 'send' GROUP BY v.journey ORDER BY v.journey
"""

# the midnight that ends the span belongs to its last day
BY_DAY = """
    SELECT least(CAST(o.sent_at + p.utc_offset AS DATE), CAST(? AS DATE)) AS day, o.channel, count(*)
    FROM state.outbox AS o JOIN memory.main.zone_period AS p
    ON p.zone = ? AND o.sent_at >= p.utc_from AND o.sent_at < p.utc_to
    GROUP BY day, o.channel ORDER BY day, o.channel
"""

MESSAGES = """
    SELECT journey, message, channel, count(*) FROM state.outbox
    GROUP BY journey, message, channel ORDER BY journey, message, channel
"""

NOT_SENT = """
    SELECT reason, rule, place, count(*) FROM state.not_sent WHERE decision = 'not_sent'
    GROUP BY reason, rule, place ORDER BY count(*) DESC, reason, rule, place
"""

# a message is held again at every try: it counts once for each rule
HELD = """
    SELECT reason, rule, place, count(*) FROM (
        SELECT DISTINCT version, contact, key, entry_at, node, reason, rule, place
        FROM state.not_sent WHERE decision = 'held'
    ) GROUP BY reason, rule, place ORDER BY count(*) DESC, reason, rule, place
"""

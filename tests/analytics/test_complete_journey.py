"""Real data: The Complete Journey, a year of a grocer's 2,469 households with 27 campaigns of coupons. Its times are UTC, and the
days of the study are New York's. Skipped where the data set is not there."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from parcours.analytics.experiments.sequential import at_one_look, difference, rate_sample
from parcours.analytics.response.channels import learn_response
from parcours.analytics.snapshot import Snapshot
from parcours.checking.checked import Response
from parcours.clock.zones import to_utc
from parcours.datamart.profile import Profiler
from parcours.diagnostics import Place
from parcours.engines.duckdb.engine import DuckDBEngine
from parcours.workspace.load import Loaded, load

ABOVE = (above / "shared" / "data" / "complete_journey" for above in Path(__file__).parents)
DATA = next((folder for folder in ABOVE if folder.is_dir()), None)
pytestmark = pytest.mark.skipif(DATA is None, reason="the data set is not there")

NEW_YORK = "America/New_York"
FILES = {
    "parcours.yaml": """\
name: grocer
time_zone: America/New_York
datamart:
  tables:
    campaigns: {data}/campaigns.parquet
    descriptions: {data}/campaign_descriptions.parquet
    redeemed: {data}/coupon_redemptions.parquet
    transactions: {data}/transactions_sample.parquet
    people: {data}/demographics.parquet
  views: {{households: households.sql, mailings: mailings.sql, redemptions: redemptions.sql}}
  contacts: {{table: households, key: household_id}}
  events:
    mailing: {{table: mailings, contact: household_id, at: sent_at, id: mailing_id, time_zone: America/New_York}}
    redemption: {{table: redemptions, contact: household_id, at: redeemed_at, send: mailing_id, time_zone: America/New_York}}
    line: {{table: transactions, contact: household_id, at: transaction_timestamp}}
""",
    "households.sql": "SELECT household_id FROM campaigns UNION SELECT household_id FROM transactions "
    "UNION SELECT household_id FROM people",
    # each kind of campaign is taken for a channel of its own
    "mailings.sql": "SELECT campaign_id || ':' || household_id AS mailing_id, household_id, start_date::TIMESTAMP AS sent_at, "
    "'coupons' AS message, campaign_type AS channel FROM campaigns JOIN descriptions USING (campaign_id)",
    "redemptions.sql": "SELECT campaign_id || ':' || household_id AS mailing_id, household_id, "
    "redemption_date + INTERVAL 12 HOUR AS redeemed_at FROM redeemed",
    "nothing.journey": "journey nothing\n    enter by hand\n    exit\n",
}


@pytest.fixture(scope="module")
def grocer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("grocer")
    for name, text in FILES.items():
        (folder / name).write_text(
            text.format(data=DATA) if name == "parcours.yaml" else text, encoding="utf-8"
        )
    loaded = load(folder, {})
    assert loaded.checked is not None, loaded.diagnostics
    yield loaded
    assert loaded.connection is not None
    loaded.connection.close()


def test_the_response_by_kind_of_campaign_is_that_of_a_count_by_hand(grocer: Loaded) -> None:
    """Campaigns of the half year before; a household has answered that has redeemed a coupon of it."""
    assert grocer.checked is not None and grocer.connection is not None
    as_of = to_utc(NEW_YORK, datetime(2018, 1, 1))
    assert grocer.checked.answering == ("redemption",)
    snapshot = Snapshot(DuckDBEngine(grocer.connection), grocer.checked, as_of)
    result = learn_response(Response("response", Place("parcours.yaml")), snapshot, ())
    found = {
        channel: (sends, responses)
        for _, channel, sends, responses, _ in snapshot.engine.run_text(f"SELECT * FROM {result.table}")
    }
    with duckdb.connect() as by_hand:
        kinds = {
            c: (k, s)
            for c, k, s in by_hand.execute(
                f"SELECT campaign_id, campaign_type, start_date FROM '{DATA}/campaign_descriptions.parquet'"
            ).fetchall()
        }
        targets = by_hand.execute(
            f"SELECT campaign_id, household_id FROM '{DATA}/campaigns.parquet'"
        ).fetchall()
        redeemed = set(
            by_hand.execute(
                f"SELECT campaign_id, household_id FROM '{DATA}/coupon_redemptions.parquet'"
            ).fetchall()
        )
    expected: dict[str, list[int]] = {}
    for campaign, household in targets:
        kind, start = kinds[campaign]
        if datetime(2017, 7, 5) < datetime(start.year, start.month, start.day) <= datetime(2017, 12, 30):
            counted = expected.setdefault(kind, [0, 0])
            counted[0] += 1
            counted[1] += (campaign, household) in redeemed
    assert found == {kind: tuple(counted) for kind, counted in expected.items()}
    rates = {kind: yes / sent for kind, (sent, yes) in found.items()}
    assert rates["Type A"] > 2 * rates["Type B"]


def test_only_targets_redeem_and_only_while_the_campaign_runs() -> None:
    """What the data set says of itself: coupons go to the households of a campaign."""
    with duckdb.connect() as ask:
        ((outside, early_or_late, rows),) = ask.execute(
            f"""SELECT count(*) FILTER (WHERE c.household_id IS NULL),
                count(*) FILTER (WHERE r.redemption_date NOT BETWEEN d.start_date AND d.end_date), count(*)
            FROM '{DATA}/coupon_redemptions.parquet' AS r JOIN '{DATA}/campaign_descriptions.parquet' AS d USING (campaign_id)
            LEFT JOIN '{DATA}/campaigns.parquet' AS c ON c.household_id = r.household_id AND c.campaign_id = r.campaign_id"""
        ).fetchall()
    assert (outside, early_or_late, rows) == (0, 0, 2_102)


def test_targets_buy_more_than_others_and_did_so_before(grocer: Loaded) -> None:
    """No experiment: who was chosen differs by more before the campaign than in it. Days are New York's."""
    assert grocer.connection is not None
    bought = """SELECT count(DISTINCT household_id) FROM event_line SEMI JOIN (
            SELECT household_id FROM event_mailing WHERE mailing_id LIKE '18:%') AS t USING (household_id)
        WHERE _at >= $from AND _at < $to"""
    others = bought.replace("SEMI JOIN", "ANTI JOIN")
    ((targets,),) = grocer.connection.execute(
        "SELECT count(*) FROM event_mailing WHERE mailing_id LIKE '18:%'"
    ).fetchall()
    ((households,),) = grocer.connection.execute("SELECT count(*) FROM contact").fetchall()
    differences = []
    for first, last in (
        (datetime(2017, 8, 31), datetime(2017, 10, 30)),
        (datetime(2017, 10, 30), datetime(2017, 12, 25)),
    ):
        span = {"from": to_utc(NEW_YORK, first), "to": to_utc(NEW_YORK, last)}
        ((of_targets,),) = grocer.connection.execute(bought, span).fetchall()
        ((of_others,),) = grocer.connection.execute(others, span).fetchall()
        arms = rate_sample(targets, of_targets), rate_sample(households - targets, of_others)
        differences.append(difference(*arms, at_one_look(0.05)))
    before, during = differences
    assert before.low > 0.2 and during.low > 0.2
    assert during.low < before.high, "the campaign has made no difference that the choice had not made before"


def test_a_sixth_of_the_lines_are_of_another_day_in_utc() -> None:
    zone = ZoneInfo(NEW_YORK)
    with duckdb.connect() as ask:
        rows = ask.execute(
            f"SELECT transaction_timestamp FROM '{DATA}/transactions_sample.parquet'"
        ).fetchall()
    local = [at.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone) for (at,) in rows]
    days = {day.date() for day in local}
    assert (min(days).isoformat(), max(days).isoformat()) == ("2017-01-01", "2017-12-31")
    assert sum(there.date() != at.date() for there, (at,) in zip(local, rows, strict=True)) == 12_699


def test_the_profile_tells_what_is_in_it(grocer: Loaded) -> None:
    assert grocer.connection is not None and grocer.catalog is not None and grocer.project is not None
    look = Profiler(grocer.connection, grocer.catalog, grocer.project.settings, datetime(2018, 6, 1))
    line = look.event("line")
    assert line.rows == 75_000
    sales = next(column for column in line.columns if column.name == "sales_value")
    with duckdb.connect() as ask:
        ((raw,),) = ask.execute(
            f"""WITH q AS (SELECT quantile_disc(sales_value, [0.25, 0.75]) AS q FROM '{DATA}/transactions_sample.parquet')
            SELECT count(*) FROM '{DATA}/transactions_sample.parquet', q WHERE sales_value > q[2] + 3 * (q[2] - q[1])"""
        ).fetchall()
    assert 0 < sales.outliers < raw / 5, "on raw amounts the long tail itself would be flagged"
    redemption = look.event("redemption")
    assert [note for note in redemption.notes if "no message" in note.text] == []

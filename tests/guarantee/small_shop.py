"""The example shop in small, under a policy with a rule of every kind."""

import sys
from pathlib import Path

# the shop in small is that of the simulator's tests
sys.path.append(str(Path(__file__).parents[1] / "simulator"))

import small_projects

POLICY = """\
channel email
    address email
    consent email_opt_in
    cost 0.002 EUR
    quiet from 21:00 to 08:00
    open weekdays from 07:00 to 18:00
    open saturday from 10:00 to 14:00
    at most 6 per day

channel sms
    address phone
    consent sms_opt_in
    cost 0.06 EUR
    quiet from 20:00 to 09:00

channel push
    address push_token
    consent push_opt_in
    cost 0 EUR
    quiet from 22:00 to 08:00
    at most 1 per 3 hours, doubling every 30 days up to 20

pressure
    exempt purpose service
    at most 3 messages per 7 days, keep 1 for priority from 70
    at most 1 message per calendar day
    at most 1 sms per 14 days
    at most 6 messages per calendar day per country
    at least 20 hours between messages and messages
    no sms within 3 days after email
    keep held messages for 2 days
"""


def make_shop(folder: Path, contacts: int) -> Path:
    """With so many contacts."""
    made = small_projects.make_shop(folder, contacts)
    (made / "policy.journey").write_text(POLICY, encoding="utf-8")
    return made

"""A world in which a tick has something of everything to do, for tests that break it or repeat it."""

from datetime import date

from world import World

TEXT = """
segment rich
    points >= 50

journey carts
    purpose newsletter
    priority 60
    enter on cart
        if country is known
        again
        per event.cart_id
    goal bought: order[cart_id = entry.cart_id] within 3 days
    leave when has complaint since entry as angry
    split s
        30% a
            wait 1 hour
        70% b
            wait until 12:00
    send reminder by push else email
        if not sent
            wait 2 hours
    wait for click since entry up to 1 day
        then
            exit clicked
    send offer by email

journey riches
    enter on joining rich
        again
    send hello by email

journey mornings
    purpose prospecting
    enter every day at 09:00 for sum of order.amount in last 30 days > 20
        again after 2 days
    wait until between 18:00 and 20:00
    send offer by sms else email
    if last order.amount > 50
        send hello by email
    exit fed

journey birthdays
    enter on anniversary of birth_date at 10:00
        again
    send hello by sms

channel email
    address email
    consent email_opt_in
    quiet from 21:00 to 07:00

channel sms
    address phone
    consent sms_opt_in

channel push
    address push_token
    consent push_opt_in

pressure
    exempt purpose service
    at most 2 messages per 1 day
    at most 1 sms per 2 days
    never sms for country = "IT"
    keep held messages for 1 day
"""

ZONES = ("UTC", "Europe/Paris", "America/New_York", "Asia/Tokyo")
COUNTRIES = ("FR", "IT", None, "JP")
CONTACTS = 60
TICKS = [f"2026-03-{day:02} {hour:02}:30" for day in (1, 2) for hour in (0, 3, 9, 10, 12, 15, 18, 22)]


def busy_world(threads: int = 1, *, backwards: bool = False) -> World:
    """The same contacts and events every time; `backwards` adds them in the opposite order."""
    world = World(TEXT, zone="Europe/Paris", threads=threads)
    order = range(CONTACTS - 1, -1, -1) if backwards else range(CONTACTS)
    for n in order:
        world.contact(
            f"c{n:02}",
            zone=ZONES[n % 4],
            country=COUNTRIES[n % 4 - n % 3],
            points=n if n % 7 else None,
            birth_date=date(1980, 3, 1 + n % 3),
            push_token=None if n % 5 else "t",
            sms_opt_in=(None, True, True, False)[n % 4],
        )
    rows = []
    for n in range(CONTACTS):
        name = f"c{n:02}"
        for k in range(n % 4):
            at = f"2026-03-{1 + (n + k) % 3:02} {(n * 5 + k * 7) % 24:02}:{n % 60:02}"
            rows.append(("cart", name, at, f"{n}{k}", {"cart_id": f"k{k % 2}", "total": n}))
        if n % 3:
            at = f"2026-03-{1 + n % 2:02} {(n * 11) % 24:02}:15"
            rows.append(("order", name, at, f"o{n}", {"amount": 7 * n % 90, "cart_id": f"k{n % 2}"}))
            rows.append(("order", name, "2026-02-20 10:00", f"p{n}", {"amount": 30}))
        if n % 6 == 1:
            rows.append(("click", name, f"2026-03-02 {n % 24:02}:00", f"k{n}", {}))
        if n % 11 == 1:
            rows.append(("complaint", name, f"2026-03-02 {n % 24:02}:05", f"m{n}", {}))
        if n % 9 == 1:
            rows.append(("opt_out", name, "2026-03-02 09:05", f"x{n}", {"channel": "email"}))
    for kind, name, at, key, values in reversed(rows) if backwards else rows:
        world.event(kind, name, at, event_id=key, **values)
    return world


def change_points(world: World) -> None:
    """Some become rich and some are it no longer."""
    world.rows("UPDATE contact SET points = 100 - points")

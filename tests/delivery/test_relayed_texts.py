"""What a send says when it is handed over: what was known when it was granted, what is live, and what parks it."""

from collections.abc import Mapping, Sequence

from relay_world import GREETING, LOOP, Shop

from parcours.delivery.links import Link, Links, read_link


def test_a_text_is_filled_in_with_what_was_known_when_it_was_granted() -> None:
    shop = Shop(
        GREETING
        + """
    message hello
        subject "For {{ country }}"
        email "Cart {{ entry.cart_id }} of {{ event.total }}, {{ links.shop }}, {{ link }}"
    """,
        links=[("shop", "https://shop.example"), ("help", "https://help.example")],
    )
    shop.contact("ann", country="FR")
    shop.granted("ann", cart_id="17", total=20.5)
    shop.relay()
    (send,) = shop.email.sends
    assert send.subject == "For FR"
    assert send.text == "Cart 17 of 20.50, https://shop.example, https://shop.example"


def test_a_send_has_the_subject_that_the_tick_gave_it() -> None:
    shop = Shop(
        LOOP.replace("email and sms", "email")
        + """
    message hello
        subject "One" or "Two"
        email "Hello"
    """
    )
    shop.contact("ann")
    shop.granted("ann")
    for hour in (9, 10, 11):
        shop.tick(f"2026-03-02 {hour:02}:30")
    shop.relay("2026-03-02 11:30")
    decided = shop.rows("SELECT subject FROM state.outbox ORDER BY tick")
    assert [["One", "Two"].index(send.subject) for send in shop.email.sends] == [n for (n,) in decided]
    assert [send.subject for send in shop.email.sends] == ["One", "Two", "One"]


def offering(
    what: str, text: str, *, stock: Mapping[str, int], bought: Sequence[str], more: str = ""
) -> Shop:
    """Products of which there are so many, each for 10; cleo has bought some in one order. `more` stands below the message."""
    shop = Shop(
        f"""
    rules cross_sell
        product of line together in order_id

    journey j
        enter on cart
        send hello by email
            offering {what}

    message hello
        email "{text}"
        {more}
    """
    )
    for name, left in stock.items():
        shop.connection.execute(
            "INSERT INTO product (_product, sku, price, stock) VALUES (?, ?, 10, ?)", [name, name, left]
        )
    shop.contact("cleo", country="DE")
    for number, name in enumerate(bought):
        shop.event("line", "cleo", "2026-03-01 09:00", event_id=f"line {number}", product=name, order_id="o1")
    return shop


def test_a_text_shows_what_the_tick_decided_to_offer() -> None:
    shop = offering(
        "2 from cross_sell where product.stock > 0",
        "{% for offer in offers %}{{ offer.product }} for {{ offer.price }};{% endfor %}",
        stock={"lamp": 3, "vase": 0, "book": 1},
        bought=("lamp", "lamp", "book", "vase"),
    )
    shop.contact("ann")
    shop.granted("ann")
    shop.relay()
    (send,) = shop.email.sends
    assert send.text == "lamp for 10.00;book for 10.00;"


def test_what_is_live_is_looked_at_when_the_message_is_handed_over() -> None:
    shop = offering(
        "3 from cross_sell",
        "{% for offer in offers %}{{ offer.product }};{% endfor %}",
        stock={"lamp": 3, "vase": 2, "book": 1},
        bought=("lamp", "lamp", "lamp", "book", "book", "vase"),
        more="live stock, country",
    )
    shop.contact("ann", country="FR")
    shop.contact("bob")
    shop.granted("ann", "bob")
    assert shop.rows("SELECT DISTINCT offers FROM state.outbox") == [('["lamp","book","vase"]',)]
    # between the tick and the relay: the one is sold out, the other is not sold any more
    shop.connection.execute("UPDATE product SET stock = 0 WHERE sku = 'lamp'")
    shop.connection.execute("DELETE FROM product WHERE sku = 'book'")
    shop.relay()
    (send,) = shop.email.sends
    assert (send.contact, send.text) == ("ann", "vase;")
    assert shop.receipts() == [
        ("ann", "accepted", ""),
        ("bob", "parked", "the live `country` is not known of this contact"),
    ]


def test_a_text_that_fails_for_one_contact_parks_that_send_and_stops_nobody_else() -> None:
    shop = Shop(
        GREETING + '\n    message hello\n        email "Dear {{ country }}, {{ points // points }}"\n'
    )
    shop.contact("ann", country="FR", points=5)
    shop.contact("bob", points=5)
    shop.contact("cleo", country="FR", points=0)
    shop.granted("ann", "bob", "cleo")
    relayed = shop.relay()
    assert (relayed.accepted, relayed.parked, relayed.waiting) == (1, 2, 0)
    *others, (cleo, outcome, reason) = shop.receipts()
    assert others == [
        ("ann", "accepted", ""),
        ("bob", "parked", "`country` is not known of this contact"),
    ]
    assert (cleo, outcome, "by zero" in reason) == ("cleo", "parked", True)


def test_a_text_that_is_broken_for_everybody_waits_for_somebody_to_mend_it() -> None:
    shop = Shop(GREETING + '\n    message hello\n        email from "gone.txt"\n')
    shop.contact("ann")
    shop.granted("ann")
    assert shop.relay().retried == 1
    assert shop.rows("SELECT reason FROM state.attempt") == [
        ("gone.txt cannot be read: no such file or directory",)
    ]
    assert shop.waits_until("ann") == "2026-03-02 09:01"


def test_the_links_of_a_send_are_its_own() -> None:
    shop = Shop(
        GREETING + '\n    message hello\n        email "{{ link }}"\n',
        links=[("shop", "https://shop.example")],
        signed=Links("https://news.example", "secret"),
    )
    for name in ("ann", "bob"):
        shop.contact(name)
    shop.granted("ann", "bob")
    shop.relay()
    one, other = shop.email.sends
    assert one.unsubscribe is not None and one.unsubscribe.startswith("https://news.example/unsubscribe/")
    assert one.text.startswith("https://news.example/click/")
    clicked = read_link("click", one.text.rpartition("/")[2], "secret")
    assert clicked == Link(one.contact, one.reference, "email", "https://shop.example")
    assert (one.text, one.unsubscribe) != (other.text, other.unsubscribe)

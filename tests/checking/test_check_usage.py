"""Which columns a project reads."""

from journey_check import POLICY, checked, journey

from parcours.checking.usage import Usage, usage


def test_every_column_that_something_reads_is_there_and_no_other() -> None:
    header = (
        '    enter on cart[total > contact.age]\n        if country = "FR"\n        per event.cart_id\n'
        "    goal g: order[paid]\n    leave when sms_opt_in\n"
    )
    body = (
        "    wait for click up to 1 day\n        then\n            if event.link is known\n                exit\n"
        "    if sum of order.amount > 1 or last order.status = language\n        exit\n"
    )
    assert usage(checked(journey(body, header))) == Usage(
        ("age", "country", "email", "email_opt_in", "language", "phone", "sms_opt_in"),
        {
            "cart": ("cart_id", "total"),
            "click": ("link",),
            "opt_out": ("channel",),
            "order": ("amount", "paid", "status"),
        },
    )


def test_an_event_that_nothing_reads_is_a_key_all_the_same() -> None:
    assert usage(checked(POLICY)).events == {"cart": (), "click": (), "opt_out": ("channel",), "order": ()}


def test_what_is_offered_is_looked_for_in_what_was_bought_and_in_the_products() -> None:
    rules = "rules r\n    status of order together in at\n\n"
    send = (
        "    send hello by email\n        offering 1 from r where product.stock > 0 and product.price < age\n"
    )
    read = usage(checked(rules + journey(send)))
    assert read.products == ("price", "stock")
    assert read.events["order"] == ("at", "status")

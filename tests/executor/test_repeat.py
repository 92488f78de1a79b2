"""`repeat` and `go to`."""

from world import World


def carts(text: str) -> World:
    world = World(text)
    world.contact("ann", points=0)
    world.tick("2026-03-01 09:00")
    world.event("cart", "ann", "2026-03-01 10:00")
    return world


def test_t5_steps_are_repeated_as_often_as_said_and_no_more() -> None:
    world = carts("""
        journey remind
            enter on cart
            repeat up to 3 times
                send reminder by email
                wait 1 day
            exit done
    """)
    world.tick(*(f"2026-03-0{day} 10:00" for day in range(1, 8)))
    assert [at for _, _, _, at in world.sent()] == [f"2026-03-0{day} 10:00" for day in (1, 2, 3)]
    assert world.exits() == [("ann", "done", "2026-03-04 10:00")]


def test_t5_until_is_looked_at_before_each_time_the_first_too() -> None:
    text = """
        journey remind
            enter on cart
            repeat up to 5 times until has order since entry
                send reminder by email
                wait 1 day
            exit done
    """
    world = carts(text)
    world.event("order", "ann", "2026-03-02 12:00")
    world.tick(*(f"2026-03-0{day} 10:00" for day in range(1, 8)))
    assert len(world.sent()) == 2
    early = carts(text)
    early.event("order", "ann", "2026-03-01 10:00")
    early.tick("2026-03-01 10:00")
    assert early.sent() == [] and early.exits() == [("ann", "done", "2026-03-01 10:00")]


def test_t5_a_repeat_within_a_repeat_begins_anew_each_time() -> None:
    world = carts("""
        journey remind
            enter on cart
            repeat up to 2 times
                repeat up to 3 times
                    send reminder by email
                    wait 1 hour
                wait 1 day
            exit done
    """)
    world.tick(*(f"2026-03-0{day} {hour:02}:00" for day in (1, 2, 3, 4) for hour in range(10, 16)))
    assert len(world.sent()) == 6


def test_t5_a_repeat_without_a_wait_is_gone_through_in_one_tick() -> None:
    world = carts("""
        journey count
            enter on cart
            repeat up to 40 times
                set points to points + 1
            if points = 40
                exit forty
            exit other
    """)
    world.tick("2026-03-01 10:00")
    assert world.exits() == [("ann", "forty", "2026-03-01 10:00")]


def test_t5_whoever_leaves_a_repeat_by_go_to_begins_it_anew() -> None:
    world = carts("""
        journey remind
            enter on cart
            again:
            wait 1 day
            repeat up to 2 times until count of order since entry >= 2
                send reminder by email
                if has order since entry
                    go to again
                wait 1 hour
            exit done
    """)
    world.event("order", "ann", "2026-03-02 10:30")
    hours = [f"2026-03-0{day} {hour:02}:00" for day in range(1, 7) for hour in (10, 11, 12)]
    world.tick(*hours[:12])
    # 2 March: at 10 the first, at 11 the second, which finds the order; then one each day
    assert [at for _, _, _, at in world.sent()] == [
        "2026-03-02 10:00",
        "2026-03-02 11:00",
        "2026-03-03 11:00",
        "2026-03-04 11:00",
    ]


def test_t6_a_goal_ends_a_loop_of_go_to() -> None:
    world = carts("""
        journey remind
            enter on cart
            goal bought: order
            again:
            send reminder by email
            wait 1 day
            go to again
    """)
    world.event("order", "ann", "2026-03-03 12:00")
    world.tick(*(f"2026-03-0{day} 10:00" for day in range(1, 8)))
    assert len(world.sent()) == 3
    assert world.exits() == [("ann", "bought", "2026-03-04 10:00")]

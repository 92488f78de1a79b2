"""`parcours test`. How an example is run is tested with the simulator."""


def test_examples_that_hold_are_a_line_each_and_counted(corner, parcours) -> None:
    answer = parcours("test", "corner")
    assert answer.out == "welcome\n  ✓ who orders is thanked\n\n1 example: all hold\n"
    assert (answer.code, answer.err) == (0, "")


def test_an_example_that_comes_out_differently_says_what_was_expected_and_what_happened(
    corner, parcours
) -> None:
    corner.change("welcome.journey", "agreed = yes", "agreed = no")
    answer = parcours("test", "corner")
    assert (answer.code, answer.err) == (1, "")
    assert answer.out.splitlines() == [
        "welcome",
        "  ✗ who orders is thanked",
        "      corner/welcome.journey:12:5",
        "        expected  thanks by email at 2026-03-02 10:00",
        "        instead   it was not sent",
        "      what happened (Europe/Paris)",
        "        Mon 2026-03-02 10:00  event order",
        "                              enter → thanks",
        "                              thanks by email not sent: no consent, consent of email (corner/policy.journey:3:13)",
        "                              thanks (not sent) → 2 wait",
        "        Wed 2026-03-04 10:00  2 wait → exit finished",
        "",
        "1 example: 1 comes out differently",
    ]


def test_only_the_examples_of_the_named_journey(corner, parcours) -> None:
    corner.write(
        "other.journey",
        'journey other\n    enter on order\n    wait 1 day\n\nexample "x"\n    journey other\n',
    )
    corner.change("other.journey", "    journey other\n", "    journey other\n    expect no entry\n")
    answer = parcours("test", "corner", "--journey", "other")
    assert answer.out == "other\n  ✓ x\n\n1 example: all hold\n"


def test_a_project_without_examples_says_so(corner, parcours) -> None:
    text = (corner.folder / "welcome.journey").read_text()
    corner.write("welcome.journey", text.partition("\nexample")[0])
    answer = parcours("test", "corner")
    assert answer.out == "no examples: add `example` blocks to the journey files\n"
    assert (answer.code, answer.err) == (0, "")


def test_a_journey_that_is_not_there_is_met_with_the_nearest(corner, parcours) -> None:
    answer = parcours("test", "corner", "--journey", "welcom")
    assert (answer.code, answer.out) == (2, "")
    assert "did you mean `welcome`?" in answer.err

"""A send's message and channels exist, and the message has something to say on each."""

from journey_check import POLICY, findings, told

HEADER = "journey j\n    enter on order\n"


def said(send: str, policy: str = POLICY) -> list[tuple[str, str, int, int, str]]:
    return told(findings(f"{HEADER}    {send}\n", policy))


def test_message_and_channels_that_are_not_there_are_all_said_once() -> None:
    assert said("send helo by emial else smss") == [
        ("unknown-message", "`helo` is no message", 3, 10, "did you mean `hello`?"),
        ("unknown-channel", "`emial` is no channel", 3, 18, "did you mean `email`?"),
        ("unknown-channel", "`smss` is no channel", 3, 29, "did you mean `sms`?"),
    ]


def test_a_message_needs_a_body_for_each_channel() -> None:
    policy = POLICY.replace('    sms "Hello"\n', "")
    assert said("send hello by email else sms", policy) == [
        (
            "missing-body",
            "the message `hello` has no text for `sms`",
            3,
            30,
            "the message is declared in b.journey:9:9",
        )
    ]


def test_a_channel_that_is_declared_with_mistakes_is_not_unknown() -> None:
    policy = POLICY.replace("    consent sms_opt_in\n", "")
    assert said("send hello by sms", policy) == [
        ("missing-consent", "the channel `sms` has no consent", 5, 9, "")
    ]
    policy = POLICY.replace("consent sms_opt_in", "consent sms_optin")
    assert [code for code, *_ in said("send hello by sms", policy)] == ["unknown-attribute"]


def test_a_channel_is_tried_once() -> None:
    assert said("send hello by email else email") == [
        ("duplicate-name", "the channel `email` is there twice", 3, 30, "")
    ]

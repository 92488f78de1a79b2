"""Scalars of YAML: plain where that reads as the same text by the rules of 1.2 and 1.1 alike, else in quotes."""

import json
import re

_PLAIN_TEXT = re.compile(r"[^\W\d_](?:[^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*\S)?")
_PLAIN_CODE = re.compile(r"[\w(](?:[^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff]*\S)?")
_NOT_PLAIN = re.compile(r": |:$| #")
_OTHER_TYPE = re.compile(
    r"(?:null|true|false|yes|no|on|off|y|n|nan|inf)|[\d.,_:+-]+(?:e[\d+-]+)?|0[xob][\da-f_]+|[\d-]+[ t][\d:.+ z-]+",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:yes|no|[\d]+(?:\.\d+)?|\d{1,2}:\d\d|\d{4}-\d{1,2}-\d{1,2})")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


def code_scalar(code: str) -> str:
    """Words of the language. Numbers, days, times, `yes` and `no` stand bare: they are read as they are written."""
    if _BARE.fullmatch(code) or _is_plain(code, _PLAIN_CODE):
        return code
    return _quoted(code)


def text_scalar(text: str) -> str:
    """A text that people read."""
    return text if _is_plain(text, _PLAIN_TEXT) else _quoted(text)


def key_scalar(name: str) -> str:
    """A name that is a key."""
    return name if _is_plain(name, _PLAIN_TEXT) else _quoted(name)


def _is_plain(text: str, plain: re.Pattern[str]) -> bool:
    return (
        plain.fullmatch(text) is not None and not _NOT_PLAIN.search(text) and not _OTHER_TYPE.fullmatch(text)
    )


def _quoted(text: str) -> str:
    """In single quotes, which change nothing in what stands between them, where that is possible."""
    if '"' in text and not re.search(r"[\x00-\x1f]", text) and not _UNPRINTABLE.search(text):
        doubled = text.replace("'", "''")
        return f"'{doubled}'"
    return _UNPRINTABLE.sub(
        lambda found: f"\\u{ord(found.group()):04x}", json.dumps(text, ensure_ascii=False)
    )

"""Files of events, row by row."""

import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from parcours.delivery.feeds import LONGEST_LINE, rows_of
from parcours.diagnostics import Problem


def rows(folder: Path, name: str, content: str | bytes) -> list[tuple[int, Any, str]]:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return [(row.line, dict(row.values), row.wrong) for row in rows_of(file)]


def test_csv_with_its_lines(tmp_path: Path) -> None:
    text = '\ufeffcontact; at ;note\r\n1;2026-03-01;"a\r\n""b"""\r\n\r\n2;2026-03-02;\r\n'
    assert rows(tmp_path, "a.csv", text) == [
        (2, {"contact": "1", "at": "2026-03-01", "note": 'a\r\n"b"'}, ""),
        (5, {"contact": "2", "at": "2026-03-02", "note": ""}, ""),
    ]


def test_a_bad_line_of_csv_does_not_hide_the_next(tmp_path: Path) -> None:
    text = 'contact,at\n1\n2,b,c\n"3"x,y\n4,d\n"5,e\n'
    assert rows(tmp_path, "a.csv", text) == [
        (2, {}, "has 1 values for 2 columns"),
        (3, {}, "has 3 values for 2 columns"),
        (4, {}, "is no CSV: ',' expected after '\"'"),
        (5, {"contact": "4", "at": "d"}, ""),
        (6, {}, "is no CSV: unexpected end of data"),
    ]


def test_what_a_row_of_csv_looked_like(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('contact,at\n1,"a,""b""",c\n')
    assert [row.text for row in rows_of(tmp_path / "a.csv")] == ['1,"a,""b""",c']


def test_json_lines(tmp_path: Path) -> None:
    lines = ['{"contact": 1, "fields": {"amount": 2.5}}', "", "{", "[1]", '{"fields": 1}', "1" * 5000]
    content = "\n".join(lines).encode() + b'\n{"a": "\xff"}\n{"contact": 3}'
    assert rows(tmp_path, "a.jsonl", content) == [
        (1, {"contact": 1, "amount": 2.5}, ""),
        (3, {}, "is no JSON"),
        (4, {}, "is no object"),
        (5, {}, "`fields` is no object"),
        (6, {}, "is no JSON"),
        (7, {}, "is no JSON"),
        (8, {"contact": 3}, ""),
    ]


def test_a_line_without_end_is_not_read(tmp_path: Path) -> None:
    long = b'{"a": "' + b"x" * (2 * LONGEST_LINE) + b'"}\n{"contact": 1}\n'
    assert rows(tmp_path, "a.ndjson", long) == [
        (1, {}, "is longer than 1,000,000 bytes"),
        (2, {"contact": 1}, ""),
    ]
    with pytest.raises(Problem, match="a line of more than 1,000,000 bytes"):
        rows(tmp_path, "a.csv", b"contact\n" + b"x" * (2 * LONGEST_LINE))


def test_parquet(tmp_path: Path) -> None:
    file = tmp_path / "a[1].parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            "COPY (SELECT 1 AS contact, TIMESTAMP '2026-03-01 10:00' AS at_, TIMESTAMPTZ '2026-03-01 10:00+02' AS z, "
            "DATE '2026-03-01' AS d, 1.50::DECIMAL(5, 2) AS amount, true AS gift, [1] AS list, NULL AS n) "
            f"TO '{file}'"
        )
    ((line, values),) = [(row.line, row.values) for row in rows_of(file)]
    assert line == 1
    assert json.dumps(values, default=str) == (
        '{"contact": 1, "at_": "2026-03-01 10:00:00", "z": "2026-03-01 08:00:00+00", "d": "2026-03-01", '
        '"amount": "1.50", "gift": true, "list": "[1]", "n": null}'
    )


def test_a_file_may_be_compressed(tmp_path: Path) -> None:
    assert rows(tmp_path, "a.csv.gz", gzip.compress(b"contact\n1\n")) == [(2, {"contact": "1"}, "")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "`a.txt` is none of .csv, .jsonl, .ndjson, .parquet, .xml"),
        ("a.parquet.gz", b"", "`a.parquet.gz` is none of .csv, .jsonl, .ndjson, .parquet, .xml"),
        ("a.parquet", b"no", "this file cannot be read: "),
        ("a.csv.gz", b"no", "this file cannot be read: it is cut off or damaged"),
        (
            "a.csv.gz",
            gzip.compress(b"contact\n1\n" * 9, mtime=0)[:-9],
            "this file cannot be read: it is cut off or damaged",
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    with pytest.raises(Problem) as told:
        rows(tmp_path, name, content)
    assert [(d.code, d.message[: len(message)]) for d in told.value.diagnostics] == [
        ("unreadable-file", message)
    ]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("a.csv", "a.parquet", "a.xml"):
        with pytest.raises(Problem, match="this file cannot be read: no such file or directory"):
            list(rows_of(tmp_path / name))

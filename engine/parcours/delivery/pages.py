"""The pages that people see who follow a link of a message."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

HEADERS: Mapping[str, str] = {
    # nothing runs, nothing is fetched from elsewhere, nobody frames it; and the address, which is a key, stays here
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}
"""Of every answer."""


class Pages:
    """`name` is who writes to people; `root` the path of the public address, in front of every link. A page that is in
    `folder`, under the name that it has in `delivery/html`, takes the place of ours. Everything that a page is given is
    escaped in it."""

    def __init__(self, name: str, root: str, folder: Path | None = None) -> None:
        from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, StrictUndefined
        from jinja2.sandbox import SandboxedEnvironment

        ours = PackageLoader("parcours.delivery", "html")
        loader = ours if folder is None else ChoiceLoader([FileSystemLoader(folder), ours])
        self._environment = SandboxedEnvironment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._environment.globals.update(name=name, root=root)

    def page(self, template: str, **values: Any) -> str:
        return self._environment.get_template(f"{template}.html").render(values)


@cache
def style() -> str:
    """The style sheet of the pages."""
    return files("parcours.delivery").joinpath("html/style.css").read_text(encoding="utf-8")

"""Codes of the files of a project: which are there, and what parcours.yaml says."""

from collections.abc import Mapping

from parcours.diagnostics.table.entry import CodeEntry, Example, error

_MAPPING = """\
datamart:
  database: shop.duckdb
  contacts: {table: customers, key: customer_id}
  events:
    order: {table: orders, contact: customer_id, at: ordered_at, id: order_id}
"""


def _settings(bad: str, good: str) -> Example:
    """Two versions of the lines above the mapping of the little shop's parcours.yaml."""
    return Example(f"{bad}\n{_MAPPING}", f"{good}\n{_MAPPING}", file="parcours.yaml")


FILES: Mapping[str, CodeEntry] = {
    "no-project": error(
        "The folder is no project: it has no parcours.yaml.",
        "name a folder that holds a parcours.yaml",
    ),
    "no-journeys": error(
        "The project has no journey.",
        "add a *.journey file, or name library journeys under `library:` in parcours.yaml",
    ),
    "unreadable-file": error(
        "A file or folder of the project cannot be read.",
        "check that the file exists and may be read, and save it as UTF-8",
    ),
    "no-journey-file": error(
        "A file that a command is to read as a journey file has another name.",
        "name files that end in .journey, or folders that hold such files",
    ),
    "too-large": error(
        "A file, a declaration or a line is larger than Parcours reads.",
        "make several smaller ones of it",
        Example(
            f'message long\n    email "Hello{" again" * 2000}"\n',
            'message long\n    email "Hello again"\n\njourney again\n    enter on order\n    send long by email\n',
        ),
    ),
    "too-many-mistakes": error(
        "A file has so many mistakes that the rest of it is not read.",
        "repair those that are told, and check again",
    ),
    "unknown-library": error(
        "The journey library has no folder of this name.",
        "name a folder of the journey library",
        _settings("name: shop\nlibrary: [welcom]", "name: shop"),
    ),
    "yaml-form": error(
        "The file is YAML, and says something else than journey declarations.",
        "see docs/yaml.md for the keys of each declaration and step",
        Example(
            "- segment: old\n  dok: For the elderly\n  where: age > 70\n",
            "- segment: old\n  doc: For the elderly\n  where: age > 70\n",
            file="old.journey.yaml",
        ),
    ),
    "yaml": error(
        "The file is no YAML, or uses a part of YAML that is not allowed here.",
        "look for a bracket or a quote that is not closed, and at the indentation",
        _settings("name: shop\nname: store", "name: shop"),
        _settings("name: [shop", "name: shop"),
    ),
    "unknown-setting": error(
        "There is no setting of this name.",
        "see docs/project.md for what parcours.yaml may hold",
        _settings("name: shop\ntimezone: Europe/Paris", "name: shop\ntime_zone: Europe/Paris"),
    ),
    "missing-setting": error(
        "A setting that every project has is missing.",
        "see docs/project.md for what parcours.yaml must hold",
        _settings("currency: EUR", "name: shop\ncurrency: EUR"),
    ),
    "bad-setting": error(
        "A setting of parcours.yaml has a value that it cannot have.",
        "see docs/project.md for what parcours.yaml may hold",
        _settings("name: shop\ncurrency: euros", "name: shop\ncurrency: EUR"),
        _settings(
            "name: shop\nchannels: {sms: {adapter: nul}}", "name: shop\nchannels: {sms: {adapter: null}}"
        ),
    ),
}

"""Where something stands in a file of the user's."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A stretch of one file. Lines and columns count from 1; the end column is exclusive.

    A place with line 0 means the file (or folder) as a whole.
    """

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    def __reduce__(self) -> tuple[type["Place"], tuple[str, int, int, int, int]]:
        # half of all that is kept of a project are places: the way of dataclasses takes several times as long
        return Place, (self.file, self.line, self.column, self.end_line, self.end_column)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def to(self, last: "Place") -> "Place":
        """The stretch from the start of this place to the end of `last`."""
        return Place(self.file, self.line, self.column, last.end_line, last.end_column)

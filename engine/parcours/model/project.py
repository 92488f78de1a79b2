"""All declarations of a project, in the order of their files and places."""

from typing import Annotated

from pydantic import Field

from parcours.model.analytics import Clusters, Rfm, Rules, Score
from parcours.model.example import Example
from parcours.model.journey import Journey
from parcours.model.node import Node
from parcours.model.policy import Channel, Pressure
from parcours.model.settings import Settings
from parcours.model.vocabulary import Lifecycle, Message, Season, Segment

Declaration = Annotated[
    Journey
    | Message
    | Channel
    | Pressure
    | Segment
    | Lifecycle
    | Season
    | Rfm
    | Clusters
    | Score
    | Rules
    | Example,
    Field(discriminator="kind"),
]


class Project(Node):
    """A project as read: its place is the folder. `sources` holds the text of every file that was read, by the
    same file name that places use, so that diagnostics can show the line."""

    settings: Settings
    declarations: tuple[Declaration, ...]
    sources: dict[str, str] = Field(exclude=True, repr=False)

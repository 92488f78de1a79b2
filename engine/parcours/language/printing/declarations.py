"""Which printer makes clauses of which declaration."""

from parcours.language.clauses import Clause
from parcours.language.printing import analytics, examples, journeys, policy, vocabulary
from parcours.model.analytics import Clusters, Rfm, Rules, Score
from parcours.model.example import Example
from parcours.model.journey import Journey
from parcours.model.policy import Channel, Pressure
from parcours.model.project import Declaration
from parcours.model.vocabulary import Lifecycle, Message, Season, Segment


def clause_of(declaration: Declaration) -> Clause:
    """What a declaration says, in the order of the table and in the canonical words. Its lines are known where the
    model knows them; there is no comment in it."""
    match declaration:
        case Journey():
            return journeys.journey(declaration)
        case Message():
            return vocabulary.message(declaration)
        case Channel():
            return policy.channel(declaration)
        case Pressure():
            return policy.pressure(declaration)
        case Segment():
            return vocabulary.segment(declaration)
        case Lifecycle():
            return vocabulary.lifecycle(declaration)
        case Season():
            return vocabulary.season(declaration)
        case Rfm():
            return analytics.rfm(declaration)
        case Clusters():
            return analytics.clusters(declaration)
        case Score():
            return analytics.score(declaration)
        case Rules():
            return analytics.rules(declaration)
        case Example():
            return examples.example(declaration)

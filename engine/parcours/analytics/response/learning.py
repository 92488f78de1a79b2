"""What is learned of answers, by name."""

from collections.abc import Sequence

from parcours.analytics.learner import Result, Run
from parcours.analytics.response.channels import learn_response
from parcours.analytics.response.hours import learn_best_hour
from parcours.analytics.snapshot import Snapshot
from parcours.checking import checked


def learn_answers(response: checked.Response, snapshot: Snapshot, earlier: Sequence[Run]) -> Result:
    """A run of `response` or of `best_hour`."""
    learner = learn_response if response.name == "response" else learn_best_hour
    return learner(response, snapshot, earlier)

"""
Ways in which a patient could still be forgotten: each test tells one, and says what ought to be owed.

A test that holds goes to the specification.
"""

from tests.transition_story import DAY, FRI, MON, SAT, TUE, Story, done, heard

from carecoord.workflows.care_transition import (
    Admitted,
    Contacted,
    Discharged,
    Disposition,
    PendingTests,
    SummaryReceived,
)


def test_an_unseen_stay_that_ended_in_a_facility_asks_for_pending_tests_without_a_number_too():
    """With a number it does; a home-coming without one does; this alone does not."""
    story = Story(heard(Admitted, TUE), heard(Discharged, FRI))
    story.then(heard(SummaryReceived, SAT, pending=PendingTests.NONE), done(Contacted, MON))
    story.then(heard(Discharged, FRI + 7 * DAY, disposition=Disposition.FACILITY))
    assert (story.state, "pending_known" in story.owes()) == ("ELSEWHERE", True)

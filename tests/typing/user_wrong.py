"""
Twelve wrong uses, and what type checkers say of them; read by checkers, run by nobody.

A line that begins with `#:` says what one checker says of the next line of code: its name, its code, and a phrase of
its message. Where one of the two sees nothing, there is no such line, and the doors refuse it at run time.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from attrs import frozen

from carecoord import (
    Act,
    Actor,
    Case,
    Escalated,
    Facts,
    Ladder,
    Limit,
    Move,
    News,
    Role,
    Rulebook,
    Rung,
    Workflow,
    advance,
    check,
    ours,
)


class Form(Enum):
    """Where a form is."""

    ASKED = "somebody asked for it"
    SIGNED = "it is signed"
    SUPERSEDED = "a duplicate"
    ENTERED_IN_ERROR = "never was"


class Door(Enum):
    """Whether it is open: a state of another workflow."""

    OPEN = "it is open"


@frozen(kw_only=True)
class FormFacts(Facts):
    pages: int = 0


@frozen(kw_only=True)
class DoorFacts(Facts):
    locked: bool = False


@frozen(kw_only=True)
class Asked(News):
    pages: int = 0


@frozen(kw_only=True)
class Signed(Act):
    pages: int = 0


def all_pages(facts: FormFacts, event: Signed) -> bool:
    """every page is signed"""
    return event.pages == facts.pages


def locked(facts: DoorFacts, _: Signed) -> bool:
    """the door is locked"""
    return facts.locked


STEPS = Ladder((Rung(),))
WHY = ours("we say so")
CLERK = Actor(Role.COORDINATOR, "c-1")
FormCase = Case[Form, FormFacts]
DoorRules = Rulebook[Door, DoorFacts]
FormRules = Rulebook[Form, FormFacts]


def wrong(forms: FormRules, doors: DoorRules, case: FormCase, effect: Escalated, now: datetime) -> None:
    # 1. a number without a unit
    #: mypy arg-type: incompatible type "int"; expected "Span | Until | None"
    #: pyright reportArgumentType: "Literal[48]" cannot be assigned to parameter "allow" of type "Span | Until | None"
    Limit("sign", 48, STEPS, source=WHY)

    # 2. a mere date where a moment belongs
    #: mypy arg-type: incompatible type "date"; expected "datetime | Day | str"
    #: pyright reportArgumentType: "date" cannot be assigned to parameter "at" of type "datetime | Day | str"
    Asked(at=date(2024, 7, 12), by=CLERK, key="k")

    # 3. a claim about the facts of another workflow
    #: mypy arg-type: "Callable[[DoorFacts, Signed], bool]"; expected "Callable[[FormFacts, Signed], bool] | None"
    #: pyright reportArgumentType: Parameter 1: type "FormFacts" is incompatible with type "DoorFacts"
    Move[Form, FormFacts](Form.ASKED, Signed, Form.SIGNED, given=locked)

    # 4. a claim about another event
    #: mypy arg-type: "Callable[[FormFacts, Signed], bool]"; expected "Callable[[Never, Asked], bool] | None"
    #: pyright reportArgumentType: Parameter 2: type "Asked" is incompatible with type "Signed"
    Move(Form.ASKED, Asked, Form.SIGNED, given=all_pages)

    # 5. an event by position, where two moments would be mixed up sooner or later
    #: mypy call-arg: Too many positional arguments for "Asked"
    #: pyright reportCallIssue: Expected 0 positional arguments
    Asked(now, CLERK, "k")

    # 6. an event without a key
    #: mypy call-arg: Missing named argument "key" for "Asked"
    #: pyright reportCallIssue: Argument missing for parameter "key"
    Asked(at=now, by=CLERK)

    # 7. a case under the rules of another workflow
    #: mypy misc: Cannot infer value of type parameter "F" of "advance"
    #: mypy misc: Cannot infer value of type parameter "S" of "advance"
    #: pyright reportArgumentType: "Case[Form, FormFacts]" is not assignable to "Case[Door, DoorFacts]"
    advance(doors, case, Signed(at=now, by=CLERK, key="k"))

    # 8. an attribute that the effect does not have
    #: mypy attr-defined: "Escalated" has no attribute "due_at"
    #: pyright reportAttributeAccessIssue: Cannot access attribute "due_at" for class "Escalated"
    #: pyright reportUnknownMemberType: Type of "due_at" is unknown
    #: pyright reportUnknownVariableType: Type of "_due" is unknown
    _due = effect.due_at

    # 9. the class of an event instead of an event
    #: mypy arg-type: incompatible type "type[Signed]"; expected "Event"
    #: pyright reportArgumentType: "type[Signed]" cannot be assigned to parameter "event" of type "Event"
    advance(forms, case, Signed)

    # 10. a change of what is frozen
    #: mypy misc: Property "seq" defined in "Case" is read-only
    #: pyright reportAttributeAccessIssue: Attribute "seq" is read-only
    case.seq = 2

    # 11. a moment that might be taken for something else
    #: mypy call-arg: Too many positional arguments for "check"
    #: pyright reportCallIssue: Expected 1 positional argument
    check(case, now)

    # 12. a row that leads to a state of another workflow
    Workflow[Form, FormFacts](
        name="form",
        version="1",
        states=Form,
        facts=FormFacts,
        events=(Asked,),
        #: mypy arg-type: Argument 3 to "Move" has incompatible type "Door"; expected "Form"
        #: pyright reportArgumentType: "Door" is not a subtype of "Form"
        moves=(Move(None, Asked, Door.OPEN),),
        closes={},
        ends=frozenset({Form.SIGNED}),
    )

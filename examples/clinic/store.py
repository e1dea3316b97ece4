"""
Where the practice keeps its cases: one SQLite file, by the standard library alone.

The library decides, and this keeps what it decided: the case, the entry and the effects of one
step in one write, or none of them. Whoever wrote first wins (compare-and-swap), and the other
decides again. Nothing here knows a rule of care; another database needs another file like this.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from carecoord import (
    Case,
    Effect,
    Entry,
    Event,
    HistoryNeeded,
    Practice,
    Role,
    Step,
    advance,
    check,
    to_columns,
)
from carecoord.codec import Codec

SCHEMA = """
CREATE TABLE IF NOT EXISTS cases (
  id TEXT PRIMARY KEY,
  subject TEXT NOT NULL,
  workflow TEXT NOT NULL, version TEXT NOT NULL, state TEXT NOT NULL, owner TEXT NOT NULL, urgency TEXT NOT NULL,
  next_check TEXT, earliest_due TEXT, policy_version TEXT NOT NULL, seq INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  entries INTEGER NOT NULL,  -- of how many entries the case was made: the version of the row
  body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS cases_by_next_check ON cases (next_check);

CREATE TABLE IF NOT EXISTS entries (
  case_id TEXT NOT NULL, number INTEGER NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (case_id, number)
);
CREATE TRIGGER IF NOT EXISTS entries_stay_as_they_are BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;

CREATE TABLE IF NOT EXISTS outbox (
  id TEXT PRIMARY KEY, case_id TEXT NOT NULL, kind TEXT NOT NULL, told_at TEXT NOT NULL, body TEXT NOT NULL,
  delivered_at TEXT, delivered_to TEXT
);
CREATE INDEX IF NOT EXISTS outbox_to_deliver ON outbox (kind, case_id) WHERE delivered_at IS NULL;

CREATE TABLE IF NOT EXISTS turned_away (  -- messages that no case took, each judged once
  case_id TEXT NOT NULL, key TEXT NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (case_id, key)
);
CREATE TABLE IF NOT EXISTS roster (role TEXT NOT NULL, since TEXT NOT NULL, who TEXT, PRIMARY KEY (role, since));
"""

PUT_CASE = """
INSERT INTO cases VALUES (:id, :subject, :workflow, :version, :state, :owner, :urgency, :next_check, :earliest_due,
                          :policy_version, :seq, :ended, :entries + 1, :body)
ON CONFLICT (id) DO UPDATE SET
  state = :state, owner = :owner, urgency = :urgency, next_check = :next_check, earliest_due = :earliest_due,
  policy_version = :policy_version, seq = :seq, ended = :ended, entries = :entries + 1, body = :body
WHERE entries = :entries
"""

AnyCase = Case[Any, Any]
AnyStep = Step[Any, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A case as it was loaded, and of how many entries it was made."""

    case: AnyCase
    entries: int


def stamp(at: datetime) -> str:
    """Return a UTC moment as text that sorts as moments do."""
    return at.isoformat(timespec="microseconds")


class Store:
    """The practice's file; *path* may be ":memory:"."""

    def __init__(self, path: Path | str, practice: Practice) -> None:
        self.path = Path(path)
        self.practice = practice
        self.histories_read = 0
        self._codecs = {rules.workflow.name: Codec(rules.workflow) for rules in practice.rulebooks}
        self._effects = next(iter(self._codecs.values()))  # they are written alike, whatever they are about
        self._db = sqlite3.connect(path, isolation_level=None)  # transactions are begun and ended below, by name
        # A crash of the machine may cost the last steps, never the order of what is kept: the feed sends them again.
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + SCHEMA)

    def close(self) -> None:
        """Let go of the file; the last to do so leaves nothing beside it."""
        self._db.close()

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        return self._db.execute(sql, values).fetchall()

    def load(self, case_id: str) -> Kept | None:
        """Return the case without its history, or None if there is none."""
        rows = self.query("SELECT workflow, body, entries FROM cases WHERE id = ?", case_id)
        return Kept(self._codecs[rows[0][0]].load_case(rows[0][1]), rows[0][2]) if rows else None

    def history(self, case_id: str, entries: int) -> tuple[Entry, ...]:
        """Return the entries that the case was made of, in the order of handing in."""
        self.histories_read += 1
        return tuple(self._entries(case_id, entries))

    def has_taken(self, case_id: str, key: str) -> bool:
        """Whether an event of this key is in the case."""
        return any(event.key == key for entry in self._entries(case_id) for event in entry.events)

    def save(self, step: AnyStep, entries: int) -> bool:
        """
        Keep one step: all of it, or nothing where the case is no longer made of so many entries.

        A step without an entry changed nothing, and there is nothing to keep.
        """
        if step.entry is None:
            return True
        with self._writing() as db:
            if db.execute(PUT_CASE, self._row(step.case, entries)).rowcount == 0:
                return False
            at = stamp(step.entry.at)
            entry = (step.case.id, entries + 1, at, self._codecs[step.case.workflow].dumps(step.entry))
            db.execute("INSERT INTO entries VALUES (?, ?, ?, ?)", entry)
            effects = ((each.id, step.case.id, each.kind, at, self._effects.dumps(each)) for each in step.effects)
            db.executemany("INSERT OR IGNORE INTO outbox VALUES (?, ?, ?, ?, ?, NULL, NULL)", effects)
        return True

    def due(self, at: datetime) -> list[str]:
        """Return the cases in which something has fallen due and was not told."""
        return [row[0] for row in self.query("SELECT id FROM cases WHERE next_check <= ? ORDER BY 1", stamp(at))]

    def last_step(self) -> datetime | None:
        """Return how far the practice has come."""
        ((at,),) = self.query("SELECT MAX(at) FROM entries")
        return datetime.fromisoformat(at) if at else None

    def ended(self, case_id: str) -> bool | None:
        """Whether the case has ended; None if there is none."""
        rows = self.query("SELECT ended FROM cases WHERE id = ?", case_id)
        return bool(rows[0][0]) if rows else None

    def cases(self) -> Iterator[AnyCase]:
        """Yield all cases, those longest known first."""
        for workflow, body in self.query("SELECT workflow, body FROM cases ORDER BY rowid"):
            yield self._codecs[workflow].load_case(body)

    def effects(self, kind: str) -> Iterator[tuple[Effect, str]]:
        """Yield all effects of a kind, and who had each, or nothing."""
        for body, whom in self.query("SELECT body, delivered_to FROM outbox WHERE kind = ? ORDER BY rowid", kind):
            yield self._effects.load_effect(body), whom or ""

    def undelivered(self, kind: str) -> list[tuple[Effect, datetime]]:
        """Return the effects of a kind that nobody has had yet, case by case, and when they were told."""
        waiting = "SELECT body, told_at FROM outbox WHERE delivered_at IS NULL AND kind = ? ORDER BY case_id, rowid"
        rows = self.query(waiting, kind)
        return [(self._effects.load_effect(body), datetime.fromisoformat(told)) for body, told in rows]

    def delivered(self, effect: Effect, at: datetime, to: str) -> None:
        """Note who has had an effect; the first time counts."""
        self._db.execute(
            "UPDATE outbox SET delivered_at = ?, delivered_to = ? WHERE id = ? AND delivered_at IS NULL",
            (stamp(at), to, effect.id),
        )

    def turn_away(self, case_id: str, event: Event, why: str) -> None:
        """Note that a message was not taken, and why; it is not judged again."""
        row = (case_id, event.key, stamp(event.recorded_at), type(event).__name__, why)
        self._db.execute("INSERT OR IGNORE INTO turned_away VALUES (?, ?, ?, ?, ?)", row)

    def turned_away(self, case_id: str, event: Event) -> bool:
        """Whether this message came before and was not taken."""
        return bool(self.query("SELECT 1 FROM turned_away WHERE case_id = ? AND key = ?", case_id, event.key))

    def put_roster(self, role: Role, shifts: Sequence[tuple[datetime, str | None]]) -> None:
        """Say who stands in a role from which moments on; None is nobody."""
        rows = [(role.name, stamp(since), who) for since, who in shifts]
        with self._writing() as db:
            db.executemany("INSERT OR REPLACE INTO roster VALUES (?, ?, ?)", rows)

    def on_duty(self, role: Role, at: datetime) -> str | None:
        """Return who stands in a role, if anybody does."""
        newest = "SELECT who FROM roster WHERE role = ? AND since <= ? ORDER BY since DESC LIMIT 1"
        rows = self.query(newest, role.name, stamp(at))
        return rows[0][0] if rows else None

    def _entries(self, case_id: str, up_to: int | None = None) -> Iterator[Entry]:
        rows = self.query(
            "SELECT workflow, entries.body FROM entries JOIN cases ON cases.id = case_id"
            " WHERE case_id = ? AND number <= COALESCE(?, number) ORDER BY number",
            case_id,
            up_to,
        )
        return (self._codecs[workflow].load_entry(body) for workflow, body in rows)

    def _row(self, case: AnyCase, entries: int) -> dict[str, object]:
        columns: dict[str, object] = {name: values[0] for name, values in to_columns([case]).items()}
        for name in ("next_check", "earliest_due"):
            moment = columns[name]
            columns[name] = stamp(moment) if isinstance(moment, datetime) else None
        ended = case.state in self.practice.rules_for(case).workflow.ends
        return columns | {
            "subject": case.subject,
            "ended": ended,
            "entries": entries,
            "body": self._codecs[case.workflow].dumps(case),
        }

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def take(store: Store, case_id: str, event: Event) -> AnyStep:
    """
    Put an event into a case that is kept, with its history only where that is needed.

    Raises:
        CarecoordError: as `advance`; nothing was kept.
        LookupError: there is no such case.
    """

    def decide(kept: Kept) -> AnyStep:
        rules = store.practice.rules_for(kept.case)
        try:
            return advance(rules, kept.case, event)
        except HistoryNeeded:
            return advance(rules, kept.case, event, store.history(case_id, kept.entries))

    return _until_saved(store, case_id, decide)


def look(store: Store, case_id: str, at: datetime) -> AnyStep:
    """Tell what fell due in a case that is kept."""
    return _until_saved(store, case_id, lambda kept: check(kept.case, at=at))


def _until_saved(store: Store, case_id: str, decide: Callable[[Kept], AnyStep]) -> AnyStep:
    while True:
        kept = store.load(case_id)
        if kept is None:
            raise LookupError(f"no case {case_id}")
        step = decide(kept)
        if store.save(step, kept.entries):
            return step
        # Somebody else was faster: what they kept may change what is right, so decide again.

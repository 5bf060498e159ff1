"""All checks of a report, made once, and what they find: the one place that says whether figures agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from qy_finance.checks.account_names import account_name_checks
from qy_finance.checks.carried import joined
from qy_finance.checks.causes import Cause, cause_checks, causes
from qy_finance.checks.cells import table_checks
from qy_finance.checks.changes import StatedChange, stated_changes, statement_checks
from qy_finance.checks.diagnose import Finding, by_row, findings
from qy_finance.checks.doubts import doubt_reading
from qy_finance.checks.families import family_checks
from qy_finance.checks.knowledge import rules
from qy_finance.checks.ledger import Ledger, Passage, passages
from qy_finance.checks.leftovers import leftover_checks
from qy_finance.checks.model import Check, NotRun
from qy_finance.checks.names import name_checks
from qy_finance.checks.quantities import place, quantity_checks
from qy_finance.checks.quotient import as_computed
from qy_finance.checks.relations import is_worded
from qy_finance.checks.restated import restated_checks
from qy_finance.checks.results import frame
from qy_finance.checks.shares import share_checks
from qy_finance.checks.shifts import Shifted, put_back
from qy_finance.checks.unchanged import unchanged_checks
from qy_finance.checks.unread import unread_checks
from qy_finance.checks.wording import wording_checks
from qy_finance.checks.years import year_checks
from qy_finance.errors import NotConsecutiveError
from qy_finance.numbers import Source
from qy_finance.reading import Reading


@dataclass(frozen=True, eq=False)
class CheckSet:
    """Every check (勾稽) of a report, and against the report of the year before.

    Attributes
    ----------
    reading : Reading
        What was read of the report.
    before : CheckSet or None
        That of the same unit and scope for the year before.
    """

    reading: Reading
    before: CheckSet | None = None

    def against(self, before: CheckSet) -> CheckSet:
        """The same with the checks against the report of the year before.

        Raises
        ------
        NotConsecutiveError
            It is of another unit, scope or year.
        """
        own, other = self.reading.identity, before.reading.identity
        wanted = own.unit, own.year - 1, own.scope
        found = other.unit, other.year, other.scope
        if wanted != found:
            expected, there = (" ".join(map(str, which)) for which in (wanted, found))
            raise NotConsecutiveError(before.reading.file, "report", expected, there)
        both = CheckSet(self.reading, before)
        # nothing of it is made again
        kept = ("_tables", "changes", "passages", "causes", "_own")
        both.__dict__.update((name, getattr(self, name)) for name in kept)
        both.__dict__["alone"] = self
        return both

    @cached_property
    def alone(self) -> CheckSet:
        """The checks of the report by itself."""
        return self if self.before is None else CheckSet(self.reading)

    @cached_property
    def _tables(self) -> tuple[Ledger, list[Check | NotRun]]:
        """The figures, rows that are printed too high or too low in their places, and the checks of tables."""
        ledger = Ledger(self.reading)
        ledger, made, shifted = put_back(ledger, list(table_checks(ledger)))
        return ledger, doubt_reading(ledger, [*made, *shifted])

    @property
    def ledger(self) -> Ledger:
        """The figures as checks look for them."""
        return self._tables[0]

    @cached_property
    def changes(self) -> list[StatedChange]:
        """What sentences say of the change of an amount."""
        return stated_changes(self.ledger)

    @cached_property
    def passages(self) -> list[Passage]:
        """The paragraphs with the figures in them."""
        return list(passages(self.ledger))

    @cached_property
    def causes(self) -> list[Cause]:
        """What the report gives as causes of changes against last year."""
        return list(causes(self.passages, self.changes))

    @cached_property
    def _own(self) -> list[Check | NotRun]:
        """The checks of the report by itself."""
        ledger, changes, found = self.ledger, self.changes, self.passages
        prose = [
            *quantity_checks(ledger),
            *as_computed((*statement_checks(ledger, changes), *share_checks(ledger))),
            *unchanged_checks(ledger, found, changes),
            *family_checks(ledger),
            *restated_checks(ledger),
            *account_name_checks(ledger),
            *wording_checks(ledger, found, changes),
            *leftover_checks(found),
            *name_checks(ledger, found),
            *unread_checks(ledger, found),
            *cause_checks(ledger, found, changes, self.causes),
        ]
        return [*self._tables[1], *doubt_reading(ledger, prose, self._tables[1])]

    @cached_property
    def made(self) -> list[Check | NotRun]:
        """Every check, in the order of the identities; at last, amounts and percentages of the prose without any."""
        made = list(self._own)
        if self.before is not None:
            made.extend(year_checks(self.ledger, self.changes, self.before.ledger))
        held = {o.row for check in made if isinstance(check, Check) for o in check.rule.operands}
        told = {check.place for check in made if isinstance(check, NotRun)}
        for fact in self.ledger.prose:
            counted = fact.is_money or fact.is_percent
            if counted and fact.row not in held and place(fact) not in told:
                made.append(NotRun(rules()["prose.alone"], place(fact), "有关的另一数字"))
        return made

    @cached_property
    def findings(self) -> list[Finding]:
        """What breaks: one finding for each contradiction, with the figure that is wrong where that is determined."""
        checks = [check for check in self.made if isinstance(check, Check)]
        return joined(findings(checks), checks)

    @cached_property
    def counted(self) -> list[Check | NotRun]:
        """The checks that have a row of their own: all but those that break for the reason of another."""
        attached = {id(check) for finding in self.findings for check in finding.consequences}
        return [check for check in self.made if id(check) not in attached]

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row for each check; see :meth:`qy_finance.report.Report.check`."""
        return frame(self.counted, self.findings)

    @cached_property
    def _involving(self) -> Mapping[int, list[Check]]:
        return by_row(self.made)

    def involving(self, fact: Source) -> list[Check]:
        """The checks that a figure is part of."""
        return self._involving.get(fact.row, [])

    def verdict(self, identity: str, *facts: Source) -> Check | None:
        """The check of an identity that holds these figures against each other; None where there is none."""
        rows = {fact.row for fact in facts}
        for check in self.involving(facts[0]):
            if check.identity.id == identity and rows <= {o.row for o in check.rule.operands}:
                return check
        return None

    @cached_property
    def disputed(self) -> frozenset[int]:
        """Rows of figures that contradict others: the one that is wrong where that is known, otherwise all involved."""
        return _suspects(
            finding
            for finding in self.findings
            if finding.check.identity.severity == "error" and not is_worded(finding.check.rule)
        )

    @cached_property
    def doubted(self) -> frozenset[int]:
        """Rows of figures that contradict others or what is said of them, as :attr:`disputed` has them."""
        return _suspects(self.findings)

    @cached_property
    def misread(self) -> frozenset[int]:
        """Rows of figures that may be read wrongly, for tables contradict each other or themselves."""
        checks = [check for check in self._tables[1] if isinstance(check, Check)]
        return _suspects(joined(findings(checks), checks))


def _suspects(found: Iterator[Finding] | list[Finding]) -> frozenset[int]:
    rows: set[int] = set()
    for finding in found:
        rule = finding.check.rule
        suspects = [finding.culprit] if finding.culprit else rule.operands
        if isinstance(rule, Shifted):
            suspects = rule.moved
        rows.update(fact.row for fact in suspects if fact.row >= 0)
    return frozenset(rows)

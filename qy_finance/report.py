"""A report as one tidy frame of observations, and readable views of it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import pandas as pd

from qy_finance import frames
from qy_finance.errors import MissingTableWarning, ReviewWarning
from qy_finance.figures import Exclusion
from qy_finance.form import Form, final_accounts
from qy_finance.frames import Tables
from qy_finance.identity import Identity, identify, year_of_account
from qy_finance.narrative import NarrativeReading, read_narrative
from qy_finance.readers import Document, Limits, read_document
from qy_finance.tables import TableReading, read_tables
from qy_finance.tables.locate import locate

if TYPE_CHECKING:
    from qy_finance.checks.ledger import Ledger
    from qy_finance.objects.findings import Findings
    from qy_finance.objects.observation import Observation

# To be removed when nobody asks for it: it is `qy_finance.form.final_accounts().ids`.
TABLE_IDS: Final = final_accounts().ids


class Report:
    """A final account (部门决算): every printed figure, and where it is printed.

    Made by :func:`read_report`.

    Attributes
    ----------
    text : str
        The text of the whole document as read.
    meta : Mapping
        ``report_id``, ``unit`` (单位), ``year``, ``scope`` (本级 or 部门汇总), ``money_unit`` (万元 or 元),
        ``template`` (``numbered`` where rows have line numbers, 行次, otherwise ``plain``),
        ``missing_tables`` (ids of the tables that the form of its year has and the report lacks), ``file``.
    form : Form
        What such a report prints.
    """

    def __init__(
        self,
        document: Document,
        identity: Identity,
        form: Form,
        tables: TableReading,
        narrative: NarrativeReading,
        exclusions: tuple[Exclusion, ...],
    ) -> None:
        figures = tables.figures + narrative.figures
        self.text = document.text
        self.meta: Mapping[str, object] = {
            "report_id": identity.report_id,
            "unit": identity.unit,
            "year": identity.year,
            "scope": identity.scope,
            "money_unit": identity.money_unit,
            "template": identity.template,
            "missing_tables": tables.missing,
            "file": document.path.name,
        }
        self.form = form
        self._document = document
        self._present = tables.present
        # to be removed when checks ask the form instead
        self._missing = tuple(table for table in form.ids if table not in tables.present)
        self._identity = identity
        self._figures = tuple(sorted(figures, key=lambda figure: figure.start))
        self._exclusions = exclusions
        self._narrative = narrative
        self._made: dict[object, object] = {}  # see qy_finance.once

    def __repr__(self) -> str:
        prose = sum(figure.table is None for figure in self._figures)
        missing = len(cast("tuple[str, ...]", self.meta["missing_tables"]))
        return (
            f"<Report {self._identity.report_id}: {len(self._figures)} observations,"
            f" {prose} of them in the prose; {len(self.tables)} of {len(self.tables) + missing} tables>"
        )

    def __str__(self) -> str:
        from qy_finance.objects.summary import summary

        return str(summary(self))

    def _repr_html_(self) -> str:
        from qy_finance.objects.summary import summary

        return summary(self)._repr_html_()

    @cached_property
    def observations(self) -> pd.DataFrame:
        """One row for each printed figure, in the order of the document.

        Columns
        -------
        report_id, unit : string
            The report, and the reporting entity (单位) as printed.
        year : Int64
            Fiscal year that the figure is about; a stated figure of last year carries that year.
        table : string
            Canonical table id; missing for prose.
        section : string
            Heading under which the figure stands, as printed, without layout spaces.
        side : string
            收入 / 支出 / 人员经费 / 公用经费 where a table has two sides.
        code : string
            Functional or economic classification code (科目编码), joined.
        item : string
            Row name without its ordinal, or what the sentence speaks of.
        column : string
            Canonical leaf header, parents joined with ``/``. In prose: what the figure is measured against
            (上年决算数, 政府采购支出总额) or which of an item's amounts it is (年初预算, 支出决算).
        measure : string
            One of :data:`qy_finance.figures.MEASURES`.
        value : Float64
            The number in ``unit_of_measure``, with the sign that is meant (下降 is negative).
        unit_of_measure, printed : string
            As printed; ``text[start:end] == printed``.
        page, line, start, end : Int64
            Place in the source (page only where it has pages) and in ``text``.
        x0, top, x1, bottom : Float64
            Box on the page in points from the top left, where the source has a layout.
        confidence : Float64
            How sure the recognition of a figure is (0 to 1), where it was read from a picture of text.
        """
        return frames.observations(self._document, self._identity, self._figures)

    @cached_property
    def tables(self) -> Tables:
        """The tables of the form as printed, one frame for each id.

        A row for each account in the order of the report: ``side`` (where the table has sides), ``code``,
        ``item``, columns of words (项目名称, where the table has some; string), then the canonical columns that the
        template prints (Float64, in the money unit of the report). A blank cell is missing, a printed 0.00 is 0.

        Raises
        ------
        MissingTableError
            On access to a table that the report does not have.
        """
        made = {
            table: frames.table([f for f in self._figures if f.table == table])
            for table in self._present
        }
        return Tables(made, self._document.path.name, self.form)

    @cached_property
    def facts(self) -> pd.DataFrame:
        """The figures of the prose: the rows of ``observations`` without a table, and their telling columns."""
        return frames.facts(self.observations)

    @cached_property
    def kpis(self) -> pd.DataFrame:
        """Performance indicators (绩效指标) that state a target.

        Columns
        -------
        name : string
        comparison : string
            ``≥`` or ``≤`` as printed; missing where no sign is printed.
        target, actual : Float64
            In ``unit`` (string): that of the actual value, to which the target is converted (2万册, 19,000册).
            ``actual`` is missing where none is stated, or one of other things than the target.
        met : boolean
            Whether the actual value meets the target. Without a sign the target is a value to be reached.
        reason : string
            Why it was missed, as stated; missing where no reason is given.
        """
        return frames.kpis(self._narrative.indicators)

    def unclaimed(self) -> pd.DataFrame:
        """Each numeral of ``text`` that no observation covers, and why.

        Columns ``printed`` and ``reason`` (string), ``page``, ``line``, ``start``, ``end`` (Int64). The
        reasons are those of :data:`qy_finance.figures.REASONS`; ``unknown`` is a numeral that was not understood.
        """
        return frames.unclaimed(self._document, self._figures, self._exclusions, self.form.lexicon)

    def review(self) -> pd.DataFrame:
        """The figures that were recognised on pictures and that a person should compare with the page.

        The rows of ``observations``, with their index there, and ``doubt`` (string): ``recognition`` where a
        character is less sure than :data:`qy_finance.readers.scanned.ocr.REVIEW_BELOW`, ``sum`` where the tables
        contradict each other and the figure may be the wrong one (:func:`qy_finance.checks.doubtful`). Empty
        where nothing was recognised.
        """
        frame = self.observations
        recognised = frame["confidence"].notna()
        if not recognised.any():
            return frame.loc[recognised].assign(doubt=pd.Series(dtype="string"))
        from qy_finance.checks import doubtful
        from qy_finance.readers.scanned.ocr import REVIEW_BELOW

        unsure = frame["confidence"].lt(REVIEW_BELOW).fillna(value=False)
        summed = frame.index.isin(list(doubtful(self)))
        doubt = pd.Series("sum", index=frame.index, dtype="string").mask(unsure, "recognition")
        return frame.assign(doubt=doubt).loc[recognised & (unsure | summed)]

    def check(self, previous: Report | None = None) -> pd.DataFrame:
        """Reconciliation (勾稽): every identity that the figures of the report must keep.

        Parameters
        ----------
        previous
            The report of the same unit and scope for the year before: its figures are what stated changes
            and opening balances must agree with.

        Raises
        ------
        NotConsecutiveError
            ``previous`` is of another unit, scope or year.

        Columns
        -------
        check_id : string
            The identity (``docs/checks.md``) and where it is applied; unique in the report.
        status : string
            ``exact`` 相符, ``tail`` 尾差 (rounding explains the difference), ``break`` 不符, ``not_run`` 未核对
            (an operand is missing; the message names it), ``n/a`` 不适用.
        severity : string
            ``error`` figures contradict each other, ``warning`` words contradict figures, ``info``, ``none``.
        message : string
            In Chinese: both sides with their figures, the difference and the pages or lines.
        lhs, rhs, difference, tolerance : Float64
            In the money unit of the tables, in %, or as counted. The tolerance is what rounding of the printed
            figures can explain. Missing for words.
        observations : object
            Rows of ``observations`` that are involved, as a tuple; in a break, the wrong figure stands first
            where the other identities determine it.
        consequences : object
            What else breaks for the same reason, as a tuple of messages. It has no rows of its own.
        """
        from qy_finance.checks import check

        return check(self, previous)

    def findings(self, previous: Report | None = None) -> Findings:
        """What breaks in :meth:`check`, each contradiction with its figures where they are printed.

        A sequence of :class:`~qy_finance.analysis.reconciliation_breaks.Break`: ``identity``, ``wrong``, ``sides``,
        ``difference``, ``sources``, ``consequences``, ``observations``. Takes and raises what :meth:`check` does.
        """
        from qy_finance.objects.findings import findings

        return findings(self, previous)

    def observation(self, row: int) -> Observation:
        """One figure and where it is printed.

        Parameters
        ----------
        row
            Its index in ``observations``; ``check()["observations"]`` and :meth:`findings` name such rows.

        Returns
        -------
        Observation
            ``value``, ``name``, ``place``, ``passage`` and, where a PDF was read and is still there, ``picture``.

        Raises
        ------
        UnknownObservationError
            There is no such row.
        """
        from qy_finance.objects.observation import observation

        return observation(self, row)

    @cached_property
    def _ledger(self) -> Ledger:
        """The figures as checks look for them."""
        from qy_finance.checks.ledger import Ledger

        return Ledger(self)


def read_report(path: str | Path, limits: Limits | None = None, form: Form | None = None) -> Report:
    """Read a final account (部门决算).

    Parameters
    ----------
    path
        The report as PDF, or as text (UTF-8 or GB18030), as published or extracted. Scanned pages need the
        extra ``qy_finance[ocr]``.
    limits
        How large a PDF may be (:class:`qy_finance.Limits`).
    form
        What the accounts print; the final accounts of departments (:func:`qy_finance.form.final_accounts`), if none
        is given.

    Raises
    ------
    ReportError
        One of its kinds: :class:`EmptyReportError`, :class:`NotAReportError`, :class:`TruncatedReportError`,
        :class:`UnreadableNumberError`, :class:`UnreadableRowError`; for a PDF :class:`EncryptedReportError`,
        :class:`DamagedReportError`, :class:`ScannedReportError`, :class:`LimitError` too. It names file, place
        and expectation. One table of a PDF that can't be read is missing, none of a text may be.

    Warns
    -----
    MissingTableWarning
        The report lacks some of the tables that the form of its year has, or tables can't be read; they are listed in
        ``Report.meta["missing_tables"]``, the reason is in the warning.
    ReviewWarning
        Figures were recognised on pictures and some are in doubt (:meth:`Report.review`).
    """
    return report_of(read_document(path, limits), form)


def report_of(document: Document, form: Form | None = None) -> Report:
    """Read the tables and the prose of a document; raises and warns as :func:`read_report` does."""
    form = form or final_accounts()
    parts = locate(document, form)
    year = year_of_account(document, form)
    tables = read_tables(document, parts, form, year or 0)
    identity = identify(document, tables, form, year)
    narrative = read_narrative(document, parts.prose, form, identity.unit, identity.year)
    if tables.missing:
        missing = f"{document.path.name}: no table {', '.join(tables.missing)}"
        if tables.unreadable:
            missing += "; not read: " + "; ".join(map(str, tables.unreadable))
        if document.unread:
            pages = ", ".join(map(str, document.unread))
            missing += f"; page {pages} shows pictures whose text was not read"
        warnings.warn(missing, MissingTableWarning, stacklevel=3)
    exclusions = parts.exclusions + tables.exclusions + narrative.exclusions
    report = Report(document, identity, form, tables, narrative, exclusions)
    doubtful = len(report.review()) if document.is_recognised else 0
    if doubtful:
        warnings.warn(
            f"{document.path.name}: {doubtful} of {len(report.observations)} figures were read from pictures"
            " and are in doubt: see report.review()",
            ReviewWarning,
            stacklevel=3,
        )
    return report

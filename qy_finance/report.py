"""The roof over a report: the frames of what was read and checked, and what can be asked of them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from qy_finance import frames
from qy_finance.checks import CheckSet
from qy_finance.errors import ReviewWarning
from qy_finance.form import Form
from qy_finance.frames import Tables
from qy_finance.garbage import uncollected
from qy_finance.readers import Document, Limits, read_document
from qy_finance.reading import Reading, reading_of
from qy_finance.shown import documented, in_jupyter

if TYPE_CHECKING:
    from qy_finance.analysis.coverage import Coverage
    from qy_finance.cards import Card
    from qy_finance.explorer import Explorer
    from qy_finance.objects import Findings
    from qy_finance.observed import Observation, PrintedCell
    from qy_finance.other_tables import OtherTables


class Report:
    """A final account (部门决算): every printed figure, and where it is printed.

    Made by :func:`read_report`.

    Attributes
    ----------
    text : str
        The text of the whole document as read.
    meta : Mapping
        ``report_id``, ``unit`` (单位), ``year``, ``scope`` (本级 or 部门汇总), ``money_unit`` (万元 or 元),
        ``template`` (``numbered`` where rows have line numbers, 行次, otherwise ``plain``), ``identity`` (what each
        place says of ``unit``, ``year`` and ``scope``, each value once: ``{"unit": {"cover": ("某局",)}}`` with
        the places ``cover``, ``heading``, ``label`` over a table, ``sentence`` that accounts for a year, another
        ``mention``, the name of the ``file``),
        ``missing_tables`` (ids of the tables that the form of its year has and the report lacks), ``unread_tables``
        (those of them that are there, but can't be read, each with its reason), ``three_public`` (of its 三公 table
        ``money``, "all appropriations", "general budget" or "not said", and ``budget``, "initial", "adjusted", "initial
        and adjusted" or "not said"; empty where there is none), ``file``.
    """

    def __init__(self, reading: Reading) -> None:
        identity = reading.identity
        self.reading = reading
        self.text = reading.text
        self.meta: Mapping[str, object] = {
            "report_id": identity.report_id,
            "unit": identity.unit,
            "year": identity.year,
            "scope": identity.scope,
            "money_unit": identity.money_unit,
            "template": identity.template,
            "identity": identity.said,
            "missing_tables": reading.missing,
            "unread_tables": {table: str(error) for table, error in reading.unread.items()},
            "three_public": dict(reading.three_public),
            "file": reading.file,
        }

    def __repr__(self) -> str:
        reading = self.reading
        prose = sum(figure.table is None for figure in reading.figures)
        return (
            f"<Report {reading.identity.report_id}: {len(reading.figures)} observations,"
            f" {prose} of them in the prose; {len(self.tables)} of {len(self.tables) + len(reading.missing)} tables>"
        )

    def __str__(self) -> str:
        return str(self.card)

    def _repr_html_(self) -> str:
        return self.card._repr_html_()

    @property
    def card(self) -> Card:
        """What is shown of it: who reports, its main sums, what was read, what can be asked next."""
        from qy_finance.objects import summary

        return summary(self.reading, self.tables, self.unclaimed())

    @cached_property
    def checks(self) -> CheckSet:
        """The checks of the report by itself, made once: what analyses ask whether figures agree."""
        return CheckSet(self.reading)

    def checks_against(self, previous: Report | None) -> CheckSet:
        """The same with those against the report of the year before, where there is one."""
        return self.checks if previous is None else self.checks.against(previous.checks)

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
            What kind of figure it is, one of ``qy_finance.contract.LISTS["measure"]``.
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
        file, place : string
            Of a report in several files, which; where there are no pages, the cell (``GK03!D12``).
        figure : string
            Stable id of the figure, which :meth:`observation` and :meth:`cite` take.
        """
        return documented(frames.observations(self.reading), Report.observations)

    @cached_property
    def tables(self) -> Tables:
        """The tables of the form as printed, one frame for each id.

        A row for each account in the order of the report: ``side`` (where the table has sides), ``code``,
        ``item`` (string), then the canonical columns that the template prints (Float64, in the money unit
        of the report). A blank cell is missing, a printed 0.00 is 0.

        Raises
        ------
        MissingTableError
            On access to a table that the report does not have.
        """
        return documented(frames.tables(self.reading), Report.tables)

    @cached_property
    def facts(self) -> pd.DataFrame:
        """The figures of the prose: the rows of ``observations`` without a table, and their telling columns."""
        frame = self.observations
        prose = frame.loc[frame["table"].isna(), list(frames.FACTS)].reset_index(drop=True)
        return documented(prose, Report.facts)

    @cached_property
    def kpis(self) -> pd.DataFrame:
        """Performance indicators (绩效指标): those that the prose states with a target, and the rows of self-evaluation
        tables (绩效自评表), in the order of the report.

        Columns
        -------
        name : string
        comparison : string
            ``≥``, ``≤`` or ``=`` as printed; missing where no sign is printed.
        target, actual : Float64
            In ``unit`` (string): that of the actual value, to which the target is converted (2万册, 19,000册).
            ``target`` is missing where it is not one number (words, a date, a scale), ``actual`` where none is stated,
            or one of other things than the target.
        met : boolean
            Whether the actual value meets the target. In prose, without a sign the target is a value to be reached; in
            a table, without ≥ or ≤, only what is equal, short of 100 % or above 0 is judged.
        reason : string
            Why it was missed, as stated; missing where no reason is given.
        class : string
            Of a table: 一级 and 二级指标 (``产出指标/数量指标``).
        weight, score : Float64
            Of a table: 分值 and 得分 as printed.
        project, section : string
            The project that a table evaluates; the table's title, or the heading of the sentence.
        target_printed, actual_printed : string
            What is printed for both, words too, without layout spaces.
        page, line, start, end : Int64
            Place of the target, or of the name where it has none.
        figure : string
            Stable id of that place: of a sentence that of the target in ``observations``, of a table that of the
            cell in ``other_tables``.
        """
        return documented(frames.kpis(self.reading), Report.kpis)

    @cached_property
    def other_tables(self) -> OtherTables:
        """Every table that was not read as one of the form's, as it is printed: a sequence of
        :class:`qy_finance.other_tables.OtherTable` in the order of the report.

        Further tables of a template (项目支出, 国有资产占用, 政府采购), variants and copies of standard tables, those
        that can't be read, self-evaluation tables, tables within the prose. Each has ``title``, ``page``, ``line``,
        ``frame`` (its cells as printed) and ``figures`` (their places); ``cells`` of the sequence is all of them.
        Where a text has no cells, a line is a row, its cells divided by tabs.
        """
        from qy_finance.other_tables import other_tables

        return other_tables(self.reading)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """What a person decided of figures in doubt (``decisions.csv`` in the data folder): a row for each.

        The figures stay as they were read. Columns ``figure``, ``row`` (in ``observations``; missing for one of a
        self-evaluation table), ``printed``, ``value`` (what it should be, where that is said), ``verdict``
        (:data:`qy_finance.decisions.VERDICTS`), ``who``, ``when``, ``why``.

        Raises
        ------
        DecisionError
            A line of the file is at fault, or its figure is not in the report.
        """
        return documented(frames.decisions(self.reading), Report.decisions)

    def unclaimed(self) -> pd.DataFrame:
        """Each numeral of ``text`` that no observation covers, and why.

        Columns ``printed`` and ``reason`` (string), ``page``, ``line``, ``start``, ``end`` (Int64). The
        reasons are ``qy_finance.contract.LISTS["reason"]``; ``unknown`` is a numeral that was not understood.
        """
        return documented(frames.unclaimed(self.reading), Report.unclaimed)

    def review(self) -> pd.DataFrame:
        """The figures that were recognised on pictures and that a person should compare with the page.

        The rows of ``observations``, with their index there, and ``doubt`` (string): ``recognition`` where a
        character is less sure than :data:`qy_finance.readers.scanned.ocr.REVIEW_BELOW`, ``sum`` where the tables
        contradict each other and the figure may be the wrong one (:attr:`qy_finance.checks.CheckSet.misread`). Empty
        where nothing was recognised.
        """
        frame = self.observations
        recognised = frame["confidence"].notna()
        if not recognised.any():
            return frame.loc[recognised].assign(doubt=pd.Series(dtype="string"))
        from qy_finance.readers.scanned.ocr import REVIEW_BELOW

        unsure = frame["confidence"].lt(REVIEW_BELOW).fillna(value=False)
        summed = frame.index.isin(list(self.checks.misread))
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
        return documented(self.checks_against(previous).frame.copy(), Report.check)

    def findings(self, previous: Report | None = None) -> Findings:
        """What breaks in :meth:`check`, each contradiction with its figures where they are printed.

        A sequence of :class:`~qy_finance.analysis.findings.Break`: ``identity``, ``wrong``, ``wanted``, ``sides``,
        ``difference``, ``sources``, ``consequences``, ``observations``. Takes and raises what :meth:`check` does.
        """
        from qy_finance.objects import findings

        return findings(self.checks_against(previous))

    def disclosures(self) -> pd.DataFrame:
        """What the report discloses of what a final account must disclose (应公开的内容), a row for each topic.

        The topics stand in ``qy_finance/form/disclosures.toml``. Absence is data, never a break.

        Columns
        -------
        topic, topic_zh, group : string
            Stable id of the topic, its name, and what it belongs to.
        status : string
            ``stated`` in figures or words, ``zero``, ``none stated`` (it says that there is none), ``absent`` (未见:
            not found in what was read), ``n/a`` (not to be disclosed here, as trips where nothing was spent on them; or
            not known, as where a table could not be read or a figure was not understood: ``note`` says which).
        value : Float64
            The figure that is disclosed, in ``unit_of_measure`` (string); missing for words and tables.
        observations : object
            Ids of the figures that show it (``figure`` in :attr:`observations`), the surest first, as a tuple.
        page, line, start, end : Int64
            Where that is printed; missing where nothing was found.
        quote : string
            The sentence or the cell that shows it.
        note : string
            Why it is ``n/a``, or what is missing.
        """
        from qy_finance.analysis.disclosures import disclosure_frame

        return documented(disclosure_frame(self.checks), Report.disclosures)

    def budget(self) -> pd.DataFrame:
        """What was planned and what was spent (预决算), a row for whatever the report states a budget of.

        Totals, funds, functional accounts, 三公 and its parts, 机关运行经费: from sentences and tables. Empty where
        no budget is stated. A deviation from the initial budget is no verdict: money is added during the year, and
        carried over.

        Columns
        -------
        kind : string
            ``total``, ``fund``, ``account``, ``three_public``, ``operating`` or ``other``.
        fund, code, item : string
            The fund where it is clear; the functional account, by its code, otherwise by its name if that is the name
            of one account of its table alone; the name.
        money_unit : string
            Of all amounts.
        initial, adjusted, budget, final : Float64
            年初预算, 全年预算 (调整预算), a budget of which the report does not say which it is, and 决算; where the
            sentence is tied to a cell of a table, that of the cell. Budgets of two kinds are never compared.
        initial_basis, adjusted_basis, budget_basis, final_basis : string
            ``printed``; ``derived`` where only a difference or a completion rate is printed, then ``…_low`` and
            ``…_high`` (Float64) are what the printed figures allow; ``worded`` where words say that there was none.
        against, deviation : string, Float64
            What was spent beyond the budget, as stated, otherwise computed, and the budget that this is against.
        completion_rate, completion_of : Float64, string
            As printed, and the budget that it is of.
        verdict : string
            Whether the printed rates agree with the amounts (相符, 尾差, 不符), as :meth:`check` finds; missing
            where it compared none.
        doubted : boolean
            Whether a contradiction of the report touches the figures.
        reason : string
            The reason that the report gives.
        figures : object
            Ids of the figures that the row comes from (``figure`` in :attr:`observations`), as a tuple.
        page, line, start, end : Int64
            Place of the figure that tells the budget.
        """
        from qy_finance.analysis.budget import budget_frame

        return documented(budget_frame(self.checks).copy(), Report.budget)

    def functions(self) -> pd.DataFrame:
        """What was spent by function of government (COFOG 1999): a judged layer, apart from what is printed.

        A row for each of the lowest accounts of 支出决算表 that has spent anything, as ``qy_finance/analysis/
        functions.csv`` maps it; the rows add up to the printed total. Empty where the report has no such table or no
        codes in it.

        Columns
        -------
        code, item : string
            The account as printed; missing for the difference between 合计 and all accounts.
        amount, money_unit : Float64, string
            本年支出, and its unit.
        cofog, cofog_name, cofog_group : string
            The division, its name, and the group where that is certain; missing where it has no one function.
        mapping : string
            ``assigned``; ``judgement``; ``staff`` (costs of the department's own staff: in the function in which its
            wages stand, in none where those stand in several); ``mixed``; ``out`` of scope; ``unknown``;
            ``difference``.
        other, basis, basis_en : string
            Groups that another reading would take; why, in Chinese and English.
        doubted : boolean
            Whether a contradiction of the report touches the amount.
        figures : object
            Ids of the figures that it comes from (``figure`` in :attr:`observations`), as a tuple.
        """
        from qy_finance.analysis.functions import function_frame

        return documented(function_frame(self.checks), Report.functions)

    def coverage(self) -> Coverage:
        """How much of the report was checked, tied to its tables and understood: how sure one can be of the rest.

        Returns
        -------
        Coverage
            ``identities`` (relations of the form and the sentences that were held), ``checks`` (their applications),
            ``items`` (amounts of the prose that were tied to their cell) and ``numerals`` (those that were understood),
            each with ``part``, ``whole`` and ``value``; ``is_thin``, whether so little was checked that a report
            without a break is not said to have none.
        """
        from qy_finance.analysis.coverage import coverage

        return coverage(self.checks)

    def search(self, text: str) -> pd.DataFrame:
        """The figures and sentences in which a text stands: a row for each, in the order of the report.

        Blanks, full-width signs, capitals and the commas of numbers make no difference. It is looked for in what a
        figure is called (table, side, code, item, column), in its characters, and in the sentences and headings of
        the prose; a sentence none of whose figures is called so is a row without a value.

        Raises
        ------
        ParameterError
            No text, or one of blanks.

        Columns
        -------
        value, unit_of_measure, item, column, table, year
            Of a figure, as in :attr:`observations`.
        where : string
            第12页 where the source has pages, otherwise 第702行.
        sentence : string
            The sentence in which it stands; of a figure in a table the line.
        figure, row : string, Int64
            Its stable id, and its row in :attr:`observations`; missing for a sentence alone.
        ...
            The other columns of :attr:`observations`; ``start`` and ``end`` of a sentence alone are its own.
        """
        from qy_finance.search import search

        return documented(search(self.reading, self.observations, text), Report.search)

    def explore(self) -> Explorer:
        """All figures as a table to look through in Jupyter: search, filters, a card for each row, and the pandas
        expression of what is shown, to be copied. It works offline, in what it shows and nothing else.
        """
        from qy_finance.explorer import of_report

        return of_report(self.reading, self.observations)

    def observation(self, row: int | str) -> Observation | PrintedCell:
        """One figure and where it is printed.

        Parameters
        ----------
        row
            Its index in ``observations``; ``check()["observations"]`` and :meth:`findings` name such rows. Or its
            stable id, ``figure`` there; that of a cell of another table is ``figure`` in ``other_tables.cells``, and in
            ``kpis``.

        Returns
        -------
        Observation or PrintedCell
            ``value``, ``name``, ``place``, ``passage`` and, where a PDF was read and is still there, ``picture``. A
            cell that is not one number has no ``value``.

        Raises
        ------
        UnknownObservationError
            There is no such row or id.
        """
        from qy_finance.observed import observation

        return observation(self.reading, self.observations, row)

    def cite(self, figure: int | str) -> str:
        """How a paper cites a figure: unit, year and scope, page or place, name, what is printed, the digest of the
        file, the figure's id and the version of this package. Takes and raises what :meth:`observation` does.
        """
        return self.observation(figure).citation


def read_report(
    path: str | Path | Sequence[str | Path],
    limits: Limits | None = None,
    form: Form | None = None,
) -> Report:
    """Read a final account (部门决算).

    Parameters
    ----------
    path
        The report as published or extracted: PDF, text (UTF-8 or GB18030), Word document, spreadsheet, web page
        (``docs/formats.md``). Scanned pages need the extra ``qy_finance[ocr]``. Of a report in several files (tables
        in a workbook, prose in a page) all of them.
    limits
        How large a PDF may be (:class:`qy_finance.Limits`).
    form
        What the accounts print; the final accounts of departments (:func:`qy_finance.form.final_accounts`), if none
        is given.

    Raises
    ------
    ReportError
        One of its kinds: :class:`EmptyReportError`, :class:`NotAReportError`, :class:`TruncatedReportError`,
        :class:`UnreadableRowError`; for a PDF :class:`EncryptedReportError`, :class:`DamagedReportError`,
        :class:`ScannedReportError`, :class:`LimitError` too. It names file, place and expectation. One table that
        can't be read is missing, and everything else is read.

    Warns
    -----
    MissingTableWarning
        The report lacks some of the tables of its form, or some can't be read; they are listed in
        ``Report.meta["missing_tables"]``, the reasons are in the warning and in ``Report.meta["unread_tables"]``.
    IdentityWarning
        Cover, headings, labels of tables or sentences name different units, years or scopes: which value was taken, and
        what stands where; ``Report.meta["identity"]`` has what each says.
    ReviewWarning
        Figures were recognised on pictures and some are in doubt (:meth:`Report.review`).
    """
    with uncollected():
        return report_of(read_document(path, limits), form)


def report_of(document: Document, form: Form | None = None) -> Report:
    """Read the tables and the prose of a document; raises and warns as :func:`read_report` does."""
    with uncollected():
        report = Report(reading_of(document, form))
    in_jupyter()
    if document.is_recognised and (doubtful := len(report.review())):
        warnings.warn(
            f"{report.reading.file}: {doubtful} of {len(report.observations)} figures were read from pictures"
            " and are in doubt: see report.review()",
            ReviewWarning,
            stacklevel=3,
        )
    return report

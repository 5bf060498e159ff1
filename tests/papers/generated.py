"""The tables of a fictional account as a template, in any form."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st
from layout.accounts import Account
from layout.canvas import Form
from layout.figures import Figures
from layout.headers import TITLES
from layout.pdf_options import FORM, GUANGDONG, SHANGHAI
from layout.sample import SAMPLE
from layout.tables import Grids

from .description import Piece, Template

FORMS = {
    "Guangdong": GUANGDONG,
    "Shanghai": SHANGHAI,
    "blanks": Form(blanks=True),
    "no numbers": Form(row_numbers=False, column_numbers=False, short_headers=True),
}
forms = st.builds(Form, **FORM, half_width=st.booleans())


def template_of(account: Account, form: Form, name: str = "generated") -> Template:
    """All nine tables of an account, and a sentence behind them."""
    template = Template(name, year=account.year, unit=account.unit)
    pieces, grids = template.pieces, Grids(form)
    pieces += [Piece("=", account.unit), Piece("=", f"{account.year}年度部门决算"), Piece("/")]
    for table, cells in Figures(account, form).tables().items():
        grid = grids.grid(table, cells)
        pieces.append(Piece("=", TITLES[table][0]))
        pieces.append(Piece("^", f"部门：{account.unit}　　金额单位：{account.money_unit}"))
        pieces += [[*grid.header, *grid.body], Piece("/")]
        template.figures.update(
            (table, cell.side or "", cell.code or "", cell.item, cell.column, cell.printed)
            for cell in filter(grids.is_printed, cells)
        )
    pieces.append(Piece("~", f"第三部分　{account.year}年度部门决算情况说明"))
    pieces.append(Piece(">", f"{account.year}年度部门决算的收入总计1,500.00万元。"))
    template.prose["1,500.00万元"] = 1
    return template


def samples() -> Iterator[Template]:
    """One account in some forms."""
    return (template_of(SAMPLE, form, f"generated, {name}") for name, form in FORMS.items())

"""Web pages: what a reader sees, in order; navigation and hidden text left out; attachments named."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import qy_finance
from qy_finance.errors import (
    EmptyReportError,
    LinkedReportError,
    MissingTableWarning,
    NotAReportError,
    ReviewWarning,
    TruncatedReportError,
)
from qy_finance.readers import read_document

PROSE = "<p>某市水务局2023年度部门决算</p><p>本年收入合计<b>1,500.00</b>万元，<br>其中：其他收入 20.00万元。</p>"


def page(
    body: str, folder: Path, encoding: str = "utf-8", head: str = "", name: str = "a.html"
) -> Path:
    path = folder / name
    whole = f"<!DOCTYPE html><html><head>{head}<title>x</title></head><body>{body}</body></html>"
    path.write_bytes(whole.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<p>一</p><p>二 <b>三</b></p>", ["一", "二 三"]),
        ("<div>甲<br>乙</div>丙", ["甲", "乙", "丙"]),
        ("<p>一</p><script>9.99</script><style>8</style><!-- 7 --><noscript>6</noscript><p>二</p>", ["一", "二"]),
        ("<p style='display: none'>9.99</p><p>一</p>", ["一"]),
        ("<p><span style='visibility:hidden'>9</span>一</p>", ["一"]),
        ("<p hidden>9.99</p><p aria-hidden=true>8</p><p>一</p>", ["一"]),
        ("<nav>首页</nav><div class='breadcrumb'>位置</div><p>一</p><footer>备案 12345</footer>", ["一"]),
        ("<article><header><h1>标题</h1></header><p>一</p></article>", ["标题", "一"]),
        ("<ul><li>一</li><li>二</li></ul>", ["一", "二"]),
        ("<table><tr><td><p>一</p><p>二</p></td></tr></table>", ["一", "二"]),
        ("<table><caption>支出<br>决算表</caption><tr><td>1</td><td>2</td></tr></table>", ["支出", "决算表", "1\t2"]),
        ("<table><tr><td><table><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table></td></tr></table>",
         ["1\t2", "3\t4"]),
        ("<p>１&nbsp;&lt;2&#x4E00;</p>", ["１ <2一"]),
    ],
)  # fmt: skip
def test_text_is_what_is_seen(body: str, seen: list[str], tmp_path: Path) -> None:
    assert read_document(page(body, tmp_path)).text.rstrip("\n").split("\n") == seen


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("gb18030", "<meta charset=gb2312>"),
        ("gb18030", ""),
        ("gb18030", '<meta http-equiv="Content-Type" content="text/html; charset=GBK">'),
        ("big5", "<meta charset=big5>"),
        ("utf-16", ""),
    ],
)
def test_encodings_are_found(encoding: str, head: str, tmp_path: Path) -> None:
    assert "部門決算" in read_document(page("<p>部門決算</p>", tmp_path, encoding, head)).text


def test_a_report_on_a_page_is_read_whatever_its_name(tmp_path: Path) -> None:
    report = qy_finance.read_report(page(PROSE, tmp_path, name="a.pdf"))
    assert report.facts["printed"].tolist() == ["1,500.00", "20.00"]
    assert report.observations["place"].tolist() == ["paragraph 2", "paragraph 2"]


def test_spans_make_a_grid(tmp_path: Path) -> None:
    body = (
        "<table><tr><th colspan=2>项目</th><th rowspan=2>决算数</th></tr><tr><td>编码<td>名称</tr>"
        "<tr><td>201<td>一般<td style='display:none'>9<td>1.00</tr></table>"
    )
    read = read_document(page(body, tmp_path))
    (grid,) = read.grids
    shapes = [(c.row, c.column, c.rows, c.columns) for c in grid.cells]
    assert shapes == [
        (0, 0, 1, 2), (0, 2, 2, 1), (1, 0, 1, 1), (1, 1, 1, 1), (2, 0, 1, 1), (2, 1, 1, 1), (2, 2, 1, 1),
    ]  # fmt: skip
    assert read.place(read.text.index("1.00")) == "table 1, row 3, cell 3"


def test_a_page_that_only_links_names_its_files(tmp_path: Path) -> None:
    body = (
        "<h1>某市水务局2023年度部门决算</h1><p>附件：</p><p><a href='/x/P02024.pdf'>2023年度部门决算.pdf</a></p>"
        "<p><a href='%E8%A1%A8.xlsx'></a></p>"
    )
    with pytest.raises(NotAReportError, match=r"links to 2023年度部门决算\.pdf, 表\.xlsx"):
        qy_finance.read_report(page(body, tmp_path))


TITLE = "<h1>某市水务局2023年度部门决算</h1><p>来源：某局 2024-09-30 10:20 浏览次数：1234次 字体：大 中 小</p>"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<p>附件：1.<a href='./P02.pdf'>2023年度 部门决算.pdf</a> 2.<a href='a/b.doc'>说明.doc</a></p>",
         "2023年度部门决算.pdf, 说明.doc"),
        ("<p>附件：<a href='https://a.gov.cn/0/ab12.xls?v=1#p'>部门决算公开表</a></p>", "部门决算公开表 (ab12.xls)"),
        ("<p><a href='/f/2023.pdf'>点击下载</a></p>", "点击下载 (2023.pdf)"),
        ("<p><a href='/f/1f.pdf' title='2023决算.pdf'>下载</a></p>", "2023决算.pdf"),
        ("<p><a href='/f/1f.docx' download='说明.docx'></a></p>", "说明.docx"),
        ("<p><a href='javascript:;' onclick=\"down('/f/a%E8%A1%A8.pdf')\">决算</a></p>", "决算 (a表.pdf)"),
        ("<p><a href=\"javascript:down('/f/t.xls','1')\">表</a></p>", "表 (t.xls)"),
        ("<p><a href='/down.jsp?id=1&amp;filename=9f.pdf'>决算.pdf</a><a href='/d.do?id=2'>表.xlsx</a></p>",
         "决算.pdf, 表.xlsx"),
        ("<iframe src='/web/viewer.html?file=/f/2023.pdf'></iframe>", "2023.pdf"),
        ("<embed src='a.pdf'><object data='b.pdf'></object>", "a.pdf, b.pdf"),
        ("<div class=share><a href='a.pdf'>决算.pdf</a></div>", "决算.pdf"),
        ("<p><a href='a.pdf'>决算.pdf</a></p><div class=footer><a href='b.pdf'>年报.pdf</a></div>", "决算.pdf"),
        ("<p><a href='a.pdf'>\u202e决\x1b算.pdf</a></p>", "决算.pdf"),
        ("<p><a href='a.pdf'>" + "长" * 900 + "</a></p>", "长" * 60 + "… (a.pdf)"),
        ("<table><tr><th>序号<th>单位<th>下载</tr>"
         + "".join(f"<tr><td>{n}<td>第{n}局<td><a href='{n}.pdf'>下载</a></tr>" for n in range(1, 31)) + "</table>",
         "下载 (1.pdf), 下载 (2.pdf), 下载 (3.pdf), 下载 (4.pdf), 下载 (5.pdf) and 25 more files"),
    ],
)  # fmt: skip
def test_attachments_are_named_as_they_are_called(body: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(LinkedReportError) as raised:
        qy_finance.read_report(page(TITLE + body, tmp_path))
    assert raised.value.found == f"a page that has no report itself and links to {told}"
    copy = pickle.loads(pickle.dumps(raised.value))
    assert copy.links == raised.value.links != ()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<nav><a href='决算.pdf'></a></nav>", "a page that has no report itself and links to 决算.pdf"),
        ("<h1>关于公开2023年度部门决算的通知</h1><p>见附件。<a href='a.pdf'>附件</a></p>",
         "通知 (a notice), 2023, a page that has no report itself and links to 附件 (a.pdf)"),
    ],
)  # fmt: skip
def test_what_else_a_page_is_is_told_with_its_files(body: str, found: str, tmp_path: Path) -> None:
    with pytest.raises(LinkedReportError) as raised:
        qy_finance.read_report(page(body, tmp_path))
    assert raised.value.found == found


def test_links_of_another_kind_of_page_are_no_report(tmp_path: Path) -> None:
    body = "<h1>某市水务局2024年部门预算</h1><p><a href='a.pdf'>预算.pdf</a></p>"
    with pytest.raises(NotAReportError, match=r"a budget.*links to 预算\.pdf") as raised:
        qy_finance.read_report(page(body, tmp_path))
    assert not isinstance(raised.value, LinkedReportError)


def test_what_the_site_says_of_the_page_is_no_figure(tmp_path: Path) -> None:
    report = "<p>2023年度收入总计120.50万元。</p><p>【浏览量：88次】</p><p>网站浏览量500次，发布信息3条。</p>"
    link = "<p><a href='a.xls'>附表</a></p>"
    with pytest.warns(MissingTableWarning, match=r"no table .*; it links to 附表 \(a\.xls\)"):
        read = qy_finance.read_report(page(TITLE + report + link, tmp_path))
    assert read.observations["printed"].tolist() == ["120.50", "500", "3"]


def test_a_mail_archive_holds_its_page(tmp_path: Path) -> None:
    path = tmp_path / "a.mht"
    html = f"<html><body>{PROSE}</body></html>".encode("gb18030")
    path.write_bytes(
        b"From: <Saved>\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
        b'Content-Type: text/html; charset="gb2312"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
        + html
        + b"\r\n--b--\r\n"
    )
    assert "1,500.00" in read_document(path).text


def test_a_page_that_was_cut_off_is_told_and_within_a_table_refused(tmp_path: Path) -> None:
    path = page(PROSE + "<table><tr><td>项目<td>决算数</tr></table>", tmp_path)
    whole = path.read_text("utf-8")
    path.write_text(whole.partition("<td>决算数")[0], "utf-8")
    with pytest.raises(TruncatedReportError, match="the end of its last table"):
        read_document(path)
    path.write_text(whole.partition("<table>")[0], "utf-8")  # as some pages are that are whole
    assert "does not say that it ends" in "".join(read_document(path).left_out)
    path.write_bytes(PROSE.encode())  # part of a page, and whole
    found = read_document(path)
    assert "1,500.00" in found.text
    assert not found.left_out


def test_bytes_that_are_no_characters_are_told(tmp_path: Path) -> None:
    path = page(PROSE, tmp_path)
    path.write_bytes(path.read_bytes().replace("合".encode(), b"\xe5\x90\xff"))
    with pytest.warns(ReviewWarning, match=r"2 characters that are damaged"):
        qy_finance.read_report(path)


def test_a_page_without_text_is_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyReportError):
        read_document(page("<script>1</script><nav>2</nav>", tmp_path))


def test_tags_without_end_are_read_in_time(tmp_path: Path) -> None:
    text = read_document(page("<div>" * 5000 + "深 1.00" + "<p>x" * 5000, tmp_path)).text
    assert "深 1.00" in text


def test_blank_cells_at_the_end_of_a_row_may_be_left_out(tmp_path: Path) -> None:
    rows = (
        "<tr><td>项目<td>合计<td>其他</tr><tr><td>一<td>5.00</tr><tr><td>二<td>6.00<td>1.00</tr>"
        "<tr><td colspan=9>注</tr>"
    )
    (grid,) = read_document(page(f"<table>{rows}</table>", tmp_path)).grids
    assert [(c.row, c.column) for c in grid.cells if c.row == 1] == [(1, 0), (1, 1), (1, 2)]

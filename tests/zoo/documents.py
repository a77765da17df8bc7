"""A report as a web page in several hands, as a Word document and as a workbook."""
import html
import io

STYLES = {
    # how each hand writes the inside of a cell; real sites have all three
    "plain": lambda text: text or "&nbsp;",
    "lines": lambda text: f"\n<p>\n{text or '&nbsp;'}\n</p>\n",
    "spans": lambda text: f'<p style="text-align:center"><span style="font-family:宋体">{text}</span></p>',
}


def page(report, style="plain"):
    """A page of an agency's site: menu, metadata, title, text, tables, foot."""
    cell = STYLES[style]
    out = [f'<!DOCTYPE html>\n<html lang="zh"><head><meta charset="utf-8"><title>{report.title}_{report.agency}网站</title></head><body>',
           '<div class="nav"><a href="/">首页</a> &gt; <a href="/xxgk">政府信息公开</a> &gt; <a href="/xxgk/nb">政府信息公开年报</a></div>',
           f'<table class="meta"><tr><td>索引号</td><td>00None-{report.year}</td><td>发布日期</td><td>{report.year + 1}-01-18</td></tr></table>',
           f'<div class="article"><h1>{report.title}</h1><div class="content">']
    for kind, content in report.blocks():
        if kind == "table":
            out.append(table(content, cell))
        elif kind == "h":
            out.append(f"<p><strong>{content}</strong></p>")
        else:
            out.append(f"<p>　　{content}</p>")
    out.append('</div></div><div class="foot"><p>主办单位：' + report.agency + "</p></div></body></html>\n")
    return "\n".join(out)


def table(rows, cell):
    out = ['<table border="1" cellspacing="0"><tbody>']
    for row in rows:
        out.append("<tr>")
        for text, columns, height in row:
            span = (f' colspan="{columns}"' if columns > 1 else "") + (f' rowspan="{height}"' if height > 1 else "")
            out.append(f"<td{span}>{cell(html.escape(text, quote=False))}</td>")
        out.append("</tr>")
    return "\n".join(out + ["</tbody></table>"])


def laid_out(rows):
    """Where each cell stands: (row, column, text, columns, rows), and the number of columns."""
    taken, width = set(), 0
    for y, row in enumerate(rows):
        x = 0
        for text, columns, height in row:
            while (y, x) in taken:
                x += 1
            taken.update((y + j, x + i) for j in range(height) for i in range(columns))
            yield y, x, text, columns, height
            x += columns


def size(rows):
    cells = list(laid_out(rows))
    return max(y + h for y, _, _, _, h in cells), max(x + c for _, x, _, c, _ in cells)


def word(report):
    """The report as a Word document."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.size, style.font.name = Pt(8), "WenQuanYi Micro Hei"
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "WenQuanYi Micro Hei")
    document.sections[0].left_margin = document.sections[0].right_margin = Cm(1.5)
    document.add_paragraph(report.title)
    for kind, content in report.blocks():
        if kind != "table":
            document.add_paragraph(content)
            continue
        height, width = size(content)
        grid = document.add_table(height, width, style="Table Grid")
        for y, x, text, columns, rows in laid_out(content):
            cell = grid.cell(y, x)
            if columns > 1 or rows > 1:
                cell = cell.merge(grid.cell(y + rows - 1, x + columns - 1))
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def workbook(report, wide=False):
    """The report as a workbook: merged cells as in the form; `wide` gives every figure two merged columns."""
    import openpyxl
    from openpyxl.styles import Alignment, Border, Side
    from openpyxl.utils import get_column_letter
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "年度报告"
    thin = Border(*[Side(style="thin")] * 4)
    wrapped = Alignment(wrap_text=True, vertical="center")
    line, times = 1, 2 if wide else 1
    for column in range(1, 16 * times):
        sheet.column_dimensions[get_column_letter(column)].width = (24 if column <= 3 * times else 11) / times
    sheet.cell(line, 1, report.title)
    for kind, content in report.blocks():
        line += 1
        if kind != "table":
            sheet.cell(line, 1, content)
            continue
        for y, x, text, columns, rows in laid_out(content):
            if rows == 1:
                lines = -(-len(text) // (columns * (11 if x < 3 else 5)))
                height = sheet.row_dimensions[line + y]
                height.height = max(height.height or 0, 15 * (lines + 1))
            first = (line + y, 1 + x * times)
            last = (line + y + rows - 1, (x + columns) * times)
            sheet.cell(*first, number(text))
            for j in range(first[0], last[0] + 1):
                for i in range(first[1], last[1] + 1):
                    sheet.cell(j, i).border = thin
                    sheet.cell(j, i).alignment = wrapped
            if first != last:
                sheet.merge_cells(start_row=first[0], start_column=first[1], end_row=last[0], end_column=last[1])
        line += size(content)[0]
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def number(text):
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text or None

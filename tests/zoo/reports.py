"""Three made-up reports: what they say, and the truth that the tests compare with.

Places, agencies and figures are invented, and every document says so. A cell is a number, or None where the document
leaves it blank. `blocks` gives the document as headings, paragraphs and tables of (text, columns, rows): all formats are
written from it.
"""
import random

HANDLED = "三、本年度办理结果"
HEAD = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
KINDS = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
REMEDIES = ["reconsideration", "litigation_direct", "litigation_after_reconsideration"]
GROUPS = [
    ("", [("granted", "（一）予以公开"), ("partial", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）")]),
    ("（三）不予公开", [
        ("refused_1", "1.属于国家秘密"), ("refused_2", "2.其他法律行政法规禁止公开"), ("refused_3", "3.危及“三安全一稳定”"),
        ("refused_4", "4.保护第三方合法权益"), ("refused_5", "5.属于三类内部事务信息"),
        ("refused_6", "6.属于四类过程性信息"), ("refused_7", "7.属于行政执法案卷"), ("refused_8", "8.属于行政查询事项")]),
    ("（四）无法提供", [
        ("unavailable_1", "1.本机关不掌握相关政府信息"), ("unavailable_2", "2.没有现成信息需要另行制作"),
        ("unavailable_3", "3.补正后申请内容仍不明确")]),
    ("（五）不予处理", [
        ("not_processed_1", "1.信访举报投诉类申请"), ("not_processed_2", "2.重复申请"),
        ("not_processed_3", "3.要求提供公开出版物"), ("not_processed_4", "4.无正当理由大量反复申请"),
        ("not_processed_5", "5.要求行政机关确认或重新出具已获取信息")]),
]
OTHER = {
    "2019": ("", [("other", "（六）其他处理")]),
    "2021": ("（六）其他处理", [
        ("other_1", "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"),
        ("other_2", "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"), ("other_3", "3.其他")]),
}
DISCLOSURE = {
    "2019": [
        ("第二十条第（一）项", [("made", "本年新制作数量"), ("disclosed", "本年新公开数量"), ("cumulative", "对外公开总数量")],
         [("regulations", "规章"), ("normative", "规范性文件")]),
        ("第二十条第（五）项", [("previous", "上一年项目数量"), ("change", "本年增/减"), ("decisions", "处理决定数量")],
         [("licensing", "行政许可"), ("other_services", "其他对外管理服务事项")]),
        ("第二十条第（六）项", [("previous", "上一年项目数量"), ("change", "本年增/减"), ("decisions", "处理决定数量")],
         [("penalty", "行政处罚"), ("coercion", "行政强制")]),
        ("第二十条第（八）项", [("previous", "上一年项目数量"), ("change", "本年增/减")], [("fees", "行政事业性收费")]),
        ("第二十条第（九）项", [("count", "采购项目数量"), ("amount", "采购总金额")], [("procurement", "政府集中采购")]),
    ],
    "2021": [
        ("第二十条第（一）项", [("issued", "本年制发件数"), ("repealed", "本年废止件数"), ("in_force", "现行有效件数")],
         [("regulations", "规章"), ("normative", "行政规范性文件")]),
        ("第二十条第（五）项", [("decisions", "本年处理决定数量")], [("licensing", "行政许可")]),
        ("第二十条第（六）项", [("decisions", "本年处理决定数量")], [("penalty", "行政处罚"), ("coercion", "行政强制")]),
        ("第二十条第（八）项", [("amount", "本年收费金额（单位：万元）")], [("fees", "行政事业性收费")]),
    ],
}


def groups(form):
    return GROUPS + [OTHER[form]]


class Report:
    def __init__(self, key, agency, year, form, seed, most, blank):
        self.key, self.agency, self.year, self.form, self.blank = key, agency, year, form, blank
        self.title = f"{agency}{year}年政府信息公开工作年度报告"
        chance = random.Random(seed)
        number = lambda: chance.randint(1, most) if chance.random() < 0.75 else 0
        self.disclosure = {f"{row}.{column}": number() for _, columns, rows in DISCLOSURE[form]
                           for row, _ in rows for column, _ in columns}
        self.disclosure["normative." + {"2019": "made", "2021": "issued"}[form]] = 3
        for cell in self.disclosure:
            if cell.endswith(".change"):
                self.disclosure[cell] = chance.randint(-9, 9)
        money = "fees.amount" if form == "2021" else "procurement.amount"
        self.disclosure[money] = round(chance.randint(10000, 990000) / 1000 + 0.001, 3)
        results = [key for _, rows in groups(form) for key, _ in rows]
        self.requests = {key: [number() for _ in range(6)] for key in results}
        total = [sum(self.requests[key][c] for key in results) for c in range(6)]
        carried_in = [chance.randint(0, 4) for _ in range(6)]
        carried_out = [chance.randint(0, 4) if total[c] + 4 > carried_in[c] else 0 for c in range(6)]
        self.requests["carried_in"], self.requests["total"], self.requests["carried_out"] = carried_in, total, carried_out
        self.requests["received"] = [total[c] + carried_out[c] - carried_in[c] for c in range(6)]
        for row in self.requests.values():
            row.append(sum(row))
        self.remedies = {}
        for row in REMEDIES:
            outcomes = [number() for _ in range(4)]
            self.remedies[row] = outcomes + [sum(outcomes)]
        if blank:
            self.leave_blank()

    def leave_blank(self):
        """Zeros are left blank, as many agencies do: within a row, a row of its own, and at its end."""
        for table in (self.requests, self.remedies):
            for row in table.values():
                row[:] = [figure or None for figure in row]
        for cell, figure in self.disclosure.items():
            self.disclosure[cell] = figure or None

    def truth(self):
        return {"synthetic": True, "title": self.title, "agency": self.agency, "year": self.year, "template": self.form,
                "proactive_disclosure": self.disclosure, "requests": self.requests,
                "reconsideration_and_litigation": self.remedies}

    # ---- the tables, as rows of (text, columns, rows) ----------------------------------------------------------------

    def table_2(self):
        rows = []
        for head, columns, lines in DISCLOSURE[self.form]:
            rows.append([(head, 4, 1)])
            last = len(columns) - 1
            span = lambda i: 3 - last if i == last else 1
            rows.append([("信息内容", 1, 1)] + [(label, span(i), 1) for i, (_, label) in enumerate(columns)])
            for key, label in lines:
                rows.append([(label, 1, 1)] + [(printed(self.disclosure[f"{key}.{column}"]), span(i), 1)
                                               for i, (column, _) in enumerate(columns)])
        return rows

    def table_3(self):
        values = lambda key: [(printed(figure), 1, 1) for figure in self.requests[key]]
        rows = [[(HEAD, 3, 3), ("申请人情况", 7, 1)], [("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)],
                [(kind, 1, 1) for kind in KINDS]]
        rows.append([("一、本年新收政府信息公开申请数量", 3, 1)] + values("received"))
        rows.append([("二、上年结转政府信息公开申请数量", 3, 1)] + values("carried_in"))
        first = [(HANDLED, 1, 1 + sum(len(lines) for _, lines in groups(self.form)))]
        for group, lines in groups(self.form):
            head = [(group, 1, len(lines))] if group else []
            for key, label in lines:
                rows.append(first + head + [(label, 1 if group else 2, 1)] + values(key))
                first, head = [], []
        rows.append([("（七）总计", 2, 1)] + values("total"))
        rows.append([("四、结转下年度继续办理", 3, 1)] + values("carried_out"))
        return rows

    def table_4(self):
        outcomes = [(outcome, 1, 1) for outcome in OUTCOMES]
        tall = [(outcome, 1, 2) for outcome in OUTCOMES]
        figures = [figure for row in REMEDIES for figure in self.remedies[row]]
        return [[("行政复议", 5, 1), ("行政诉讼", 10, 1)], tall + [("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
                outcomes + outcomes, [(printed(figure), 1, 1) for figure in figures]]

    def blocks(self):
        """The document under its title."""
        tables = {2: self.table_2(), 3: self.table_3(), 4: self.table_4()}
        yield "p", "本文件为合成数据，地名、单位和数字均为虚构，只用于测试程序。"
        yield "p", (f"根据《中华人民共和国政府信息公开条例》规定，现公布{self.agency}{self.year}年政府信息公开工作年度报告。"
                    f"所列数据的统计期限为{self.year}年1月1日至{self.year}年12月31日。")
        yield "h", "一、总体情况"
        yield "p", "这一年，我们按照谁制作谁公开的办法，把与群众办事有关的内容放在网站首页，并在政务大厅设了查阅点，安排专人答疑。"
        yield "p", "对公开栏目逐月查看，过时的链接及时更换，重复的栏目合并，方便群众查找。"
        for number, title in ((2, "二、主动公开政府信息情况"), (3, "三、收到和处理政府信息公开申请情况"),
                              (4, "四、政府信息公开行政复议、行政诉讼情况")):
            yield "h", title
            yield "table", tables[number]
        yield "h", "五、存在的主要问题及改进情况"
        yield "p", "公开的内容还不够通俗，解读材料偏少。下一步将多用图表，把办事流程说清楚，并组织一次培训。"
        yield "h", "六、其他需要报告的事项"
        yield "p", "没有其他需要报告的事项。"


def printed(figure):
    return "" if figure is None else str(figure)


REPORTS = [
    Report("full2021", "筠水县人民政府办公室", 2023, "2021", 7, 89, False),
    Report("blank2021", "筠水县汀兰镇人民政府", 2024, "2021", 12, 9, True),
    Report("full2019", "云岫区司法局", 2019, "2019", 5, 45, False),
]

//! A made-up report and the ways in which it is printed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use gouji::load::{Record, format_of, json};
use gouji::report::template::Row;
use gouji::report::{CellId, Report, Source, TableId, TemplateId};

/// A report before it is printed.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    /// As the title has it; empty for a title that names nobody.
    pub agency: String,
    pub year: Option<u16>,
    pub figures: BTreeMap<CellId, i64>,
    /// The sentences of the first section.
    pub overview: String,
    /// The sentences of the fifth section.
    pub problems: String,
    /// The date below the report.
    pub signed: Option<String>,
}

/// How it is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Lines, and cells between tabs.
    Tabs,
    /// The same with broken, indented lines of narrative and cells between bars.
    Broken,
    /// A web page.
    Page,
}

/// A line of a document.
pub(crate) enum Line {
    Words(String),
    Cells(Vec<String>),
}

impl Paper {
    /// The nil return of an agency.
    pub(crate) fn new(agency: &str, year: u16) -> Self {
        Self {
            agency: agency.to_owned(),
            year: Some(year),
            figures: BTreeMap::new(),
            overview: "本机关按照条例规定公开政府信息157条，其中动态13条。全年组织业务培训3次，参加86人次。"
                .to_owned(),
            problems: "专门人员不足，网站栏目更新不够及时。下一步将按月检查栏目，加强人员培训。".to_owned(),
            signed: None,
        }
    }

    /// A figure by its name.
    pub(crate) fn set(&mut self, cell: &str, figure: i64) {
        let cell = CellId::parse(cell).unwrap_or_else(|| panic!("{cell}"));
        self.figures.insert(cell, figure);
    }

    /// What natural persons asked for: everything adds up, and what is handled was granted.
    pub(crate) fn flow(&mut self, carried_in: i64, received: i64, carried_out: i64) {
        let granted = carried_in + received - carried_out;
        let rows = [
            ("received", received),
            ("carried_in", carried_in),
            ("granted", granted),
            ("total", granted),
            ("carried_out", carried_out),
        ];
        for (row, figure) in rows {
            for column in ["natural", "total"] {
                self.set(&format!("requests.{row}.{column}"), figure);
            }
        }
    }

    /// The same changed.
    pub(crate) fn but(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        change(&mut other);
        other
    }

    fn template(&self) -> TemplateId {
        TemplateId::for_year(self.year.unwrap_or(2023)).unwrap()
    }

    fn row(&self, table: TableId, row: &Row, columns: &[&str]) -> Vec<String> {
        let cell = |column: &&str| CellId::find(table, row.key, column).unwrap();
        let figure = |column: &&str| self.figures.get(&cell(column)).copied().unwrap_or(0).to_string();
        let label = format!("{}{}", row.number, row.label.official);
        [label].into_iter().chain(columns.iter().map(figure)).collect()
    }

    pub(crate) fn lines(&self) -> Vec<Line> {
        let form = self.template().template();
        let words = |text: &str| Line::Words(text.to_owned());
        let cells = |texts: &[&str]| Line::Cells(texts.iter().map(|text| (*text).to_owned()).collect());
        let year = self.year.map_or(String::new(), |year| format!("{year}年"));
        let mut lines = vec![
            Line::Words(format!("{}{year}政府信息公开工作年度报告", self.agency)),
            words("一、总体情况"),
            words(&self.overview),
            words("二、主动公开政府信息情况"),
        ];
        for block in form.table(TableId::Disclosure).blocks {
            let keys: Vec<&str> = block.columns.iter().map(|column| column.key).collect();
            lines.push(cells(&[block.head]));
            let labels = block.columns.iter().map(|column| column.label.official);
            lines.push(cells(&["信息内容"].into_iter().chain(labels).collect::<Vec<_>>()));
            lines.extend(block.rows.iter().map(|row| Line::Cells(self.row(TableId::Disclosure, row, &keys))));
        }
        lines.push(words("三、收到和处理政府信息公开申请情况"));
        lines.push(cells(&["申请人情况"]));
        lines.push(cells(&["自然人", "法人或其他组织", "总计"]));
        lines.push(cells(&["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]));
        let keys = ["natural", "business", "research", "welfare", "legal", "other", "total"];
        for (_, row) in form.table(TableId::Requests).rows() {
            lines.push(Line::Cells(self.row(TableId::Requests, row, &keys)));
        }
        lines.push(words("四、政府信息公开行政复议、行政诉讼情况"));
        lines.push(cells(&["行政复议", "行政诉讼"]));
        lines.push(cells(&["未经复议直接起诉", "复议后起诉"]));
        let outcomes = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"];
        lines.push(cells(&outcomes.repeat(3)));
        let remedies = form.table(TableId::Remedies).cells();
        let figure = |cell| self.figures.get(&cell).copied().unwrap_or(0).to_string();
        lines.push(Line::Cells(remedies.map(figure).collect()));
        lines.extend([
            words("五、存在的主要问题及改进情况"),
            words(&self.problems),
            words("六、其他需要报告的事项"),
            words("本年度没有其他需要报告的事项。"),
        ]);
        lines.extend(self.signed.as_deref().map(words));
        lines
    }

    /// The report as printed.
    pub(crate) fn print(&self, layout: Layout) -> String {
        let lines = self.lines();
        match layout {
            Layout::Tabs => {
                let line = |line: &Line| match line {
                    Line::Words(words) => format!("{words}\n"),
                    Line::Cells(cells) => format!("{}\n", cells.join("\t")),
                };
                lines.iter().map(line).collect()
            }
            Layout::Broken => {
                let line = |line: &Line| match line {
                    Line::Words(words) if words.contains('。') => broken(words),
                    Line::Words(words) => format!("{words}\n\n"),
                    Line::Cells(cells) => format!("| {} |\n", cells.join(" | ")),
                };
                lines.iter().map(line).collect()
            }
            Layout::Page => page(&lines),
        }
    }

    /// The report as gouji reads it.
    pub(crate) fn read_as(&self, layout: Layout) -> Report {
        let text = self.print(layout);
        let file = Path::new(if layout == Layout::Page { "x.html" } else { "x.txt" });
        let record = Record { file, bytes: text.as_bytes(), offset: 0, line: 1 };
        let mut reading = (format_of(text.as_bytes(), record.file).unwrap().read)(&record);
        reading.reports.remove(0).report
    }

    /// The parsed report, changed before it is written.
    pub(crate) fn parsed(&self, change: impl FnOnce(&mut Report)) -> String {
        let mut report = self.read_as(Layout::Tabs);
        report.source = Source::default();
        change(&mut report);
        json::to_line(&report)
    }
}

fn broken(words: &str) -> String {
    let chars: Vec<char> = words.chars().collect();
    let line = |chars: &[char]| format!("{}\n", chars.iter().collect::<String>());
    format!("　　{}", chars.chunks(17).map(line).collect::<String>())
}

fn page(lines: &[Line]) -> String {
    let mut out = String::from("<html><head><meta charset=\"utf-8\"></head><body>\n");
    let mut in_table = false;
    for line in lines {
        match line {
            Line::Words(words) => {
                let end = if std::mem::take(&mut in_table) { "</table>\n" } else { "" };
                writeln!(out, "{end}<p>{words}</p>").unwrap();
            }
            Line::Cells(cells) => {
                if !std::mem::replace(&mut in_table, true) {
                    out.push_str("<table>\n");
                }
                let cells = format!("<td>{}</td>", cells.join("</td><td>"));
                writeln!(out, "<tr>{cells}</tr>").unwrap();
            }
        }
    }
    out + "</body></html>\n"
}

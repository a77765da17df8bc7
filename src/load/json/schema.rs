//! The JSON Schema of the parsed report, made from the forms.

use super::SCHEMA;
use super::layout::LAYOUT;
use crate::report::{CellId, KnownBy, TableId, Unit};

const TEXT: &str = r#"{ "type": "string" }"#;
const NULLABLE: &str = r#"{ "type": ["string", "null"] }"#;
const LINE: &str = r#"{ "type": ["integer", "null"], "minimum": 0, "maximum": 4294967295 }"#;
const FLAG: &str = r#"{ "type": ["boolean", "null"] }"#;

/// The schema, draft 2020-12, indented.
///
/// It says what writers should write. The reader takes more (and reports it): other members, rows of other lengths,
/// values of other types.
#[must_use]
pub fn schema() -> String {
    let mut root = Object::default();
    root.member("schema", &format!(r#"{{ "const": "{SCHEMA}" }}"#));
    root.about(
        "id",
        NULLABLE,
        "标识；缺省时由区划代码、单位和年度组成 / identifier; by default county code, agency and year",
    );
    root.about("title", NULLABLE, "标题 / title");
    root.about("agency", NULLABLE, "单位 / agency");
    root.about(
        "agency_from",
        &known_by(),
        "单位依据：标题、正文、发布信息、推断 / where the agency is known from",
    );
    root.about("county", NULLABLE, "县级行政区 / county");
    root.about("county_code", NULLABLE, "行政区划代码 GB/T 2260 / six digits of GB/T 2260");
    root.about("city", NULLABLE, "市 / city");
    root.about("province", NULLABLE, "省 / province");
    root.about(
        "year",
        r#"{ "type": ["integer", "null"], "minimum": 1990, "maximum": 2100 }"#,
        "报告年度 / the year reported on",
    );
    root.about(
        "year_from",
        &known_by(),
        "年度依据：标题、正文、发布信息、推断 / where the year is known from",
    );
    root.about("template", r#"{ "enum": ["2019", "2021", null] }"#, "格式 / edition of the form");
    root.about("synthetic", FLAG, "虚构数据 / made up, for trying programs");
    root.about("source", &source(), "来源文件 / the document; a string is the name of its file");
    root.about("sections", &list(&sections()), "各部分正文 / the sections of the narrative");
    for table in TableId::ALL {
        root.about(table.name(), &self::table(table), table_about(table));
    }
    root.about("cells", &cells(), "各数值的位置和原文 / where each figure stood and how it was printed");
    root.about("problems", &list(&problems()), "读取中的问题 / what was not certain in reading the document");
    let tables = TableId::ALL.map(|table| format!(r#"{{ "required": ["{}"] }}"#, table.name())).join(", ");
    let properties = indent(&root.text());
    format!(
        "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"$id\": \"urn:gouji:report:1\",\n  \
         \"title\": \"{SCHEMA}\",\n  \"description\": \"{ABOUT}\",\n  \"type\": \"object\",\n  \
         \"required\": [\"schema\"],\n  \"anyOf\": [{tables}, {{ \"required\": [\"title\", \"year\"] }}],\n  \
         \"properties\": {properties}\n}}\n"
    )
}

const ABOUT: &str = "政府信息公开工作年度报告 / one open-information annual report. A figure is a number, null (the cell is \
    blank) or missing (the document has no such cell); what cannot be read is null and marked in cells.";

/// The members of an object.
#[derive(Default)]
struct Object(Vec<String>);

impl Object {
    fn member(&mut self, name: &str, schema: &str) {
        self.0.push(format!("\"{name}\": {schema}"));
    }

    /// A member with a description put in front of its schema, which is an object.
    fn about(&mut self, name: &str, schema: &str, about: &str) {
        let rest = schema.strip_prefix('{').unwrap_or_default().trim_start();
        let mut text = String::new();
        super::write::quote(&mut text, about);
        self.member(name, &format!("{{ \"description\": {text}, {rest}"));
    }

    fn text(&self) -> String {
        format!("{{\n  {}\n}}", indent(&self.0.join(",\n")))
    }

    fn schema(&self) -> String {
        format!("{{ \"type\": \"object\", \"properties\": {} }}", self.text())
    }
}

fn indent(text: &str) -> String {
    text.replace('\n', "\n  ")
}

fn list(item: &str) -> String {
    format!("{{ \"type\": \"array\", \"items\": {item} }}")
}

fn known_by() -> String {
    let names = KnownBy::ALL.map(|by| format!("\"{}\"", by.name())).join(", ");
    format!("{{ \"enum\": [{names}, null] }}")
}

fn source() -> String {
    let mut object = Object::default();
    object.member("file", NULLABLE);
    object.member("format", NULLABLE);
    object.about("sha256", NULLABLE, "SHA-256, lower-case hexadecimal");
    format!("{{ \"type\": [\"object\", \"string\", \"null\"], \"properties\": {} }}", object.text())
}

fn sections() -> String {
    let mut object = Object::default();
    object.about(
        "number",
        r#"{ "type": "integer", "minimum": 0, "maximum": 6 }"#,
        "1 to 6; 0 for what stands before the first heading",
    );
    object.member("title", NULLABLE);
    object.member("text", NULLABLE);
    object.member("line", LINE);
    object.about("text_line", LINE, "the line of the first line of the text; the others follow it");
    format!("{{ \"type\": \"object\", \"required\": [\"number\"], \"properties\": {} }}", object.text())
}

fn problems() -> String {
    let mut object = Object::default();
    object.member("code", TEXT);
    object.about("where", TEXT, "the cell, row, table or member, such as requests.total");
    object.member("line", LINE);
    object.about("detail", TEXT, "what was found there");
    object.about("message", TEXT, "code, place and detail in words; read only where there is no detail");
    object.schema()
}

fn cells() -> String {
    let mut entry = Object::default();
    entry.about("line", LINE, "line in the document, from 1");
    entry.about("text", NULLABLE, "the characters of the cell");
    entry.about(
        "unreadable",
        FLAG,
        "true: what stands there is no number; false: blank, whatever is printed there",
    );
    entry.about("absent", FLAG, "true: there is no such cell, the null only fills the row");
    let names: Vec<String> = LAYOUT.cells.iter().map(|(name, _)| format!("\"{name}\"")).collect();
    format!(
        "{{ \"type\": [\"object\", \"null\"], \"propertyNames\": {{ \"enum\": [\n  {}\n] }}, \"additionalProperties\": {} }}",
        names.join(",\n  "),
        entry.schema()
    )
}

fn table_about(table: TableId) -> &'static str {
    match table {
        TableId::Disclosure => "二、主动公开政府信息情况 / proactive disclosure",
        TableId::Requests => "三、收到和处理政府信息公开申请情况 / requests received and handled",
        TableId::Remedies => "四、政府信息公开行政复议、行政诉讼情况 / reconsideration and litigation",
    }
}

/// One table: a member for each cell of table 2, an array for each row of the others.
fn table(table: TableId) -> String {
    let mut object = Object::default();
    if table == TableId::Disclosure {
        for (name, cell) in &LAYOUT.disclosure {
            object.about(name, r#"{ "type": ["number", "null"] }"#, &cell_about(*cell));
        }
        let units = [Unit::Yuan, Unit::TenThousandYuan, Unit::HundredMillionYuan];
        let units = units.map(|unit| format!("\"{}\"", unit.name())).join(", ");
        let units = format!("{{ \"enum\": [{units}, null] }}");
        object.about("procurement.unit", &units, "采购总金额的单位 / unit of procurement.amount");
        object.about(
            "fees.unit",
            &units,
            "收费金额的单位，缺省为万元 / unit of fees.amount, by default 万元",
        );
    }
    for row in LAYOUT.rows(table) {
        let length = row.cells.len();
        let columns: Vec<&str> = row.cells.iter().map(|cell| cell.column().key).collect();
        let labels = row.cells.first().map_or_else(String::new, |cell| row_about(*cell));
        object.about(
            row.key,
            &format!(
                "{{ \"type\": \"array\", \"minItems\": {length}, \"maxItems\": {length}, \"items\": {{ \"type\": [\"number\", \"null\"] }} }}"
            ),
            &format!("{labels} [{}]", columns.join(", ")),
        );
    }
    object.schema()
}

fn row_about(cell: CellId) -> String {
    let row = cell.row();
    format!("{}{} / {}", row.number, row.label.official, row.label.english)
}

fn cell_about(cell: CellId) -> String {
    let (row, column) = (cell.row(), cell.column());
    let english = format!("{}, {}", row.label.english, column.label.english);
    format!("{} {} / {english}", row.label.official, column.label.official)
}

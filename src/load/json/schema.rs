//! The JSON Schema of the parsed report, made from the forms.

use std::fmt::Write;

use super::SCHEMA;
use crate::display::Lang;
use crate::report::{CellId, TableId};

/// The schema, draft 2020-12, indented.
#[must_use]
pub fn schema() -> String {
    let text = "{ \"type\": \"string\" }";
    let texts = ["id", "title", "agency", "county", "county_code", "city", "province"];
    let mut members: Vec<String> = vec![format!("\"schema\": {{ \"const\": \"{SCHEMA}\" }}")];
    members.extend(texts.iter().map(|name| format!("\"{name}\": {text}")));
    members.push("\"year\": { \"type\": \"integer\", \"minimum\": 1990, \"maximum\": 2100 }".to_owned());
    members.push("\"template\": { \"enum\": [\"2019\", \"2021\"] }".to_owned());
    members.push(
        "\"synthetic\": { \"type\": \"boolean\", \"description\": \"made up, for trying programs\" }"
            .to_owned(),
    );
    members.push(object("source", &["file", "format", "sha256"].map(|n| format!("\"{n}\": {text}"))));
    members.push(list(
        "sections",
        &[
            "\"number\": { \"type\": \"integer\", \"minimum\": 0, \"maximum\": 6 }".to_owned(),
            format!("\"title\": {text}"),
            format!("\"text\": {text}"),
            LINE.to_owned(),
        ],
    ));
    members.extend(TableId::ALL.map(table));
    members.push(format!(
        "\"cells\": {{ \"type\": \"object\", \"description\": \"where each figure stood and how it was printed\", \"propertyNames\": {{ \"enum\": [{}] }},\n      \"additionalProperties\": {{ \"type\": \"object\", \"properties\": {{ {LINE}, \"text\": {text}, \"unreadable\": {{ \"type\": \"boolean\" }} }} }} }}",
        CellId::all().map(|c| format!("\"{}\"", c.name())).collect::<Vec<_>>().join(", ")
    ));
    members.push(list(
        "problems",
        &[
            format!("\"code\": {text}"),
            format!("\"where\": {text}"),
            LINE.to_owned(),
            format!("\"detail\": {text}"),
            format!("\"message\": {text}"),
        ],
    ));
    format!(
        "{{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\": \"{SCHEMA}\",\n  \"type\": \"object\",\n  \"properties\": {{\n    {}\n  }}\n}}",
        members.join(",\n    ")
    )
}

const LINE: &str = "\"line\": { \"type\": \"integer\", \"minimum\": 0 }";

fn object(name: &str, members: &[String]) -> String {
    format!("\"{name}\": {{ \"type\": \"object\", \"properties\": {{ {} }} }}", members.join(", "))
}

fn list(name: &str, members: &[String]) -> String {
    format!(
        "\"{name}\": {{ \"type\": \"array\", \"items\": {{ \"type\": \"object\", \"properties\": {{ {} }} }} }}",
        members.join(", ")
    )
}

/// The object of a table: a number or null for each cell; null is a cell left blank, a missing member a cell that is
/// not there.
fn table(table: TableId) -> String {
    let figure = "{ \"type\": [\"number\", \"null\"] }";
    let mut members: Vec<String> = Vec::new();
    let mut rows: Vec<CellId> = CellId::all().filter(|c| c.table() == table).collect();
    if table == TableId::Disclosure {
        for cell in rows {
            let name = cell.name().trim_start_matches(table.name()).trim_start_matches('.');
            let about = format!("{} {}", cell.row().label.official, cell.column().label.official);
            members.push(format!(
                "\"{name}\": {{ \"type\": [\"number\", \"null\"], \"description\": \"{about}\" }}"
            ));
        }
        let unit = "{ \"enum\": [\"元\", \"万元\", \"亿元\", null] }";
        members.push(format!("\"procurement.unit\": {unit}"));
        members.push(format!("\"fees.unit\": {unit}"));
    } else {
        rows.dedup_by_key(|cell| cell.row().key);
        for cell in rows {
            let (row, n) = (cell.row(), cell.block().columns.len());
            let about = format!("{}{} / {}", row.number, row.label.official, row.label.on_screen(Lang::En));
            members.push(format!(
                "\"{}\": {{ \"type\": \"array\", \"minItems\": {n}, \"maxItems\": {n}, \"items\": {figure}, \"description\": \"{about}\" }}",
                row.key
            ));
        }
    }
    let mut out = String::new();
    let _ = write!(
        out,
        "\"{}\": {{ \"type\": \"object\", \"properties\": {{\n      {}\n    }} }}",
        table.name(),
        members.join(",\n      ")
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_json_and_names_every_cell() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        let properties = &schema["properties"];
        for cell in CellId::all() {
            let table = &properties[cell.table().name()]["properties"];
            let short = cell.name().trim_start_matches(cell.table().name()).trim_start_matches('.');
            let found =
                if cell.table() == TableId::Disclosure { &table[short] } else { &table[cell.row().key] };
            assert!(found.is_object(), "{cell}");
        }
    }
}

//! Names for files of one report: whatever an agency is called, never hidden, never an option, never outside the folder.

use sha2::{Digest, Sha256};

use crate::display::is_hidden;
use crate::load::hexadecimal;
use crate::report::Report;

/// Bytes of the agency in a name; the whole stays below 120.
const MAX_AGENCY: usize = 80;

/// A name for a file of one report: its agency and year as far as they are letters and digits, and enough of a hash of
/// what it is to tell it from others.
#[must_use]
pub fn file_name(report: &Report) -> String {
    let mut agency = String::new();
    for c in report.agency.raw().chars().filter(|c| c.is_alphanumeric() && !is_hidden(*c)) {
        if agency.len() + c.len_utf8() > MAX_AGENCY {
            break;
        }
        agency.push(c);
    }
    let agency = if agency.is_empty() { "report" } else { &agency };
    let year = report.year.map_or_else(|| "year-unknown".to_owned(), |y| y.to_string());
    let identity =
        [&report.id(), &report.source.file, &report.source.sha256].map(|text| text.raw().to_owned());
    let digest = Sha256::digest(identity.join("\n").as_bytes());
    let hash = hexadecimal(digest.get(..4).unwrap_or_default());
    format!("{agency}-{year}-{hash}.json")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(agency: &str) -> String {
        file_name(&Report { agency: agency.into(), year: Some(2024), ..Report::default() })
    }

    #[test]
    fn names_are_plain_files() {
        let hostile = [
            "",
            "..",
            "/etc/passwd",
            "-rf",
            ".hidden",
            "a\\b",
            "CON",
            "a\0b",
            "x\n",
            "青\u{202e}gnp",
            "~root",
            "$(x)",
        ];
        for agency in hostile {
            let name = named(agency);
            assert!(
                !name.starts_with(['.', '-', '~'])
                    && !name.contains(['/', '\\', '\0', '\n', '$', '\u{202e}']),
                "{name}"
            );
        }
        assert_ne!(named("同名"), named("同名\u{200b}"));
        assert!(named("新县人民政府办公室").starts_with("新县人民政府办公室-2024-"));
    }

    proptest! {
        #[test]
        fn names_are_short_and_safe(agency: String) {
            let name = named(&agency);
            prop_assert!(name.len() <= 120);
            prop_assert!(name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '.'));
            prop_assert!(name.chars().next().unwrap().is_alphanumeric());
        }
    }
}

//! Nobody's report is lost, and none is taken for another's: whole folders of documents whose right answer is known by
//! construction, through the library and through the command.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::too_many_lines,
    clippy::cast_possible_wrap,
    clippy::format_collect,
    clippy::default_trait_access,
    reason = "a test that cannot go on shall fail; a table of cases is long; what is made here is small"
)]

mod cases;
mod folder;
mod pairs;
mod paper;
mod renaming;
mod world;

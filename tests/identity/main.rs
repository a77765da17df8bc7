//! Nobody's report is lost, and none is taken for another's: whole folders of documents whose right answer is known by
//! construction, through the library and through the command.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    reason = "a test that cannot go on shall fail"
)]

mod beside;
mod cases;
mod copied;
mod decided;
mod folder;
mod growing;
mod media;
mod moved;
mod narrowed;
mod outputs;
mod pairs;
mod paper;
mod renaming;
mod standing;
mod together;
mod world;

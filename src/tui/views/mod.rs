//! The screens, one file each.

mod bookmarks;
mod browse;
mod completing;
mod detail;
mod document;
mod facet;
mod findings;
mod heading;
mod narrative;
mod page;
mod palette;
mod preview;
mod queue;
mod report;
mod table;

pub use bookmarks::BookmarksView;
pub use browse::BrowseView;
pub use page::{Content, PageView};
pub use palette::PaletteView;
pub use queue::QueueView;
pub use report::{At, ReportView};

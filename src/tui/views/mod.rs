//! The screens, one file each.

mod bookmarks;
mod browse;
mod compare;
mod completing;
mod detail;
mod document;
mod facet;
mod findings;
mod heading;
mod matrix;
mod narrative;
mod page;
mod palette;
mod preview;
mod queue;
mod report;
mod series;
mod statistics;
mod table;

pub use bookmarks::BookmarksView;
pub use browse::BrowseView;
pub use compare::CompareView;
pub use matrix::MatrixView;
pub use page::{Content, PageView};
pub use palette::PaletteView;
pub use queue::QueueView;
pub use report::{At, ReportView};
pub use series::SeriesView;
pub use statistics::StatisticsView;

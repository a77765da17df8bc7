//! The explorer: a stack of views over a session, driven by keys, signals and loaded files.
//!
//! There is no tick: the loop blocks until something happens, so that an idle program uses no CPU and sends no
//! byte over the line.

mod app;
pub mod keymap;
mod paint;
pub mod session;
mod sheet;
pub mod theme;
pub mod view;
pub mod views;

pub use app::{App, LEAST_SIZE, Outcome};

//! gouji (勾稽, "cross-footing"): an explorer of Chinese government open-information annual reports
//! (政府信息公开工作年度报告) that checks every total on screen.
//!
//! Data flows one way: bytes → text with line numbers → [`report::Report`] → index → findings → screen. A
//! module imports only from those before it in this order: `display`, `report`, `places`, `load`, `rules`,
//! `corpus`, `search`, `review`, `synth`, `export`, `tui`; a test holds it.

pub mod corpus;
pub mod display;
pub mod export;
pub mod load;
pub mod places;
pub mod report;
pub mod review;
pub mod rules;
pub mod search;
pub mod synth;
pub mod tui;

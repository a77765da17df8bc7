//! The first run: six hints at the bottom of the sample reports, each until it was followed, gone for good when the last
//! one was or when the reviewer says so.

use std::path::PathBuf;

use super::keymap::{Action, Context, Keymap};
use crate::display::Lang;

/// A hint.
struct Hint {
    /// Any of these follows it,
    done_by: &'static [Action],
    /// if it leads to one of these: a key that found nothing has shown nothing.
    leads_to: &'static [Context],
    /// What it says. A key stands as `{screen.action}`, for keys can be bound.
    zh: &'static str,
    /// The same in English.
    en: &'static str,
}

static HINTS: &[Hint] = &[
    Hint {
        done_by: &[Action::Open, Action::NextFinding],
        leads_to: &[Context::Report],
        zh: "问题最多的报告排在最前，{browse.open} 打开",
        en: "worst first: {browse.open} opens the report",
    },
    Hint {
        done_by: &[Action::NextFinding, Action::PreviousFinding],
        leads_to: &[Context::Report],
        zh: "光标停在不符之处，表下是算式和差；{report.next-finding} 到下一处",
        en: "this is where a total breaks, with the sum below; {report.next-finding}: next",
    },
    Hint {
        done_by: &[Action::Source],
        leads_to: &[Context::Report],
        zh: "{report.source} 显示原文中的这一行，{global.back} 返回",
        en: "{report.source} shows the line of the document, {global.back} goes back",
    },
    Hint {
        done_by: &[Action::Filter, Action::Counties, Action::Years],
        leads_to: &[Context::Filter, Context::Facet],
        zh: "在列表 {browse.filter} 筛选：试输 wbq；{browse.counties} 县区，{browse.years} 年度",
        en: "in the list {browse.filter} filters: try wbq; {browse.counties} county, {browse.years} year",
    },
    Hint {
        done_by: &[Action::Review, Action::Queue],
        leads_to: &[Context::Report, Context::Queue],
        zh: "{browse.review} 逐条核查：{report.confirm} 确认 {report.dismiss} 排除 {global.undo} 撤销；{global.ledger} 整改台账",
        en: "{browse.review} reviews: {report.confirm} confirm, {report.dismiss} dismiss, {global.undo} undo; {global.ledger} the list",
    },
    Hint {
        done_by: &[Action::Palette, Action::Help],
        leads_to: &[Context::Palette, Context::Page],
        zh: "{global.palette} 按功能找任何命令，{global.help} 列出全部按键",
        en: "{global.palette} finds every command, {global.help} lists all keys",
    },
];

/// How far somebody is who is here for the first time.
#[derive(Debug, Default)]
pub struct Tour {
    /// The file that says that it is over; none: there is no tour.
    seen: Option<PathBuf>,
    at: usize,
}

impl Tour {
    /// Begins, unless the file says that it was seen.
    #[must_use]
    pub fn begin(seen: PathBuf) -> Self {
        let seen = Some(seen).filter(|path| !path.exists());
        Self { seen, at: 0 }
    }

    /// The hint of now, with the keys as they are bound.
    #[must_use]
    pub fn hint(&self, keymap: &Keymap, lang: Lang) -> Option<String> {
        self.seen.as_ref()?;
        let hint = HINTS.get(self.at)?;
        let hide = keymap.key_of(Context::Global, Action::HideHints);
        let words = with_keys(lang.pick(hint.zh, hint.en), keymap);
        let (at, all) = (self.at + 1, HINTS.len());
        Some(lang.pick(
            format!(" 入门 {at}/{all}  {words} · {hide} 不再提示"),
            format!(" hint {at}/{all}  {words} · {hide} hides"),
        ))
    }

    /// The reviewer has done something and is there now: on to the next hint if it was what this one is about.
    pub fn follow(&mut self, action: Action, now: Context) {
        let is_done = |hint: &Hint| hint.done_by.contains(&action) && hint.leads_to.contains(&now);
        if self.seen.is_some() && HINTS.get(self.at).is_some_and(is_done) {
            self.at += 1;
            if self.at == HINTS.len() {
                self.end();
            }
        }
    }

    /// No hints from now on. If that cannot be written, they come again next time.
    pub fn end(&mut self) {
        if let Some(path) = self.seen.take() {
            let folder = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            let _ = folder.and_then(|()| std::fs::write(&path, ""));
        }
    }
}

/// A text with the keys of `{screen.action}`.
fn with_keys(text: &str, keymap: &Keymap) -> String {
    let mut out = String::new();
    for (i, part) in text.split(['{', '}']).enumerate() {
        match part.split_once('.').filter(|_| i % 2 == 1) {
            Some((place, name)) => {
                let context = Context::ALL.into_iter().find(|context| context.name() == place);
                let keys = context.and_then(|context| {
                    keymap.working(context).find(|(b, _)| b.action.name() == name).map(|(_, keys)| keys)
                });
                out.push_str(&keys.and_then(|keys| keys.first()).map_or_else(String::new, |key| key.name()));
            }
            None => out.push_str(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_hint_exists() {
        let keymap = Keymap::default();
        for hint in HINTS {
            for text in [hint.zh, hint.en] {
                for (i, part) in text.split(['{', '}']).enumerate().filter(|(i, _)| i % 2 == 1) {
                    let shown = with_keys(&format!("{{{part}}}"), &keymap);
                    assert!(!shown.is_empty(), "{part} ({i}) in {text}");
                }
            }
        }
        assert_eq!(with_keys("a {browse.queue}", &keymap), "a F");
        assert!(HINTS.len() <= 6);
    }

    #[test]
    fn hints_are_followed_one_by_one_and_never_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("gouji/hints-seen");
        let keymap = Keymap::default();
        let mut tour = Tour::begin(seen.clone());
        tour.follow(Action::Source, Context::Report);
        tour.follow(Action::Open, Context::Matrix);
        assert!(tour.hint(&keymap, Lang::En).unwrap().contains("1/6"), "not what the hint is about");
        for hint in HINTS {
            assert!(!seen.exists());
            for lang in [Lang::Zh, Lang::En] {
                let shown = tour.hint(&keymap, lang).unwrap();
                assert!(crate::display::width(&shown) <= 80, "{shown}");
            }
            tour.follow(hint.done_by[0], hint.leads_to[0]);
        }
        assert_eq!(tour.hint(&keymap, Lang::Zh), None);
        assert_eq!(Tour::begin(seen).hint(&keymap, Lang::Zh), None);
        let hidden = folder.path().join("hidden");
        Tour::begin(hidden.clone()).end();
        assert_eq!(Tour::begin(hidden).hint(&keymap, Lang::Zh), None);
        assert_eq!(Tour::default().hint(&keymap, Lang::Zh), None);
    }
}

//! What a user may set about the explorer itself: language, colours, marks, keys.
//!
//! They stand in the same file as the rules. A name that does not exist is an error with its line: a slip of the pen must
//! not look like a setting that has no effect.

use std::collections::BTreeMap;

use ratatui::style::Color;
use serde::Deserialize;
use serde::de::IgnoredAny;
use toml::Spanned;

use super::keymap::{Action, BINDINGS, Context, Key, Keymap};
use super::theme::{PALETTES, Palette};
use crate::display::Lang;
use crate::rules::{RULES, SettingsError};

/// The explorer as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preferences {
    /// Language of the interface.
    pub lang: Option<Lang>,
    /// Colours and emphasis; none: what suits the terminal.
    pub palette: Option<Palette>,
    /// Colours that differ from those of the palette, by role.
    pub colors: Vec<(&'static str, Color)>,
    /// Whether marks are ASCII only.
    pub ascii: bool,
    /// Whether the terminal shows characters of ambiguous width two columns wide.
    pub wide: bool,
    /// Whether the mouse is used.
    pub mouse: bool,
    /// Which key does what.
    pub keymap: Keymap,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            lang: None,
            palette: None,
            colors: Vec::new(),
            ascii: false,
            wide: false,
            mouse: true,
            keymap: Keymap::default(),
        }
    }
}

/// The file as written; what is said about rules and reviews is read elsewhere.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    explorer: Explorer,
    #[serde(default)]
    colors: BTreeMap<Spanned<String>, Spanned<toml::Value>>,
    #[serde(default)]
    keys: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<Keys>>>,
    #[serde(rename = "rules")]
    _rules: Option<IgnoredAny>,
    #[serde(rename = "review")]
    _review: Option<IgnoredAny>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Explorer {
    lang: Option<Spanned<String>>,
    theme: Option<Spanned<String>>,
    ambiguous: Option<Spanned<String>>,
    ascii: Option<bool>,
    mouse: Option<bool>,
}

/// One key or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum Keys {
    One(String),
    Several(Vec<String>),
}

/// A mistake at a place of the file.
struct Wrong(usize, String);

impl Preferences {
    /// Reads a configuration in TOML.
    ///
    /// # Errors
    /// If it is no TOML, names something that does not exist, or binds a key to two actions of one screen.
    pub fn parse(source: &str) -> Result<Self, SettingsError> {
        Self::read(source).map_err(|Wrong(at, reason)| SettingsError {
            line: source.bytes().take(at).filter(|b| *b == b'\n').count() + 1,
            reason,
        })
    }

    fn read(source: &str) -> Result<Self, Wrong> {
        let file: File = toml::from_str(source)
            .map_err(|error| Wrong(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        let mut preferences = Self::default();
        let Explorer { lang, theme, ambiguous, ascii, mouse } = &file.explorer;
        preferences.lang = one_of(lang.as_ref(), "lang", &[("zh", Lang::Zh), ("en", Lang::En)])?;
        let palettes: Vec<(&str, Palette)> =
            PALETTES.iter().map(|named| (named.name, named.palette)).collect();
        preferences.palette = one_of(theme.as_ref(), "theme", &palettes)?;
        let widths = [("narrow", false), ("wide", true)];
        preferences.wide = one_of(ambiguous.as_ref(), "ambiguous", &widths)?.unwrap_or_default();
        preferences.ascii = ascii.unwrap_or_default();
        preferences.mouse = mouse.unwrap_or(true);
        for (role, color) in &file.colors {
            preferences.colors.push(colour(role, color)?);
        }
        preferences.bind(&file.keys)?;
        Ok(preferences)
    }

    fn bind(
        &mut self,
        keys: &BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<Keys>>>,
    ) -> Result<(), Wrong> {
        let mut places: Vec<(Context, Action, usize)> = Vec::new();
        for (place, actions) in keys {
            let context = Context::ALL.into_iter().find(|context| context.name() == *place.get_ref());
            let context = context.ok_or_else(|| {
                let known: Vec<String> = Context::ALL.iter().map(|context| context.name()).collect();
                Wrong(
                    place.span().start,
                    format!("no screen {:?}: one of {}", place.get_ref(), known.join(", ")),
                )
            })?;
            for (action, keys) in actions {
                let written = match keys.get_ref() {
                    Keys::One(key) => std::slice::from_ref(key),
                    Keys::Several(keys) => keys,
                };
                let read = |name: &String| {
                    let wrong = || {
                        Wrong(keys.span().start, format!("no key {name:?}: such as q, F, Ctrl-r, F5, Enter"))
                    };
                    Key::parse(name).ok_or_else(wrong)
                };
                let keys: Vec<Key> = written.iter().map(read).collect::<Result<_, _>>()?;
                let name = action.get_ref();
                self.keymap.bind(context, name, keys).map_err(|reason| Wrong(action.span().start, reason))?;
                let bound = BINDINGS.iter().find(|b| b.context == context && b.action.name() == *name);
                places.extend(bound.map(|b| (context, b.action, action.span().start)));
            }
        }
        match self.keymap.conflict() {
            None => Ok(()),
            Some((context, key, own, other)) => {
                // What works everywhere may be in the way of what one screen has.
                let is_here =
                    |place: &&(Context, Action, usize)| [context, Context::Global].contains(&place.0);
                let is_own = |place: &&(Context, Action, usize)| is_here(place) && place.1 == own;
                let place = places.iter().find(is_own).map_or(0, |place| place.2);
                let (key, own, other) = (key.name(), own.name(), other.name());
                Err(Wrong(
                    place,
                    format!(
                        "{key} would do {own} and {other} in {}: give {other} another key",
                        context.name()
                    ),
                ))
            }
        }
    }

    /// The colours to draw with: of the palette that was asked for, else of that of the file, else of another one, with
    /// the colours of the file.
    #[must_use]
    pub fn palette(&self, asked: Option<Palette>, otherwise: Palette) -> Palette {
        let mut palette = asked.or(self.palette).unwrap_or(otherwise);
        for (role, color) in &self.colors {
            palette.paint(role, *color);
        }
        palette
    }
}

/// One of some names.
fn one_of<T: Copy>(
    written: Option<&Spanned<String>>,
    what: &str,
    known: &[(&str, T)],
) -> Result<Option<T>, Wrong> {
    let Some(written) = written else { return Ok(None) };
    let found = known.iter().find(|(name, _)| name == written.get_ref());
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    let wrong = || format!("no {what} {:?}: one of {}", written.get_ref(), names.join(", "));
    found.map(|(_, value)| Some(*value)).ok_or_else(|| Wrong(written.span().start, wrong()))
}

/// A role and its colour.
fn colour(role: &Spanned<String>, color: &Spanned<toml::Value>) -> Result<(&'static str, Color), Wrong> {
    let named = Palette::ROLES.into_iter().find(|known| known == role.get_ref());
    let named = named.ok_or_else(|| {
        let known = Palette::ROLES.join(", ");
        Wrong(role.span().start, format!("nothing is coloured as {:?}: one of {known}", role.get_ref()))
    })?;
    let value = match color.get_ref() {
        toml::Value::String(name) => name.parse().ok(),
        toml::Value::Integer(number) => u8::try_from(*number).ok().map(Color::Indexed),
        _ => None,
    };
    let wrong =
        || Wrong(color.span().start, "a colour is a name (\"red\"), 0 to 255, or \"#rrggbb\"".to_owned());
    value.map(|value| (named, value)).ok_or_else(wrong)
}

/// A configuration with everything that can be set, as it is without one: every line that sets something is a comment.
#[must_use]
pub fn template(lang: Lang) -> String {
    let mut out = String::new();
    let mut say = |zh: &str, en: &str| {
        out.push_str("# ");
        out.push_str(lang.pick(zh, en));
        out.push('\n');
    };
    say(
        "gouji 的配置。去掉行首的 # 即生效；写错的名称在启动时按行号指出。",
        "The configuration of gouji. Take the # away to set something; a name that does not exist is told with its line.",
    );
    say(
        "放在 gouji/config.toml（用户的配置文件夹），或用 --config 指定。",
        "It stands in gouji/config.toml of the user's configuration folder, or is named by --config.",
    );
    out.push_str("\n[explorer]\n");
    let themes: Vec<String> =
        PALETTES.iter().map(|p| format!("{} ({})", p.name, lang.pick(p.zh, p.en))).collect();
    let themes = themes.join("; ");
    for (line, zh, en) in [
        ("lang = \"zh\"", "zh 或 en；缺省按系统语言", "zh or en; else by the locale"),
        ("theme = \"dark\"", themes.as_str(), themes.as_str()),
        ("ascii = false", "只用 ASCII 记号", "only ASCII marks"),
        (
            "ambiguous = \"narrow\"",
            "终端把 ─ … ① 等字符显示为两列时用 wide",
            "wide if the terminal shows ─ … ① two columns wide",
        ),
        ("mouse = true", "鼠标点选、滚轮", "clicks and the wheel of the mouse"),
    ] {
        out.push_str(&format!("# {line}  # {}\n", lang.pick(zh, en)));
    }
    out.push_str("\n[review]\n# reviewer = \"王\"  # ");
    out.push_str(lang.pick("核查人；缺省为登录名", "who decides; else the login name"));
    out.push_str("\n\n[colors]\n");
    for role in Palette::ROLES {
        let Some(Color::Indexed(number)) = Palette::default().role(role).and_then(|style| style.fg) else {
            continue;
        };
        out.push_str(&format!("# {role} = {number}\n"));
    }
    for context in Context::ALL {
        out.push_str(&format!("\n[keys.{}]  # {}\n", context.name(), context.title(lang)));
        for binding in BINDINGS.iter().filter(|b| b.context == context) {
            let keys: Vec<String> = binding.keys.iter().map(|key| format!("{:?}", key.name())).collect();
            out.push_str(&format!(
                "# {} = [{}]  # {}\n",
                binding.action.name(),
                keys.join(", "),
                binding.help(lang)
            ));
        }
    }
    for rule in RULES.iter() {
        out.push_str(&format!("\n[rules.{:?}]  # {}\n# off = false\n", rule.id, rule.title(lang)));
        for threshold in rule.thresholds {
            let about = threshold.about.in_lang(lang);
            out.push_str(&format!("# {} = {}  # {about}\n", threshold.key, threshold.default));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use ratatui::crossterm::event::KeyCode;

    use super::*;
    use crate::rules::Settings;

    #[test]
    fn what_is_set_is_taken() {
        let source = "[explorer]\nlang = \"en\"\ntheme = \"light\"\nambiguous = \"wide\"\nmouse = false\n\
             [colors]\nerror = \"#ff0000\"\nkey = 12\n[keys.browse]\nqueue = \"Q\"\nfiles = []\n\
             [rules.Y6]\noff = true\n[review]\nreviewer = \"王\"\n";
        let preferences = Preferences::parse(source).unwrap();
        assert_eq!(preferences.lang, Some(Lang::En));
        assert!(preferences.wide && !preferences.mouse && !preferences.ascii);
        let palette = preferences.palette(None, Palette::default());
        let light = Palette::find("light").unwrap();
        assert_eq!(palette.error.fg, Some(Color::Rgb(255, 0, 0)));
        assert_eq!((palette.key.fg, palette.dim), (Some(Color::Indexed(12)), light.dim));
        let key = |c| Key { code: KeyCode::Char(c), ctrl: false };
        assert_eq!(preferences.keymap.resolve(key('Q'), Context::Browse), Some(Action::Queue));
        assert_eq!(preferences.keymap.resolve(key('F'), Context::Browse), None);
        assert_eq!(preferences.keymap.resolve(key('e'), Context::Browse), None);
        assert!(Settings::parse(source).is_ok(), "the rules are read from the same file");
        assert_eq!(Preferences::parse("").unwrap(), Preferences::default());
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        for (source, line, reason) in [
            ("\n[explorer]\ntheme = \"drak\"", 3, "one of dark"),
            ("[explorer]\ncolour = 1", 2, "unknown field"),
            ("[explorer]\nmouse = \"yes\"", 2, "boolean"),
            ("[colors]\n\nerrors = 1", 3, "one of dim"),
            ("[colors]\nerror = 256", 2, "a colour is"),
            ("[colors]\nerror = \"reed\"", 2, "a colour is"),
            ("[keys.list]\nqueue = \"Q\"", 1, "no screen"),
            ("[keys.browse]\n\nqueeu = \"Q\"", 3, "has no action"),
            ("[keys.browse]\nqueue = [\"Q\", \"Hyper-q\"]", 2, "no key"),
            ("[keys.browse]\nfilter = \"/\"\nqueue = \"f\"", 3, "give only-findings another key"),
            ("[keys.global]\nquit = []", 2, "needs a key"),
            ("[keys.filter]\ncomplete = \"t\"", 2, "typed as text"),
            ("\n[keys.global]\nquit = \"n\"", 3, "n would do quit and next-finding in browse"),
            ("[key.browse]\n", 1, "unknown field"),
        ] {
            let error = Preferences::parse(source).unwrap_err();
            assert_eq!(error.line, line, "{source}: {error}");
            assert!(error.reason.contains(reason), "{source}: {error}");
        }
    }

    #[test]
    fn the_template_says_what_is_there_without_it() {
        for lang in [Lang::Zh, Lang::En] {
            let template = template(lang);
            assert_eq!(
                Preferences::parse(&template).unwrap(),
                Preferences::default(),
                "all of it is comments"
            );
            let set: String = template
                .lines()
                .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
                .fold(String::new(), |all, line| all + line + "\n");
            let preferences = Preferences::parse(&set).unwrap();
            let palette = preferences.palette(None, Palette::colourless());
            assert_eq!(palette, Palette::default());
            for context in Context::ALL {
                let (set, default) = (&preferences.keymap, Keymap::default());
                assert!(
                    set.of(context).map(|(_, k)| k).eq(default.of(context).map(|(_, k)| k)),
                    "{context:?}"
                );
            }
            let settings = Settings::parse(&set).unwrap();
            for rule in RULES.iter() {
                assert!(!settings.is_off(rule));
                for threshold in rule.thresholds {
                    assert_eq!(settings.threshold(rule, threshold.key), threshold.default, "{}", rule.id);
                }
            }
        }
    }
}

//! The sentence of a finding, made when somebody asks for it.
//!
//! Most findings are shown in one language, and of a large corpus most are only counted: putting every sentence
//! together in both languages would cost more than many of the checks.

use std::fmt;
use std::sync::Arc;

use crate::display::Lang;

/// A sentence in both languages.
#[derive(Clone)]
pub struct Said(Words);

#[derive(Clone)]
enum Words {
    /// Put together already.
    Both(Arc<[String; 2]>),
    /// Put together from what was seen.
    Later(Arc<dyn Fn(Lang) -> String + Send + Sync>),
    None,
}

impl Said {
    /// A sentence that is there already.
    #[must_use]
    pub fn both(zh: String, en: String) -> Self {
        Self(Words::Both(Arc::new([zh, en])))
    }

    /// A sentence that is put together in the language that is asked for.
    #[must_use]
    pub fn later(words: impl Fn(Lang) -> String + Send + Sync + 'static) -> Self {
        Self(Words::Later(Arc::new(words)))
    }

    /// The sentence.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> String {
        match &self.0 {
            Words::Both(both) => {
                let [zh, en] = &**both;
                lang.pick(zh, en).clone()
            }
            Words::Later(words) => words(lang),
            Words::None => String::new(),
        }
    }
}

impl Default for Said {
    fn default() -> Self {
        Self(Words::None)
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.in_lang(Lang::En).fmt(f)
    }
}

/// Two formats with the same values in them, as a sentence that is put together later: it owns the values.
macro_rules! said {
    ($zh:literal, $en:literal $(,)?) => {
        move |lang: $crate::display::Lang| match lang {
            $crate::display::Lang::Zh => $crate::rules::said::sentence(format_args!($zh)),
            $crate::display::Lang::En => $crate::rules::said::sentence(format_args!($en)),
        }
    };
}

pub(super) use said;

/// A sentence put together, in a memory that is large enough for most.
pub(super) fn sentence(words: fmt::Arguments<'_>) -> String {
    let mut sentence = String::with_capacity(160);
    // Writing to a string cannot fail.
    let _ = fmt::Write::write_fmt(&mut sentence, words);
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_put_together_in_the_language_that_is_asked_for() {
        let n = 3;
        let said = Said::later(said!("共 {n} 件", "{n} in all"));
        assert_eq!(
            (said.in_lang(Lang::Zh).as_str(), said.in_lang(Lang::En).as_str()),
            ("共 3 件", "3 in all")
        );
        let said = Said::both("无".into(), "none".into());
        assert_eq!((said.in_lang(Lang::Zh).as_str(), said.in_lang(Lang::En).as_str()), ("无", "none"));
    }
}

//! The keys as configured: the table with what the user has changed.

use super::{Action, BINDINGS, Binding, Context, Key};

/// Which key does what. The table itself says what there is; this says which keys it is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap {
    /// The keys of each row of the table.
    keys: Vec<Vec<Key>>,
    /// Whether the row was changed by the user.
    changed: Vec<bool>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self {
            keys: BINDINGS.iter().map(|binding| binding.keys.to_vec()).collect(),
            changed: vec![false; BINDINGS.len()],
        }
    }
}

impl Keymap {
    /// The rows of a context with their keys.
    pub fn of(&self, context: Context) -> impl Iterator<Item = (&'static Binding, &[Key])> + '_ {
        BINDINGS
            .iter()
            .zip(&self.keys)
            .filter(move |(b, _)| b.context == context)
            .map(|(b, k)| (b, k.as_slice()))
    }

    /// The action of a key in a context: the context's own keys first, then those of the list below it, then the
    /// global ones.
    ///
    /// While text is typed, characters are text: of the global keys only those with Ctrl work.
    #[must_use]
    pub fn resolve(&self, key: Key, context: Context) -> Option<Action> {
        let find = |context| self.of(context).find(|(_, keys)| keys.contains(&key)).map(|(b, _)| b.action);
        let is_text = context.is_typed() && !key.ctrl;
        let below = || if context == Context::Facet { find(Context::Browse) } else { None };
        find(context).or_else(below).or_else(|| if is_text { None } else { find(Context::Global) })
    }

    /// The rows whose keys work in a context, its own first.
    pub fn working(&self, context: Context) -> impl Iterator<Item = (&'static Binding, &[Key])> + '_ {
        let list = self
            .of(Context::Browse)
            .filter(move |(b, _)| context == Context::Facet && b.action != Action::Open);
        let global = self.of(Context::Global).filter(move |_| !context.is_typed());
        self.of(context).chain(list).chain(global)
    }

    /// The rows that stand in the footer of a context.
    pub fn footer(&self, context: Context) -> impl Iterator<Item = (&'static Binding, &[Key])> + '_ {
        self.working(context).filter(|(binding, keys)| binding.footer.is_some() && !keys.is_empty())
    }

    /// The first key of an action where it works, as people write it; empty if it has none.
    #[must_use]
    pub fn key_of(&self, context: Context, action: Action) -> String {
        let row = self.working(context).find(|(b, _)| b.action == action);
        row.and_then(|(_, keys)| keys.first()).map_or_else(String::new, |key| key.name())
    }

    /// Binds an action of a context to other keys, to none if there are none.
    ///
    /// # Errors
    /// If there is no such action in the context, or the keys cannot be bound there, with the reason.
    pub fn bind(&mut self, context: Context, action: &str, keys: Vec<Key>) -> Result<(), String> {
        let named = BINDINGS.iter().position(|b| b.context == context && b.action.name() == action);
        let Some(at) = named else {
            let known: Vec<String> = self.of(context).map(|(b, _)| b.action.name()).collect();
            return Err(format!("{} has no action {action:?}; it has: {}", context.name(), known.join(", ")));
        };
        let is_letter =
            |key: &&Key| !key.ctrl && matches!(key.code, ratatui::crossterm::event::KeyCode::Char(_));
        if let Some(key) = keys.iter().find(is_letter).filter(|_| context.is_typed()) {
            return Err(format!("{:?} is typed as text there; take a key with Ctrl", key.name()));
        }
        let is_end = BINDINGS.get(at).is_some_and(|b| matches!(b.action, Action::Quit | Action::Back));
        if keys.is_empty() && is_end {
            return Err(format!("{action} needs a key"));
        }
        if let (Some(bound), Some(changed)) = (self.keys.get_mut(at), self.changed.get_mut(at)) {
            *bound = keys;
            *changed = true;
        }
        Ok(())
    }

    /// A key of a context that does two things, with the names of both, that of the user first; nothing if there is
    /// none.
    #[must_use]
    pub fn conflict(&self) -> Option<(Context, Key, Action, Action)> {
        let rows = || BINDINGS.iter().zip(&self.keys).zip(&self.changed);
        for ((own, keys), _) in rows().filter(|(_, changed)| **changed) {
            for ((other, others), _) in
                rows().filter(|((b, _), _)| b.context == own.context && b.action != own.action)
            {
                if let Some(key) = keys.iter().find(|key| others.contains(key)) {
                    return Some((own.context, *key, own.action, other.action));
                }
            }
        }
        // A way back, to the help and out must work on every screen.
        let kept = |b: &Binding| matches!(b.action, Action::Back | Action::Help | Action::Quit);
        for ((own, keys), _) in rows().filter(|((b, _), _)| b.context == Context::Global && kept(b)) {
            for context in Context::ALL.into_iter().filter(|context| !context.is_typed()) {
                let works = |key: &&Key| self.resolve(**key, context) == Some(own.action);
                let taken = || keys.first().and_then(|key| Some((*key, self.resolve(*key, context)?)));
                if !keys.iter().any(|key| works(&key))
                    && !self.of(context).any(|(b, keys)| b.action == own.action && !keys.is_empty())
                    && let Some((key, other)) = taken()
                {
                    return Some((context, key, own.action, other));
                }
            }
        }
        None
    }
}

/// Keys as people write them, with blanks between.
#[must_use]
pub fn names(keys: &[Key]) -> String {
    keys.iter().map(|key| key.name()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use ratatui::crossterm::event::KeyCode;

    use super::super::{ch, ctrl, key};
    use super::*;

    #[test]
    fn every_key_reaches_its_action() {
        let keymap = Keymap::default();
        for binding in BINDINGS {
            for key in binding.keys {
                if !binding.context.is_typed() && binding.context != Context::Global {
                    assert_eq!(keymap.resolve(*key, binding.context), Some(binding.action));
                }
            }
        }
    }

    #[test]
    fn typed_characters_are_text() {
        let keymap = Keymap::default();
        for context in Context::ALL.into_iter().filter(|context| context.is_typed()) {
            for c in ['q', 'n', ' ', '?', '新', 'j'] {
                assert_eq!(keymap.resolve(ch(c), context), None);
            }
            assert_eq!(keymap.resolve(ctrl('c'), context), Some(Action::Quit));
            assert_eq!(keymap.resolve(key(KeyCode::Backspace), context), None);
        }
    }

    #[test]
    fn keys_are_bound_anew_and_clashes_are_found() {
        let mut keymap = Keymap::default();
        keymap.bind(Context::Browse, "queue", vec![ctrl('q')]).unwrap();
        assert_eq!(keymap.resolve(ctrl('q'), Context::Browse), Some(Action::Queue));
        assert_eq!(keymap.resolve(ch('F'), Context::Browse), None);
        assert_eq!(keymap.conflict(), None);
        keymap.bind(Context::Browse, "order", vec![ch('f')]).unwrap();
        assert_eq!(keymap.conflict(), Some((Context::Browse, ch('f'), Action::Order, Action::OnlyFindings)));
        keymap.bind(Context::Browse, "only-findings", vec![ch('o')]).unwrap();
        assert_eq!(keymap.conflict(), None);
        let mut hidden = Keymap::default();
        hidden.bind(Context::Global, "quit", vec![ch('n')]).unwrap();
        assert_eq!(
            hidden.conflict(),
            Some((Context::Browse, ch('n'), Action::Quit, Action::NextFinding)),
            "the list and the report have that key for themselves"
        );
        for (context, action, keys, reason) in [
            (Context::Browse, "confirm", vec![ch('f')], "has no action"),
            (Context::Filter, "complete", vec![ch('f')], "typed as text"),
            (Context::Global, "quit", vec![], "needs a key"),
        ] {
            let error = keymap.bind(context, action, keys).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
    }

    #[test]
    fn every_action_has_a_name_of_its_own_in_its_context() {
        for (i, a) in BINDINGS.iter().enumerate() {
            let same = |b: &&Binding| b.context == a.context && b.action.name() == a.action.name();
            assert_eq!(
                BINDINGS.iter().skip(i + 1).filter(same).count(),
                0,
                "{:?} {}",
                a.context,
                a.action.name()
            );
        }
    }
}

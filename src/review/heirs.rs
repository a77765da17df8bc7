//! Which report of today a report is that has another name now, by the names alone.
//!
//! A report is named `PLACE/AGENCY/YEAR@VERSION`: its place may become known, its content may be corrected, and earlier
//! programs gave no version. Where a name leaves it open which report is meant, several are named: a decision is never
//! handed to a report that may be another. A report in another place is another one, whatever it says; so is another
//! version, unless it is known to be the corrected one: that the judged document is not there does not make it that.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::adopt::Heir;
use super::whereabouts::{Fit, fit};
use crate::corpus::choices::plain_name;
use crate::display::Untrusted;

/// The heirs of those of the old keys that no report has any more. `current` has the identifier of each report, and the
/// identifier that its document states, if it states one.
///
/// A key without an entry is that of a report that is there, or of one that is nowhere to be found.
#[must_use]
pub fn heirs<I: AsRef<str>, S: AsRef<str>>(
    old_keys: &[Untrusted],
    current: impl IntoIterator<Item = (I, Option<S>)>,
) -> HashMap<Untrusted, Heir> {
    let old: BTreeSet<&str> = old_keys.iter().map(Untrusted::raw).collect();
    let mut today = Today::of(&old);
    for (id, stated) in current {
        today.add(id.as_ref(), stated.as_ref().map(AsRef::as_ref));
    }
    let gone = old.iter().filter(|key| !today.there.contains(**key)).map(|key| Key::of(key));
    let claims: Vec<(Key<'_>, Claim<'_>)> = gone.map(|key| (key, today.claim(&key))).collect();
    let rivals = Rivals::of(&claims);
    let heirs = claims.iter().filter_map(|(key, claim)| {
        let heir = match claim {
            Claim::Nothing => return None,
            Claim::Several(several) => Heir::Several(several.iter().copied().map(Untrusted::new).collect()),
            Claim::Whole(heir) if rivals.of_content(key, heir) > 1 || rivals.versions(key, heir) > 1 => {
                Heir::Several(vec![(*heir).into()])
            }
            Claim::Whole(heir) => Heir::Sole((*heir).into()),
            Claim::Version(heir) if rivals.versions(key, heir) > 1 => Heir::Several(vec![(*heir).into()]),
            Claim::Version(heir) => Heir::Version((*heir).into()),
            Claim::ByName(heir) => rivals.by_name(key, heir, &old)?,
        };
        Some((Untrusted::new(key.whole), heir))
    });
    heirs.collect()
}

/// What a key says of its report.
#[derive(Debug, Clone, Copy)]
struct Key<'a> {
    whole: &'a str,
    /// What it has before the version.
    base: &'a str,
    /// The hash of the content, without the number of reports that have the same.
    version: Option<&'a str>,
    /// Whether there were others of the same content that could not be told from it but by their order.
    is_one_of_several: bool,
    /// Where its base is made of them: the place; agency and year.
    parts: Option<(&'a str, &'a str)>,
}

impl<'a> Key<'a> {
    fn of(whole: &'a str) -> Self {
        let split =
            whole.rsplit_once('@').and_then(|(base, version)| Some((base, version, hash_of(version)?)));
        let (base, version) = split.map_or((whole, None), |(base, _, hash)| (base, Some(hash)));
        let is_one_of_several = split.is_some_and(|(_, version, _)| version.contains('~'));
        Self { whole, base, version, is_one_of_several, parts: parts(base) }
    }

    /// Whether the report that had this key may be the one that has the other, by their places.
    fn fit(&self, other: &Key<'_>) -> Fit {
        match (self.parts, other.parts) {
            (Some((was, name)), Some((is, _))) => {
                let year = name.rsplit('/').next().and_then(|year| year.parse().ok()).unwrap_or(0);
                fit(was, is, year)
            }
            _ if self.base == other.base => Fit::One,
            _ => Fit::Two,
        }
    }

    /// Agency and year.
    fn name(&self) -> Option<&'a str> {
        self.parts.map(|(_, name)| name)
    }

    /// The identifier that the document states, as keys without agency or year have it.
    fn stated(&self) -> Option<&'a str> {
        self.whole.strip_prefix(STATED)
    }
}

/// What keys begin with that are made of the identifier that a document states.
const STATED: &str = "id/";

/// The hash of a version: `ab12` of `ab12` and of `ab12~2`; `None` of what is no version.
fn hash_of(version: &str) -> Option<&str> {
    let (hash, number) = version.split_once('~').unwrap_or((version, "1"));
    let is_version = !hash.is_empty()
        && !number.is_empty()
        && hash.bytes().all(|b| b.is_ascii_alphanumeric())
        && number.bytes().all(|b| b.is_ascii_digit());
    is_version.then_some(hash)
}

fn parts(base: &str) -> Option<(&str, &str)> {
    let (place, name) = base.split_once('/').filter(|_| !base.starts_with(STATED))?;
    let (agency, year) = name.rsplit_once('/')?;
    let is_year = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    // A slash at an end of it stands for an agency or a year that was not known.
    let is_agency = !agency.is_empty() && !agency.starts_with('/') && !agency.ends_with('/');
    (is_year && is_agency).then_some((place, name))
}

/// The reports of today that some old key may be about.
#[derive(Debug, Default)]
struct Today<'a> {
    /// Old keys that are names of today.
    there: HashSet<&'a str>,
    by_base: HashMap<&'a str, BTreeSet<String>>,
    by_name: HashMap<&'a str, BTreeSet<String>>,
    by_stated: HashMap<&'a str, BTreeSet<String>>,
    old: HashSet<&'a str>,
}

/// What an old key says of its report of today.
#[derive(Debug)]
enum Claim<'a> {
    /// By the content in its place, the stated identifier, or a base without a version.
    Whole(&'a str),
    /// By its base alone: other content of the same agency and year.
    Version(&'a str),
    /// By agency and year without the place.
    ByName(&'a str),
    /// One of these.
    Several(Vec<&'a str>),
    Nothing,
}

impl<'a> Today<'a> {
    /// Nothing yet, but what is looked for.
    fn of(old: &BTreeSet<&'a str>) -> Self {
        let mut today = Self { old: old.iter().copied().collect(), ..Self::default() };
        for key in old.iter().map(|key| Key::of(key)) {
            today.by_base.entry(key.base).or_default();
            if let Some(name) = key.name() {
                today.by_name.entry(name).or_default();
            }
            if let Some(stated) = key.stated() {
                today.by_stated.entry(stated).or_default();
            }
        }
        today
    }

    fn add(&mut self, id: &str, stated: Option<&str>) {
        self.there.extend(self.old.get(id));
        let key = Key::of(id);
        if let Some(ids) = self.by_base.get_mut(key.base) {
            ids.insert(id.to_owned());
        }
        if let Some(ids) = key.name().and_then(|name| self.by_name.get_mut(name)) {
            ids.insert(id.to_owned());
        }
        if self.by_stated.is_empty() {
            return;
        }
        if let Some(ids) = stated.and_then(|stated| self.by_stated.get_mut(plain_name(stated).as_str())) {
            ids.insert(id.to_owned());
        }
    }

    fn claim(&self, key: &Key<'_>) -> Claim<'_> {
        let of_name = texts(key.name().and_then(|name| self.by_name.get(name)));
        let of_base = texts(self.by_base.get(key.base));
        // A title that is no agency has no name to ask by.
        let known = if key.parts.is_some() { &of_name } else { &of_base };
        let is_same = |id: &&str| {
            let today = Key::of(id);
            key.version.is_some() && today.version == key.version && key.fit(&today) != Fit::Two
        };
        let same: Vec<&str> = known.iter().copied().filter(is_same).collect();
        match same.as_slice() {
            [] => {}
            [one] if !key.is_one_of_several && is_sure(key, one) => return Claim::Whole(one),
            _ => return Claim::Several(same),
        }
        match of_base.as_slice() {
            [] => {}
            [one] if key.version.is_none() => return Claim::Whole(one),
            [one] => return Claim::Version(one),
            _ => return Claim::Several(of_base),
        }
        let of_stated = texts(key.stated().and_then(|stated| self.by_stated.get(stated)));
        match (of_stated.as_slice(), of_name.as_slice()) {
            ([one], _) => Claim::Whole(one),
            ([], [one]) if key.version.is_none() && key.fit(&Key::of(one)) != Fit::Two => Claim::ByName(one),
            ([], _) => Claim::Nothing,
            _ => Claim::Several(of_stated),
        }
    }
}

/// Whether the report of today is that of the key, and no other of the same content is.
fn is_sure(key: &Key<'_>, id: &str) -> bool {
    let today = Key::of(id);
    !today.is_one_of_several && key.fit(&today) == Fit::One
}

fn texts(ids: Option<&BTreeSet<String>>) -> Vec<&str> {
    ids.into_iter().flatten().map(String::as_str).collect()
}

/// How many old keys lay claim to a report of today.
#[derive(Debug, Default)]
struct Rivals<'a> {
    /// Versions, by base and heir: of two that were told apart, no more than one is the heir.
    versions: HashMap<(&'a str, &'a str), usize>,
    /// Bases under which the content was known, by heir: of two places no more than one has become known as that.
    contents: HashMap<&'a str, usize>,
    /// Old bases of the same agency and year, by heir.
    names: HashMap<&'a str, usize>,
}

impl<'a> Rivals<'a> {
    fn of(claims: &'a [(Key<'a>, Claim<'a>)]) -> Self {
        let mut rivals = Self::default();
        for (key, claim) in claims {
            match claim {
                Claim::Whole(heir) if key.version.is_some() => *rivals.contents.entry(heir).or_default() += 1,
                Claim::Version(heir) => *rivals.versions.entry((key.base, heir)).or_default() += 1,
                Claim::ByName(heir) => *rivals.names.entry(heir).or_default() += 1,
                _ => {}
            }
        }
        rivals
    }

    fn versions(&self, key: &Key<'_>, heir: &str) -> usize {
        self.versions.get(&(key.base, heir)).copied().unwrap_or_default()
    }

    fn of_content(&self, key: &Key<'_>, heir: &str) -> usize {
        let is_asked = key.version.is_some();
        self.contents.get(heir).copied().filter(|_| is_asked).unwrap_or_default()
    }

    /// The heir by agency and year alone: agencies of one name in two places are two agencies.
    fn by_name(&self, key: &Key<'_>, heir: &str, old: &BTreeSet<&str>) -> Option<Heir> {
        let today = Key::of(heir);
        // Others have the name, or the report of today was decided on under its own place.
        let has_rivals = self.names.get(heir).is_some_and(|n| *n > 1) || old.contains(today.base);
        match (key.fit(&today), has_rivals) {
            (Fit::Two, _) | (Fit::Doubt, true) => None,
            (Fit::One, false) => Some(Heir::Sole(heir.into())),
            _ => Some(Heir::Several(vec![heir.into()])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The heirs as text: `→ a` of a sole one, `~ a` of another version, `? a b` of several.
    fn found(old: &[&str], current: &[(&str, Option<&str>)]) -> Vec<(String, String)> {
        let keys: Vec<Untrusted> = old.iter().map(|key| Untrusted::new(*key)).collect();
        let heirs = heirs(&keys, current.iter().copied());
        let mut found: Vec<(String, String)> = heirs
            .into_iter()
            .map(|(key, heir)| {
                let text = match heir {
                    Heir::Sole(heir) => format!("→ {}", heir.raw()),
                    Heir::Version(heir) => format!("~ {}", heir.raw()),
                    Heir::Several(all) => {
                        all.iter().fold("?".to_owned(), |t, id| format!("{t} {}", id.raw()))
                    }
                };
                (key.raw().to_owned(), text)
            })
            .collect();
        found.sort();
        found
    }

    /// Old keys, identifiers of today, and the heirs of those that have one.
    type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str], &'a [(&'a str, &'a str)]);

    fn hold(cases: &[Case<'_>]) {
        for (what, old, current, want) in cases {
            let want: Vec<(String, String)> =
                want.iter().map(|(key, heir)| ((*key).to_owned(), (*heir).to_owned())).collect();
            let plain: Vec<(&str, Option<&str>)> = current.iter().map(|id| (*id, None)).collect();
            assert_eq!(found(old, &plain), want, "{what}");
            let turned: Vec<&str> = old.iter().rev().copied().collect();
            let other_way: Vec<(&str, Option<&str>)> = plain.iter().rev().copied().collect();
            assert_eq!(found(&turned, &other_way), want, "{what}: in another order");
        }
    }

    #[test]
    fn a_report_that_is_there_is_itself() {
        hold(&[
            ("nothing was decided", &[], &["411523/局/2024@a1"], &[]),
            ("there", &["411523/局/2024@a1"], &["411523/局/2024@a1", "411523/局/2024@b2"], &[]),
            (
                "there, beside one that has the same content",
                &["a/局/2024@a1"],
                &["a/局/2024@a1", "b/局/2024@a1"],
                &[],
            ),
            (
                "there, one of two that are alike",
                &["a/局/2024@a1~2"],
                &["a/局/2024@a1", "a/局/2024@a1~2"],
                &[],
            ),
            ("there, another text", &["a/局//题@a1"], &["a/局//题@a1"], &[]),
        ]);
    }

    #[test]
    fn the_same_content_is_the_heir_where_its_place_became_known() {
        let old = "?鼓楼区/局/2024@a1";
        hold(&[
            ("the place became known", &[old], &["320106/局/2024@a1"], &[(old, "→ 320106/局/2024@a1")]),
            (
                "a new code of the same place",
                &["140726/局/2019@a1"],
                &["140703/局/2019@a1"],
                &[("140726/局/2019@a1", "→ 140703/局/2019@a1")],
            ),
            (
                "its content, not the version that its base has now",
                &["140726/局/2019@a1"],
                &["140703/局/2019@a1", "140726/局/2019@b2"],
                &[("140726/局/2019@a1", "→ 140703/局/2019@a1")],
            ),
            ("another year", &[old], &["320106/局/2023@a1"], &[]),
            ("another agency", &[old], &["320106/厅/2024@a1"], &[]),
            ("other content elsewhere", &[old], &["320106/局/2024@b2"], &[]),
            ("a county of another name", &[old], &["411523/局/2024@a1"], &[]),
            (
                "beside one of a county of another name",
                &[old],
                &["320106/局/2024@a1", "411523/局/2024@a1"],
                &[(old, "→ 320106/局/2024@a1")],
            ),
            (
                "nothing was known, and two have it",
                &["?/局/2024@a1"],
                &["320106/局/2024@a1", "411523/局/2024@a1"],
                &[("?/局/2024@a1", "? 320106/局/2024@a1 411523/局/2024@a1")],
            ),
            (
                "two places, whatever there is in its own",
                &[old],
                &["320106/局/2024@a1", "410204/局/2024@a1", "?鼓楼区/局/2024@c3"],
                &[(old, "? 320106/局/2024@a1 410204/局/2024@a1")],
            ),
            (
                "the place is known no more",
                &["320106/局/2024@a1"],
                &["?鼓楼区/局/2024@a1"],
                &[("320106/局/2024@a1", "? ?鼓楼区/局/2024@a1")],
            ),
            (
                "two were open, and became known as one",
                &[old, "?/局/2024@a1"],
                &["320106/局/2024@a1"],
                &[("?/局/2024@a1", "? 320106/局/2024@a1"), (old, "? 320106/局/2024@a1")],
            ),
        ]);
    }

    #[test]
    fn the_same_content_in_another_place_is_another_report() {
        let old = "411523/局/2024@a1";
        hold(&[
            ("another county", &[old], &["411522/局/2024@a1"], &[]),
            ("many other counties", &[old], &["411522/局/2024@a1", "320106/局/2024@a1"], &[]),
            (
                "another county, and its own corrected",
                &[old],
                &["411522/局/2024@a1", "411523/局/2024@b2"],
                &[(old, "~ 411523/局/2024@b2")],
            ),
            (
                "a county of the same name: it may have been put in the wrong one",
                &["320106/局/2024@a1"],
                &["320302/局/2024@a1"],
                &[("320106/局/2024@a1", "? 320302/局/2024@a1")],
            ),
        ]);
    }

    #[test]
    fn of_several_that_are_alike_none_is_the_heir() {
        let [one, other] = ["?鼓楼区/局/2024@a1~1", "?鼓楼区/局/2024@a1~2"];
        let sole = "?鼓楼区/局/2024@a1";
        hold(&[
            (
                "both moved",
                &[one, other],
                &["320106/局/2024@a1", "320302/局/2024@a1"],
                &[
                    (one, "? 320106/局/2024@a1 320302/局/2024@a1"),
                    (other, "? 320106/局/2024@a1 320302/局/2024@a1"),
                ],
            ),
            ("one is left", &[one], &[sole], &[(one, "? ?鼓楼区/局/2024@a1")]),
            ("one is left, and known", &[other], &["320106/局/2024@a1"], &[(other, "? 320106/局/2024@a1")]),
            (
                "another came",
                &[sole],
                &[one, other],
                &[(sole, "? ?鼓楼区/局/2024@a1~1 ?鼓楼区/局/2024@a1~2")],
            ),
            ("both are there", &[one, other], &[one, other], &[]),
        ]);
    }

    #[test]
    fn another_version_is_named_if_it_is_alone() {
        let (old, other) = ("411523/局/2024@a1", "411523/局/2024@b2");
        let now = "411523/局/2024@c3";
        hold(&[
            ("one", &[old], &[now], &[(old, "~ 411523/局/2024@c3")]),
            ("one, and decided on since", &[old, now], &[now], &[(old, "~ 411523/局/2024@c3")]),
            (
                "several",
                &[old],
                &[now, "411523/局/2024@d4"],
                &[(old, "? 411523/局/2024@c3 411523/局/2024@d4")],
            ),
            (
                "two are gone",
                &[old, other],
                &[now],
                &[(old, "? 411523/局/2024@c3"), (other, "? 411523/局/2024@c3")],
            ),
            (
                "another text",
                &["?/《题》/2024@a1"],
                &["?/《题》/2024@c3"],
                &[("?/《题》/2024@a1", "~ ?/《题》/2024@c3")],
            ),
            ("gone", &[old], &["411523/局/2023@c3", "411523/厅/2024@c3", "411522/局/2024@c3"], &[]),
            ("a base that only begins alike", &[old], &["411523/局/20245@c3", "411523/局/2024/x@c3"], &[]),
        ]);
    }

    #[test]
    fn keys_without_a_version_are_those_of_the_base() {
        let old = "411523/局/2024";
        hold(&[
            ("one", &[old], &["411523/局/2024@a1"], &[(old, "→ 411523/局/2024@a1")]),
            (
                "two",
                &[old],
                &["411523/局/2024@a1", "411523/局/2024@b2"],
                &[(old, "? 411523/局/2024@a1 411523/局/2024@b2")],
            ),
            (
                "beside a version that is gone",
                &[old, "411523/局/2024@a1"],
                &["411523/局/2024@b2"],
                &[(old, "→ 411523/局/2024@b2"), ("411523/局/2024@a1", "~ 411523/局/2024@b2")],
            ),
            (
                "beside two that are gone",
                &[old, "411523/局/2024@a1", "411523/局/2024@c3"],
                &["411523/局/2024@b2"],
                &[
                    (old, "? 411523/局/2024@b2"),
                    ("411523/局/2024@a1", "? 411523/局/2024@b2"),
                    ("411523/局/2024@c3", "? 411523/局/2024@b2"),
                ],
            ),
            ("a title", &["/局//题@目"], &["/局//题@目@a1"], &[("/局//题@目", "→ /局//题@目@a1")]),
        ]);
    }

    #[test]
    fn keys_without_a_version_may_have_had_another_place() {
        let old = "信阳市新县/局/2024";
        hold(&[
            ("known now", &[old], &["411523/局/2024@a1"], &[(old, "→ 411523/局/2024@a1")]),
            (
                "open now",
                &["411523/局/2024"],
                &["?新县/局/2024@a1"],
                &[("411523/局/2024", "? ?新县/局/2024@a1")],
            ),
            (
                "its own base comes first",
                &[old],
                &["信阳市新县/局/2024@b2", "411523/局/2024@a1"],
                &[(old, "→ 信阳市新县/局/2024@b2")],
            ),
            ("two places", &[old], &["411523/局/2024@a1", "320106/局/2024@a1"], &[]),
            ("two versions", &[old], &["411523/局/2024@a1", "411523/局/2024@b2"], &[]),
            ("another year", &[old], &["411523/局/2023@a1"], &[]),
            ("with a version", &["信阳市新县/局/2024@c3"], &["411523/局/2024@a1"], &[]),
            (
                "two had the name",
                &[old, "/局/2024"],
                &["411523/局/2024@a1"],
                &[("/局/2024", "? 411523/局/2024@a1"), (old, "? 411523/局/2024@a1")],
            ),
            (
                "the other was decided on by itself",
                &["/局/2024", "411523/局/2024"],
                &["411523/局/2024@a1"],
                &[("/局/2024", "? 411523/局/2024@a1"), ("411523/局/2024", "→ 411523/局/2024@a1")],
            ),
            ("another code", &["320106/局/2024"], &["411523/局/2024@a1"], &[]),
            (
                "another code, and the other was decided on",
                &["320106/局/2024", "411523/局/2024"],
                &["411523/局/2024@a1"],
                &[("411523/局/2024", "→ 411523/局/2024@a1")],
            ),
            ("no agency", &["411523//2024/题", "411523//2024"], &["320106//2024@a1", "1//2024/题@a1"], &[]),
        ]);
    }

    #[test]
    fn stated_identifiers_are_asked_for() {
        let current =
            [("411523/局/2024@a1", Some("x 1")), ("411523/局/2023@b2", Some("x2")), ("1/局/2022@c3", None)];
        let cases = [
            ("id/x1", vec![("id/x1".to_owned(), "→ 411523/局/2024@a1".to_owned())]),
            ("id/x3", vec![]),
            ("id/局/2022", vec![]),
            ("x1", vec![]),
        ];
        for (old, want) in cases {
            assert_eq!(found(&[old], &current), want, "{old}");
            assert_eq!(found(&[old], &current.map(|(id, _)| (id, None))), [], "{old}: not told");
        }
        let twice = [("411523/局/2024@a1", Some("x1")), ("411523/局/2023@b2", Some("x1"))];
        let want = ("id/x1".to_owned(), "? 411523/局/2023@b2 411523/局/2024@a1".to_owned());
        assert_eq!(found(&["id/x1"], &twice), [want]);
        hold(&[("a base of today", &["id/x1"], &["id/x1@a1"], &[("id/x1", "→ id/x1@a1")])]);
    }
}

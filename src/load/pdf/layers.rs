//! Parts of a document that are switched off, and those that it marks as watermarks.

use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::font::entry;

/// Layers at most.
const MAX_LAYERS: usize = 1_000;

/// Which layers are not shown.
#[derive(Debug, Default)]
pub(super) struct Layers {
    off: HashSet<ObjectId>,
}

impl Layers {
    /// Reads which layers a document does not show when it is opened.
    pub(super) fn of(document: &Document) -> Self {
        let find = || {
            let properties = entry(document, document.catalog().ok()?, b"OCProperties")?.as_dict().ok()?;
            let setting = entry(document, properties, b"D")?.as_dict().ok()?;
            let list = |dict: &Dictionary, key: &[u8]| -> Vec<ObjectId> {
                let list = entry(document, dict, key).and_then(|o| o.as_array().ok());
                list.into_iter().flatten().filter_map(|o| o.as_reference().ok()).take(MAX_LAYERS).collect()
            };
            let is_off = entry(document, setting, b"BaseState")
                .is_some_and(|o| o.as_name().is_ok_and(|name| name == b"OFF"));
            let mut off: HashSet<ObjectId> = list(setting, b"OFF").into_iter().collect();
            if is_off {
                off.extend(list(properties, b"OCGs"));
                let on: HashSet<ObjectId> = list(setting, b"ON").into_iter().collect();
                off.retain(|id| !on.contains(id));
            }
            Some(off)
        };
        Self { off: find().unwrap_or_default() }
    }

    /// Whether marked content (the operands of `BDC`) is not shown, or is no text of the document.
    pub(super) fn hides(
        &self,
        document: &Document,
        resources: Option<&Dictionary>,
        operands: &[Object],
    ) -> bool {
        let [tag, properties, ..] = operands else { return false };
        let named = || {
            let all = entry(document, resources?, b"Properties")?.as_dict().ok()?;
            all.get(properties.as_name().ok()?).ok()
        };
        let properties = named().unwrap_or(properties);
        match tag.as_name().unwrap_or_default() {
            b"OC" => self.is_off(document, properties),
            b"Artifact" => {
                let dict = document.dereference(properties).ok().and_then(|(_, o)| o.as_dict().ok());
                dict.and_then(|d| entry(document, d, b"Subtype"))
                    .is_some_and(|o| o.as_name().is_ok_and(|name| name == b"Watermark"))
            }
            _ => false,
        }
    }

    /// Whether a drawing is not shown.
    pub(super) fn hides_object(&self, document: &Document, dict: &Dictionary) -> bool {
        dict.get(b"OC").is_ok_and(|layer| self.is_off(document, layer))
    }

    /// Whether a layer is off, or all layers of a group of them.
    fn is_off(&self, document: &Document, layer: &Object) -> bool {
        if self.off.is_empty() {
            return false;
        }
        if layer.as_reference().is_ok_and(|id| self.off.contains(&id)) {
            return true;
        }
        let dict = document.dereference(layer).ok().and_then(|(_, o)| o.as_dict().ok());
        let is_off = |o: &Object| o.as_reference().is_ok_and(|id| self.off.contains(&id));
        match dict.and_then(|dict| dict.get(b"OCGs").ok()) {
            Some(Object::Array(list)) => !list.is_empty() && list.iter().take(MAX_LAYERS).all(is_off),
            Some(one) => is_off(one),
            None => false,
        }
    }
}

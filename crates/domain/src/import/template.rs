//! Templates such as `{account} – {product}`: a blank column vanishes together with its separator.

/// The columns named in a template.
pub(super) fn columns_of(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(column, _)| column.trim()))
}

/// The template with other names for its columns; `None` where one of them has none, once all were asked for. A name
/// with a brace in it would end too early.
pub(super) fn renamed(text: &str, mut name: impl FnMut(&str) -> Option<String>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('{');
    out.push_str(pieces.next().unwrap_or_default());
    let mut whole = true;
    for piece in pieces {
        let (column, literal) = piece.split_once('}')?;
        match name(column.trim()).filter(|found| !found.contains(['{', '}'])) {
            Some(found) => out.extend(["{", &found, "}", literal]),
            None => whole = false,
        }
    }
    whole.then_some(out)
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Column(usize),
}

/// A template whose columns were found in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Piece>);

impl Template {
    /// Reads a template; `find` gives the place of a column. The error is a sentence.
    pub fn parse(text: &str, find: impl Fn(&str) -> Option<usize>) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((literal, after)) = rest.split_once('{') {
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.to_owned()));
            }
            let Some((name, tail)) = after.split_once('}') else {
                return Err("A column name in braces is not closed.".to_owned());
            };
            let Some(at) = find(name.trim()) else {
                return Err(format!("The file has no column called {}.", name.trim()));
            };
            pieces.push(Piece::Column(at));
            rest = tail;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Literal(rest.to_owned()));
        }
        if pieces.iter().any(|p| matches!(p, Piece::Column(_))) {
            Ok(Self(pieces))
        } else {
            Err("A template needs at least one column in braces.".to_owned())
        }
    }

    /// The places of the columns used.
    pub fn columns(&self) -> impl Iterator<Item = usize> {
        self.0.iter().filter_map(|p| if let Piece::Column(at) = p { Some(*at) } else { None })
    }

    /// The text for a record; empty when all its columns are blank.
    pub fn render(&self, record: &[&str]) -> String {
        let mut out = String::new();
        let mut pending = "";
        let mut seen_column = false;
        // Whether the text after the last column belongs to something that stands there.
        let mut attached = false;
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => pending = text,
                Piece::Column(at) => {
                    let value = record.get(*at).map_or("", |v| v.trim());
                    attached = !value.is_empty() && (!out.is_empty() || !seen_column);
                    if !value.is_empty() {
                        // A separator stands between two values; a prefix before the first column.
                        if attached {
                            out.push_str(pending);
                        }
                        out.push_str(value);
                    }
                    seen_column = true;
                    pending = "";
                }
            }
        }
        if attached {
            out.push_str(pending);
        }
        out.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &str, record: &[&str]) -> String {
        let find = |name: &str| ["account", "product", "id"].iter().position(|c| *c == name);
        Template::parse(template, find).unwrap().render(record)
    }

    /// IMPORT-02: blanks are dropped together with their separators.
    #[test]
    fn blanks_vanish_with_their_separators() {
        let template = "{account} – {product}";
        assert_eq!(render(template, &["Cancity", "GTX Pro", "1"]), "Cancity – GTX Pro");
        assert_eq!(render(template, &["", "GTX Pro", "1"]), "GTX Pro");
        assert_eq!(render(template, &["Cancity", " ", "1"]), "Cancity");
        assert_eq!(render(template, &["", "", "1"]), "");
        assert_eq!(render("{account} – {product} – {id}", &["A", "", "1"]), "A – 1");
        assert_eq!(render("{account} ({product})", &["A", "P", ""]), "A (P)");
        assert_eq!(render("{account} ({product})", &["A", "", ""]), "A");
        assert_eq!(render("{account} ({product})", &["", "P", ""]), "P");
        assert_eq!(render("Deal {id}", &["", "", "7"]), "Deal 7");
        assert_eq!(render("Deal {id}", &["", "", ""]), "");
    }

    /// A wrong template is explained.
    #[test]
    fn wrong_templates() {
        for bad in ["no column", "{account", "{planet}", ""] {
            assert!(Template::parse(bad, |name| (name == "account").then_some(0)).is_err(), "{bad}");
        }
    }
}

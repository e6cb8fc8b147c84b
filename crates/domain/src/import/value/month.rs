//! The names of the months in the languages that files come in.

/// Names and abbreviations of each month, lower case, without points: English, German, French, Spanish, Portuguese,
/// Italian, Dutch and Polish (both cases that dates use). The first letters of a name (three at least) mean it too,
/// where no other month begins so.
const NAMES: [&[&str]; 12] = [
    &["january", "januar", "jänner", "janvier", "enero", "janeiro", "gennaio", "januari", "styczeń", "stycznia"],
    &["february", "februar", "feber", "février", "febrero", "fevereiro", "febbraio", "februari", "luty", "lutego"],
    &["march", "märz", "mrz", "mars", "marzo", "março", "maart", "mrt", "marzec", "marca"],
    &["april", "avril", "avr", "abril", "aprile", "kwiecień", "kwietnia"],
    &["may", "mai", "mayo", "maio", "maggio", "mei", "maj", "maja"],
    &["june", "juni", "juin", "junio", "junho", "giugno", "czerwiec", "czerwca"],
    &["july", "juli", "juillet", "julio", "julho", "luglio", "lipiec", "lipca"],
    &["august", "août", "agosto", "augustus", "sierpień", "sierpnia"],
    &["september", "sept", "septembre", "septiembre", "setembro", "settembre", "wrzesień", "września"],
    &["october", "oktober", "octobre", "octubre", "outubro", "ottobre", "październik", "października"],
    &["november", "novembre", "noviembre", "novembro", "listopad", "listopada"],
    &["december", "dezember", "décembre", "diciembre", "dezembro", "dicembre", "grudzień", "grudnia"],
];

/// The number of a month by its name or the beginning of it; `None` for anything else and for what two months share.
pub fn number(text: &str) -> Option<u32> {
    let text = text.to_lowercase();
    let text = text.trim_end_matches('.');
    if text.chars().count() < 3 || !text.chars().all(char::is_alphabetic) {
        return None;
    }
    let meant = |same: &dyn Fn(&str) -> bool| {
        let mut months = NAMES.iter().enumerate().filter(|(_, names)| names.iter().any(|name| same(name)));
        // `jui` is June or July.
        match (months.next(), months.next()) {
            (Some((at, _)), None) => u32::try_from(at + 1).ok(),
            _ => None,
        }
    };
    meant(&|name| plain(name) == plain(text)).or_else(|| meant(&|name| plain(name).starts_with(&plain(text))))
}

/// Without the accents of the names above, which files often lack.
fn plain(text: &str) -> String {
    super::super::words::fold(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-02: every name of the table means its own month, with and without accents, and no other one.
    #[test]
    fn every_name_means_one_month() {
        for (at, names) in NAMES.iter().enumerate() {
            for name in *names {
                let expected = u32::try_from(at + 1).ok();
                assert_eq!(number(name), expected, "{name}");
                assert_eq!(number(&plain(name)), expected, "{name} without accents");
                assert_eq!(number(&name.to_uppercase()), expected, "{name} in capitals");
            }
        }
        for (text, month) in [("Okt.", 10), ("déc", 12), ("ago", 8), ("Dez", 12), ("gen", 1), ("lip", 7), ("fev", 2)] {
            assert_eq!(number(text), Some(month), "{text}");
        }
        for text in ["jui", "ma", "Monday", "de", "", "13", "mars mars"] {
            assert_eq!(number(text), None, "{text}");
        }
    }
}

//! Text as it is compared: folded once, when a profile is built.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters that are looked at; a longer text is compared by its beginning. It bounds the work of one comparison.
const LONGEST: usize = 120;

/// Lower case, without diacritics, compatibility forms (full width, ligatures) as plain ones.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(LONGEST));
    // Only the accents of Latin, Greek and Cyrillic: in other scripts such marks are vowels, and make the word.
    let plain = text.nfkd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase);
    for c in plain.take(LONGEST) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ł' => folded.push('l'),
            'ħ' => folded.push('h'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            _ => folded.push(c),
        }
    }
    folded
}

/// The words of a folded text: apostrophes belong to their word, anything else that is no letter or digit parts words.
pub fn words(folded: &str) -> impl Iterator<Item = String> {
    folded
        .split(|c: char| !is_inner(c))
        .map(|word| word.chars().filter(|c| !is_apostrophe(*c)).collect::<String>())
        .filter(|word| !word.is_empty())
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || is_apostrophe(c)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

/// The ASCII digits of a text.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The first `count` characters.
pub fn prefix(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

/// How a word sounds, for blocking: Soundex, with a digit for the first letter too, so that `Katherine` and
/// `Catherine` meet. A word without Latin letters stands for itself by its first three characters.
pub fn sound(word: &str) -> String {
    const DIGITS: usize = 4;
    let mut code = String::with_capacity(DIGITS);
    let mut last = None;
    for c in word.chars().filter(char::is_ascii_alphabetic) {
        let class = match c {
            'b' | 'f' | 'p' | 'v' => '1',
            'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => '2',
            'd' | 't' => '3',
            'l' => '4',
            'm' | 'n' => '5',
            'r' => '6',
            // These two do not part equal sounds: `Ashcraft`.
            'h' | 'w' if !code.is_empty() => continue,
            _ => '0',
        };
        if last != Some(class) && (class != '0' || code.is_empty()) {
            code.push(class);
        }
        if code.len() == DIGITS {
            break;
        }
        last = Some(class);
    }
    if code.is_empty() { prefix(word, 3) } else { code }
}

/// How much two words or names are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    /// Nothing points to one being a misspelling of the other.
    No,
    /// They share many letters; it says nothing either way.
    Faintly,
    /// One is likely a misspelling or another spelling of the other.
    Much,
    /// Letter by letter.
    Same,
}

/// Compares two folded texts; neither should be empty.
pub fn alike(a: &str, b: &str) -> Alike {
    const MUCH: f64 = 0.93;
    const FAINTLY: f64 = 0.82;
    if a == b {
        return Alike::Same;
    }
    // Jaro's count of transpositions depends on the order; the answer must not.
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let winkler = strsim::jaro_winkler(a, b);
    if winkler >= MUCH || winkler > 0.7 && one_slip(a, b) {
        Alike::Much
    } else if winkler >= FAINTLY {
        Alike::Faintly
    } else {
        Alike::No
    }
}

/// Whether one typing slip parts two texts of at least four characters: a letter too many, missing, wrong, or two
/// neighbours swapped (restricted Damerau-Levenshtein distance 1).
pub fn one_slip(a: &str, b: &str) -> bool {
    // A character has at most four bytes: longer differences need no matrix.
    a.len().abs_diff(b.len()) <= 4 && a.len().min(b.len()) >= 4 && strsim::osa_distance(a, b) <= 1
}

/// Whether a digit occurs: texts with digits are the same or not, there is no misspelling between `Studio 54` and `55`.
pub fn has_digit(text: &str) -> bool {
    text.chars().any(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// DEDUPE-01: how a name is written does not hide a duplicate.
    #[test]
    fn folding() {
        assert_eq!(fold("Łukasz MÜLLER-Straße ＡＢＣ"), "lukasz muller-strasse abc");
        assert_eq!(words(&fold("O’Brien, J. R.")).collect::<Vec<_>>(), ["obrien", "j", "r"]);
        assert_eq!(words(&fold("हिन्दी")).count(), 1, "vowel signs do not part words");
        assert_eq!(sound("katherine"), sound("catherine"));
        assert_eq!(sound("muller"), sound("mueller"));
        assert_ne!(sound("smith"), sound("jones"));
        assert_eq!(sound("Ω"), "Ω");
    }

    /// DEDUPE-01: typing slips are seen as such, short words need more than that.
    #[test]
    fn likeness_of_words() {
        assert_eq!(alike("martha", "marhta"), Alike::Much);
        assert_eq!(alike("mayer", "meyer"), Alike::Much);
        assert_eq!(alike("smith", "jones"), Alike::No);
        assert!(!one_slip("ann", "anne") && one_slip("hanna", "anna"));
    }
}

//! The palette of twelve colours for tags, stages and avatars.

/// One of the twelve colours for tags, stages and avatars. Stored as its number, 1 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hue(u8);

impl Hue {
    /// All twelve.
    pub fn all() -> impl Iterator<Item = Self> {
        (1..=12).map(Self)
    }

    /// The colour with this number; numbers outside 1 to 12 wrap around.
    pub const fn new(number: u8) -> Self {
        Self((number.wrapping_sub(1)) % 12 + 1)
    }

    /// The same colour every time for the same text, such as a person's id.
    pub fn of(text: &str) -> Self {
        // FNV-1a: short, spreads well, and does not change between releases as the standard hasher may.
        let hash = text.bytes().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
        // The first colour is grey; names get one of the other eleven.
        Self(u8::try_from(hash % 11).map_or(2, |n| n + 2))
    }

    /// Its number, 1 to 12.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// Its name, for colour pickers.
    pub const fn name(self) -> &'static str {
        match self.0 {
            1 => "Grey",
            2 => "Red",
            3 => "Orange",
            4 => "Amber",
            5 => "Lime",
            6 => "Green",
            7 => "Teal",
            8 => "Sky",
            9 => "Blue",
            10 => "Violet",
            11 => "Magenta",
            _ => "Rose",
        }
    }

    /// The class that sets `--hue`, `--hue-bg` and `--hue-fg`.
    pub const fn class(self) -> &'static str {
        match self.0 {
            1 => "hue-1",
            2 => "hue-2",
            3 => "hue-3",
            4 => "hue-4",
            5 => "hue-5",
            6 => "hue-6",
            7 => "hue-7",
            8 => "hue-8",
            9 => "hue-9",
            10 => "hue-10",
            11 => "hue-11",
            _ => "hue-12",
        }
    }
}

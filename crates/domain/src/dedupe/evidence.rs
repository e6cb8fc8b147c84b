//! Evidence as it comes together.

use super::{CERTAIN, Likeness, POSSIBLE, Reason};

/// The most reasons one comparison gives.
const MOST_REASONS: usize = 6;

/// The evidence of one pair. No memory is allocated until a pair is worth telling.
#[derive(Default)]
pub struct Evidence {
    /// Tenths of a bit that each count in full.
    own: i32,
    /// Sum of what people of one household or office, and branches of one company, have in common.
    pub shared: i32,
    /// The strongest part of `shared`.
    pub strongest: i32,
    /// Something says that these are two.
    pub contradicted: bool,
    /// The names agree.
    pub named: bool,
    /// Worth a look whatever else is known.
    pub listed: bool,
    /// They have a mailbox or a phone number in common.
    pub reached_alike: bool,
    reasons: [Option<(i32, Reason)>; MOST_REASONS],
}

impl Evidence {
    /// Adds evidence that counts in full.
    pub fn own(&mut self, weight: i32, reason: Option<Reason>) {
        self.own += weight;
        self.tell(weight, reason);
    }

    /// Adds something that households, offices and branches have in common.
    pub fn shared(&mut self, weight: i32, reason: Option<Reason>) {
        self.shared += weight;
        self.strongest = self.strongest.max(weight);
        self.tell(weight, reason);
    }

    /// Adds something that says these are two.
    pub fn contradict(&mut self, weight: i32, reason: Reason) {
        self.contradicted = true;
        self.own(weight, Some(reason));
    }

    /// Tells a reason without adding its weight, which only gives its place among the others.
    pub fn tell(&mut self, weight: i32, reason: Option<Reason>) {
        if let (Some(reason), Some(slot)) = (reason, self.reasons.iter_mut().find(|slot| slot.is_none())) {
            *slot = Some((weight, reason));
        }
    }

    /// The sum, with what `shared` counts for. `None` where no more speaks for duplicates than against them, unless
    /// they have a mailbox or a phone number in common.
    pub fn likeness(mut self, shared: i32) -> Option<Likeness> {
        // Four points a bit: 25 bits, thirty million times the odds of any two records, fill the scale.
        let points = ((self.own + shared) * 2 / 5).clamp(0, 100);
        let mut score = u8::try_from(points).unwrap_or(0);
        if self.contradicted || !self.named {
            score = score.min(CERTAIN - 1);
        }
        if self.listed {
            score = score.max(POSSIBLE);
        }
        if score == 0 && !self.reached_alike {
            return None;
        }
        self.reasons.sort_by_key(|slot| slot.map_or((2, 0), |(weight, r)| (i32::from(!r.speaks_for()), -weight.abs())));
        Some(Likeness { score, reasons: self.reasons.iter().flatten().map(|(_, reason)| *reason).collect() })
    }
}

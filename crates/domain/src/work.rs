//! Work on many records that goes on in the background: how far it is.

crate::choices! {
    /// How far background work is.
    WorkStatus {
        Queued = "queued" "Waiting",
        Running = "running" "Running",
        Completed = "completed" "Done",
        Failed = "failed" "Failed",
        Cancelled = "cancelled" "Cancelled",
    }
}

impl WorkStatus {
    /// Whether nothing more happens.
    pub const fn is_finished(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// How far work is, in percent: all of it once it is over.
pub fn percent(done: i32, total: i32, over: bool) -> i32 {
    match (total, over) {
        (..=0, false) => 0,
        (..=0, true) => 100,
        (total, _) => i32::try_from(i64::from(done) * 100 / i64::from(total)).unwrap_or(100).clamp(0, 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// IMPORT-07: progress in percent never leaves 0 to 100.
    #[test]
    fn percent_of_work() {
        assert_eq!([percent(0, 0, false), percent(0, 0, true), percent(1, 3, false)], [0, 100, 33]);
        assert_eq!([percent(5, 3, false), percent(i32::MAX, i32::MAX, true), percent(-1, 3, false)], [100, 100, 0]);
    }
}

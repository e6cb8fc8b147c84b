use super::super::sample;
use super::*;
use serde_json::json;

fn card(id: u128, stage: u128, amount: i64) -> Deal {
    sample::deal(json!({"id": Uuid::from_u128(id), "stage_id": Uuid::from_u128(stage), "amount_minor": amount}))
}

fn board(columns: &[&[u128]]) -> Board {
    let columns = columns.iter().zip(100_u128..).map(|(ids, stage)| {
        let cards: Vec<_> = ids.iter().map(|id| card(*id, stage, 1_000)).collect();
        let n = i64::try_from(cards.len()).unwrap();
        let totals = if n == 0 {
            vec![]
        } else {
            vec![Total { currency: "USD".into(), count: n, amount_minor: n * 1_000, weighted_minor: n * 500 }]
        };
        Column { stage_id: Uuid::from_u128(stage), count: n, totals, cards, next_cursor: None }
    });
    Board { pipeline_id: Uuid::from_u128(9), columns: columns.collect() }
}

fn step(deal: u128, stage: u128, before: Option<u128>) -> PendingMove {
    PendingMove {
        deal_id: Uuid::from_u128(deal),
        stage_id: Uuid::from_u128(stage),
        before_id: before.map(Uuid::from_u128),
        probability: None,
    }
}

fn ids(board: &Board) -> Vec<Vec<u128>> {
    board.columns.iter().map(|c| c.cards.iter().map(|d| d.id.as_u128()).collect()).collect()
}

/// PIPELINE-11: a card dropped before another stands there at once, and the column sums follow.
#[test]
fn a_move_shows_at_once() {
    let moved = fold(&board(&[&[1, 2], &[3]]), &[step(1, 101, Some(3))]);
    assert_eq!(ids(&moved), [vec![2], vec![1, 3]]);
    let sums: Vec<_> = moved.columns.iter().map(|c| (c.count, c.totals.first().map(|t| t.amount_minor))).collect();
    assert_eq!(sums, [(1, Some(1_000)), (2, Some(2_000))]);
}

/// DEAL-07, PIPELINE-13: a card that takes the new stage's probability weighs accordingly there; its amount stays.
#[test]
fn a_probability_that_follows_weighs_anew() {
    let follows = PendingMove { probability: Some(90), ..step(1, 101, None) };
    let moved = fold(&board(&[&[1], &[]]), &[follows]);
    let total = moved.columns.last().and_then(|c| c.totals.first()).map(|t| (t.amount_minor, t.weighted_minor));
    assert_eq!(total, Some((1_000, 900)));
}

/// PIPELINE-11: rolling one refused move back leaves a later move of another card where it is.
#[test]
fn rollback_is_per_operation() {
    let base = board(&[&[1, 2], &[]]);
    let pending = [step(1, 101, None), step(2, 101, None)];
    assert_eq!(ids(&fold(&base, &pending)), [vec![], vec![1, 2]]);
    let [_refused, other] = pending;
    assert_eq!(ids(&fold(&base, &[other])), [vec![1], vec![2]]);
}

proptest::proptest! {
    /// PIPELINE-11: whatever is moved where, no card is lost or doubled and the counts are right.
    #[test]
    fn moves_keep_every_card(steps in proptest::collection::vec((0_u128..8, 98_u128..104, proptest::option::of(0_u128..8)), 0..20)) {
        let base = board(&[&[1, 2, 3], &[4], &[], &[5, 6]]);
        let pending: Vec<_> = steps.iter().map(|(d, s, b)| step(*d, *s, *b)).collect();
        let shown = fold(&base, &pending);
        let mut all: Vec<_> = ids(&shown).concat();
        all.sort_unstable();
        proptest::prop_assert_eq!(all, vec![1, 2, 3, 4, 5, 6]);
        for column in &shown.columns {
            proptest::prop_assert_eq!(usize::try_from(column.count).unwrap(), column.cards.len());
        }
    }
}

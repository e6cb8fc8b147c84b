use super::*;
use proptest::prelude::*;
use serde_json::json;

fn line(quantity: f64, price_minor: i64, discount_percent: f64, tax_percent: f64) -> DealProduct {
    DealProduct { name: "Gear".into(), quantity, price_minor, discount_percent, tax_percent, ..DealProduct::default() }
}

fn totals(line: &DealProduct) -> Option<[i64; 4]> {
    let LineTotals { subtotal_minor, discount_minor, tax_minor, total_minor } = LineTotals::of_line(line)?;
    Some([subtotal_minor, discount_minor, tax_minor, total_minor])
}

/// DEAL-06: a line's figures follow from quantity, price, discount and tax, each rounded half up.
#[test]
fn figures_of_a_line() {
    for (of, expected) in [
        (line(2.0, 1_050, 0.0, 0.0), [2_100, 0, 0, 2_100]),
        (line(0.333, 1_000, 0.0, 0.0), [333, 0, 0, 333]),
        (line(1.5, 33, 0.0, 0.0), [50, 0, 0, 50]),
        (line(3.0, 10_000, 10.0, 19.0), [30_000, 3_000, 5_130, 32_130]),
        (line(1.0, 1, 50.0, 0.0), [1, 1, 0, 0]),
        (line(1.0, 999, 33.33, 8.25), [999, 333, 55, 721]),
        (line(1.0, 100, 100.0, 20.0), [100, 100, 0, 0]),
        (line(1.0, i64::MAX, 0.0, 0.0), [i64::MAX, 0, 0, i64::MAX]),
    ] {
        assert_eq!(totals(&of), Some(expected), "{of:?}");
    }
    assert_eq!(totals(&line(1.0e9, i64::MAX, 0.0, 0.0)), None);
    assert_eq!(totals(&line(1.0, i64::MAX, 0.0, 1.0)), None);
    let lines = [line(1.0, 1, 50.0, 0.0), line(1.0, 1, 50.0, 0.0)];
    assert_eq!(LineTotals::of(&lines).map(|sum| sum.discount_minor), Some(2), "rounded line by line");
    assert_eq!(LineTotals::of(&[line(1.0, i64::MAX, 0.0, 0.0), line(1.0, 1, 0.0, 0.0)]), None);
}

/// DEAL-06: a sent total is not believed; a bad line is named by its place, with everything that is wrong.
#[test]
fn lines_are_checked() {
    let sent = json!([{"name": "GTX Pro", "quantity": 2, "price_minor": 482_100, "total_minor": 1, "tax_percent": 10}]);
    let ok = check(&sent).unwrap().to_json();
    assert_eq!(
        (ok.pointer("/0/total_minor"), ok.pointer("/0/tax_minor")),
        (Some(&json!(964_200)), Some(&json!(96_420)))
    );
    assert_eq!(check(&ok).unwrap().to_json(), ok, "what is read can be sent back");
    for (bad, expected) in [
        (json!({"name": "", "quantity": 0}), vec![("/1/name", "required"), ("/1/quantity", "range")]),
        (json!({"name": "x".repeat(256)}), vec![("/1/name", "too_long")]),
        (json!({"name": "B", "product_id": "GTX"}), vec![("/1/product_id", "id")]),
        (json!({"name": "B", "product_id": 7}), vec![("/1/product_id", "id")]),
        (json!({"name": "B", "unit": "u".repeat(51)}), vec![("/1/unit", "too_long")]),
        (json!({"name": "B", "discount_percent": 100.5}), vec![("/1/discount_percent", "percent")]),
        (json!({"name": "B", "discount_percent": -1}), vec![("/1/discount_percent", "percent")]),
        (json!({"name": "B", "tax_percent": 7.125}), vec![("/1/tax_percent", "percent")]),
        (json!({"name": "B", "tax_percent": "7"}), vec![("/1/tax_percent", "percent")]),
        (json!({"name": "B", "rebate": 1}), vec![("/1/rebate", "unknown_field")]),
        (json!({"name": "B", "quantity": 1e9, "price_minor": i64::MAX}), vec![("/1", "too_large")]),
        (json!(5), vec![("/1", "object")]),
    ] {
        let errors = check(&json!([{"name": "A", "price_minor": 1}, bad])).unwrap_err();
        let found: Vec<_> = errors.iter().map(|e| (e.path.as_str(), e.code.as_str())).collect();
        assert_eq!(found, expected, "{bad}");
    }
}

/// DEAL-06: inputs that know nothing of discount, tax, unit and product are what they always were.
#[test]
fn older_inputs_still_fit() {
    let old = json!([{"name": "Gear", "quantity": 2.5, "price_minor": 100}, {"name": "Care"}]);
    let lines: Vec<DealProduct> = serde_json::from_value(check(&old).unwrap().to_json()).unwrap();
    assert_eq!(lines.iter().map(|line| line.total_minor).collect::<Vec<_>>(), [250, 0]);
    assert!(lines.iter().all(|line| (line.product_id, line.tax_minor) == (None, 0) && line.discount_percent == 0.0));
    let nulls =
        json!([{"name": "Gear", "product_id": null, "unit": null, "discount_percent": null, "tax_percent": null}]);
    assert!(check(&nulls).is_ok());
    let stored: DealProduct =
        serde_json::from_value(json!({"name": "Gear", "quantity": 1.0, "price_minor": 1})).unwrap();
    assert_eq!(stored.tax_percent, 0.0);
}

proptest! {
    /// DEAL-06: figures add up, stay within their bounds and differ by less than a minor unit from exact ones.
    #[test]
    fn figures_add_up(
        thousandths in 1_i64..10_000_000, price in 0_i64..10_000_000_000, discount in 0_i64..=10_000, tax in 0_i64..=10_000,
    ) {
        let parts = [thousandths, discount, tax].map(|n| n.to_f64().unwrap());
        let of = line(parts[0] / 1_000.0, price, parts[1] / 100.0, parts[2] / 100.0);
        prop_assert!(is_percent(of.discount_percent) && is_percent(of.tax_percent));
        let [subtotal, off, taxed, total] = totals(&of).unwrap();
        prop_assert_eq!(total, subtotal - off + taxed);
        prop_assert!((0..=subtotal).contains(&off) && (0..=subtotal - off).contains(&taxed));
        let within = |rounded: i64, dividend: i128, divisor: i128| {
            let twice = 2 * (i128::from(rounded) * divisor - dividend);
            -divisor < twice && twice <= divisor
        };
        prop_assert!(within(subtotal, i128::from(thousandths) * i128::from(price), 1_000));
        prop_assert!(within(off, i128::from(subtotal) * i128::from(discount), 10_000));
        prop_assert!(within(taxed, i128::from(subtotal - off) * i128::from(tax), 10_000));
    }

    /// DEAL-06: the totals of a deal are those of its lines, whatever their order; a checked line is checked for good.
    #[test]
    fn totals_are_sums(parts in proptest::collection::vec((1_i64..100_000, 0_i64..1_000_000_000, 0_i64..=10_000, 0_i64..=10_000), 0..20)) {
        let lines: Vec<Json> = parts.iter().map(|(quantity, price, discount, tax)| {
            let [quantity, discount, tax] = [quantity, discount, tax].map(|n| n.to_f64().unwrap());
            json!({"name": "Gear", "quantity": quantity / 1_000.0, "price_minor": price,
                "discount_percent": discount / 100.0, "tax_percent": tax / 100.0})
        }).collect();
        let checked = check(&Json::from(lines)).unwrap().to_json();
        prop_assert_eq!(&check(&checked).unwrap().to_json(), &checked);
        let mut lines: Vec<DealProduct> = serde_json::from_value(checked).unwrap();
        let sum = LineTotals::of(&lines).unwrap();
        prop_assert_eq!(sum.subtotal_minor - sum.discount_minor, lines.iter().map(|line| line.total_minor).sum::<i64>());
        prop_assert_eq!(sum.tax_minor, lines.iter().map(|line| line.tax_minor).sum::<i64>());
        prop_assert_eq!(sum.total_minor, sum.subtotal_minor - sum.discount_minor + sum.tax_minor);
        lines.reverse();
        prop_assert_eq!(LineTotals::of(&lines), Some(sum));
    }
}

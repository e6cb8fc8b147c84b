//! What imports have to know of products.

use crate::import::row::{Key, Row};
use crate::import::{ImportSpec, Word, norm};

pub(super) const IMPORT: ImportSpec = ImportSpec {
    prefixes: &["product", "article", "item"],
    names: &[
        ("name", &["product", "productname", "article", "articlename", "item", "itemname", "title"]),
        (
            "code",
            &[
                "productcode",
                "productid",
                "productnumber",
                "articlecode",
                "articlenumber",
                "articleno",
                "itemnumber",
                "itemcode",
                "partnumber",
                "partno",
                "number",
                "reference",
                "ref",
                "artikelnummer",
                "artikelnr",
            ],
        ),
        (
            "price_minor",
            &["unitprice", "salesprice", "listprice", "productprice", "sellingprice", "retailprice", "amount", "rate"],
        ),
        ("unit", &["units", "unitofmeasure", "uom", "per", "measure", "einheit"]),
        ("active", &["isactive", "enabled", "available", "instock", "aktiv"]),
        ("description", &["details", "notes", "note", "comments", "comment", "remarks"]),
    ],
    words: &[
        (Word::Name, "name"),
        (Word::NameOrFirst, "name"),
        (Word::NameOrLast, "name"),
        (Word::Number, "code"),
        (Word::Amount, "price_minor"),
        (Word::Currency, "currency"),
        (Word::Notes, "description"),
    ],
    composed_of: &["code"],
    keys,
    same: "code, or without one the same name",
    twins: false,
    ..ImportSpec::BY_NAME
};

fn keys(row: &Row) -> Vec<Key> {
    let code = row.text("code").map(|text| Key::Number(norm(text)));
    code.into_iter().chain(row.text("name").map(Key::name)).collect()
}

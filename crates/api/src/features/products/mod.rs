//! Products.

mod import;

use crate::records::Stored;
use domain::products::Product;

impl Stored for Product {}

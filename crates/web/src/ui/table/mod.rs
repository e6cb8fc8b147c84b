//! The virtual table: any number of rows, only those on the screen in the document.

mod chooser;
mod column;
mod header;
mod keys;
mod loading;
mod row;
mod source;
mod state;
mod view;
mod window;

pub use chooser::ColumnChooser;
pub use column::{Column, SortKey};
pub use source::{TableRow, TableSource};
pub use state::TableState;
pub use view::{CellEdit, DataTable};

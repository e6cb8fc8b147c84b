//! Columns are data: built-in and custom fields alike, known only at run time.

use crate::ui::editor::Editor;

/// Where a cell's content stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the start of the line.
    #[default]
    Start,
    /// At the end: numbers.
    End,
}

/// What kind of value a column shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CellKind {
    /// The name of the record: a link to it.
    Title,
    /// Text, or any view.
    #[default]
    Text,
    /// A number or an amount: tabular figures.
    Number,
}

/// The narrowest and the widest a column may be made, in px.
pub(super) const WIDTHS: std::ops::RangeInclusive<u32> = 64..=800;

/// One column.
#[derive(Clone)]
pub struct Column {
    /// Its name in the address, in saved views and for the cell renderer.
    pub key: String,
    /// Its heading.
    pub title: String,
    /// Its width in px.
    pub width: u32,
    /// A click on the heading sorts.
    pub sortable: bool,
    /// Stays in view while the table scrolls sideways; sticky columns come first.
    pub sticky: bool,
    /// Where the content stands.
    pub align: Align,
    /// What it shows.
    pub kind: CellKind,
    /// How a cell is edited; `None` if it is not.
    pub editor: Option<Editor>,
    /// Shown or hidden.
    pub visible: bool,
}

impl Column {
    /// A visible text column that sorts.
    pub fn new(key: impl Into<String>, title: impl Into<String>, width: u32) -> Self {
        Self {
            key: key.into(),
            title: title.into(),
            width,
            sortable: true,
            sticky: false,
            align: Align::Start,
            kind: CellKind::Text,
            editor: None,
            visible: true,
        }
    }

    /// Makes it the sticky link to the record. It cannot be hidden.
    #[must_use]
    pub const fn title(mut self) -> Self {
        self.kind = CellKind::Title;
        self.sticky = true;
        self
    }

    /// Makes it a column of numbers.
    #[must_use]
    pub const fn number(mut self) -> Self {
        self.kind = CellKind::Number;
        self.align = Align::End;
        self
    }

    /// Lets cells be edited.
    #[must_use]
    pub fn editor(mut self, editor: Editor) -> Self {
        self.editor = Some(editor);
        self
    }

    /// The heading does not sort.
    #[must_use]
    pub const fn unsorted(mut self) -> Self {
        self.sortable = false;
        self
    }

    /// Hidden until the user shows it.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.visible = false;
        self
    }

    /// Whether its cells offer what those of another column do.
    pub(super) fn has_choices_of(&self, other: &Self) -> bool {
        match (&self.editor, &other.editor) {
            (Some(Editor::Select(mine, _)), Some(Editor::Select(theirs, _))) => mine == theirs,
            _ => true,
        }
    }

    pub(super) const fn align_class(&self) -> &'static str {
        match self.align {
            Align::Start => "",
            Align::End => "vt-end",
        }
    }
}

/// One key of the order of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortKey {
    /// Key of the column.
    pub column: String,
    /// Largest first.
    pub descending: bool,
}

/// The order after a click on a heading: ascending, descending, none. With `add` the other keys stay.
pub(super) fn sort_after_click(sort: &[SortKey], column: &str, add: bool) -> Vec<SortKey> {
    let now = sort.iter().find(|key| key.column == column);
    let next = match now {
        None => Some(false),
        Some(key) if !key.descending => Some(true),
        Some(_) => None,
    };
    let mut out = if add { sort.to_vec() } else { Vec::new() };
    match (out.iter().position(|key| key.column == column), next) {
        (Some(at), Some(descending)) => {
            if let Some(key) = out.get_mut(at) {
                key.descending = descending;
            }
        }
        (Some(at), None) => drop(out.remove(at)),
        (None, Some(descending)) => out.push(SortKey { column: column.to_owned(), descending }),
        (None, None) => {}
    }
    out
}

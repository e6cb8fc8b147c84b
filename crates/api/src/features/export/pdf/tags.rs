//! What a PDF says of itself to programs that read it aloud: headings, paragraphs, and one table whose rows go on over
//! pages side by side.

use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};
use std::num::NonZeroU16;

/// The language of the words around the data.
pub const LANGUAGE: &str = "en";

/// What has been drawn so far.
pub struct Tags {
    tree: TagTree,
    header: TagGroup,
    body: TagGroup,
    /// The rows of the pages that belong side by side.
    open: Vec<TagGroup>,
}

impl Tags {
    /// Nothing.
    pub fn new() -> Self {
        Self {
            tree: TagTree::new().with_lang(Some(LANGUAGE.to_owned())),
            header: TagGroup::new(Tag::TR),
            body: TagGroup::new(Tag::TBody),
            open: Vec::new(),
        }
    }

    /// The title.
    pub fn title(&mut self, text: &str, drawn: Identifier) {
        self.add(Tag::Hn(NonZeroU16::MIN, Some(text.to_owned())), drawn);
    }

    /// A paragraph.
    pub fn paragraph(&mut self, drawn: Identifier) {
        self.add(Tag::P, drawn);
    }

    fn add(&mut self, tag: impl Into<TagKind>, drawn: Identifier) {
        let mut group = TagGroup::new(tag);
        group.push(drawn);
        self.tree.push(group);
    }

    /// The header of a column.
    pub fn heading(&mut self, drawn: Identifier) {
        push(&mut self.header, Tag::TH(TableHeaderScope::Column), Some(drawn));
    }

    /// Begins so many rows.
    pub fn open(&mut self, rows: usize) {
        self.open.resize_with(rows, || TagGroup::new(Tag::TR));
    }

    /// A cell of one of the open rows, nothing where it is empty. The first one names the record.
    pub fn cell(&mut self, row: usize, is_first: bool, drawn: Option<Identifier>) {
        let Some(row) = self.open.get_mut(row) else { return };
        match is_first {
            true => push(row, Tag::TH(TableHeaderScope::Row), drawn),
            false => push(row, Tag::TD, drawn),
        }
    }

    /// Ends the open rows.
    pub fn close(&mut self) {
        self.open.drain(..).for_each(|row| self.body.push(row));
    }

    /// Ends the table.
    pub fn end_table(&mut self) {
        let mut head = TagGroup::new(Tag::THead);
        head.push(std::mem::replace(&mut self.header, TagGroup::new(Tag::TR)));
        let mut table = TagGroup::new(Tag::Table);
        table.push(head);
        table.push(std::mem::replace(&mut self.body, TagGroup::new(Tag::TBody)));
        self.tree.push(table);
    }

    /// The whole.
    pub fn finish(self) -> TagTree {
        self.tree
    }
}

fn push(row: &mut TagGroup, tag: impl Into<TagKind>, drawn: Option<Identifier>) {
    let mut cell = TagGroup::new(tag);
    drawn.into_iter().for_each(|drawn| cell.push(drawn));
    row.push(cell);
}

/// Draws something that is read.
pub fn content(surface: &mut Surface<'_>, draw: impl FnOnce(&mut Surface<'_>)) -> Identifier {
    let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
    draw(surface);
    surface.end_tagged();
    id
}

/// Draws something that is only seen.
pub fn decoration(surface: &mut Surface<'_>, kind: ArtifactType, draw: impl FnOnce(&mut Surface<'_>)) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
    draw(surface);
    surface.end_tagged();
}

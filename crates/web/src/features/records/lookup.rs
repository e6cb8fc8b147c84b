//! Names and colours of what records refer to by id: members, pipelines, stages, tags.

use crate::data::colors::tag_hue;
use crate::data::{Directory, Query, queries, use_directory, use_query};
use crate::ui::Hue;
use domain::catalog::RecordType;
use domain::page::Page;
use domain::pipelines::{Pipeline, Stage};
use domain::tags::{self, Tag, TagCategory};
use uuid::Uuid;

/// What is needed to show the values of a record type. Made once per page; copy it freely.
#[derive(Clone, Copy)]
pub struct Lookup {
    /// Members and pipelines.
    pub directory: Directory,
    tags: Query<Page<Tag>>,
}

impl Lookup {
    /// For records of this type.
    pub fn new(record: RecordType) -> Self {
        Self::of_tags(record.spec().tag_category)
    }

    fn of_tags(category: TagCategory) -> Self {
        Self { directory: use_directory(), tags: use_query(move || Some(queries::tags(Some(category)))) }
    }

    /// A member's name; empty while it is not known.
    pub fn member(&self, id: Uuid) -> String {
        self.directory.member_name(id)
    }

    /// A stage.
    pub fn stage(&self, id: Uuid) -> Option<Stage> {
        self.directory.stage(id)
    }

    /// A pipeline.
    pub fn pipeline(&self, id: Uuid) -> Option<Pipeline> {
        self.directory.pipeline(id)
    }

    /// The colour of a tag: its own, or one that its name gives.
    pub fn hue(&self, tag: &str) -> Hue {
        let wanted = tags::norm(tag);
        let own = self.tags.data().and_then(|page| {
            let known = page.data.iter().find(|known| tags::norm(&known.name) == wanted)?;
            known.color.clone()
        });
        tag_hue(tag, own.as_deref())
    }

    /// Tags that others have used, the most used first.
    pub fn known_tags(&self) -> Vec<String> {
        let Some(page) = self.tags.data() else { return Vec::new() };
        let mut known: Vec<&Tag> = page.data.iter().collect();
        known.sort_by_key(|tag| std::cmp::Reverse(tag.usage_count));
        known.into_iter().map(|tag| tag.name.clone()).collect()
    }
}

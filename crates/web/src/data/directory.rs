//! Members and pipelines by id: small lists that almost every page needs.

use super::queries;
use super::query::{Query, use_query};
use super::session::{Session, use_session};
use domain::auth::Member;
use domain::page::Page;
use domain::permission::Permission;
use domain::pipelines::{Pipeline, Stage};
use uuid::Uuid;

/// The directory, in context.
#[derive(Clone, Copy)]
pub struct Directory {
    /// Everybody, with former members.
    pub members: Query<Page<Member>>,
    /// Pipelines with their stages.
    pub pipelines: Query<Page<Pipeline>>,
}

/// The directory.
pub fn use_directory() -> Directory {
    super::from_context(|| Directory::new(&use_session()))
}

impl Directory {
    pub(super) fn new(session: &Session) -> Self {
        let (for_members, for_pipelines) = (session.clone(), session.clone());
        Self {
            members: use_query(move || for_members.can(Permission::MemberView).then(queries::members)),
            pipelines: use_query(move || for_pipelines.can(Permission::PipelineView).then(queries::pipelines)),
        }
    }

    /// A member.
    pub fn member(&self, id: Uuid) -> Option<Member> {
        self.members.data()?.data.iter().find(|member| member.id == id).cloned()
    }

    /// A member's name; empty while it is not known.
    pub fn member_name(&self, id: Uuid) -> String {
        self.member(id).map(|member| member.name).unwrap_or_default()
    }

    /// Those who can be made owner of something, by name.
    pub fn active_members(&self) -> Vec<Member> {
        let Some(page) = self.members.data() else { return Vec::new() };
        let mut active: Vec<Member> = page.data.iter().filter(|member| member.active).cloned().collect();
        active.sort_by_key(|member| member.name.to_lowercase());
        active
    }

    /// All pipelines.
    pub fn all_pipelines(&self) -> Vec<Pipeline> {
        self.pipelines.data().map(|page| page.data.clone()).unwrap_or_default()
    }

    /// A pipeline.
    pub fn pipeline(&self, id: Uuid) -> Option<Pipeline> {
        self.pipelines.data()?.data.iter().find(|pipeline| pipeline.id == id).cloned()
    }

    /// Where deals go that name no pipeline.
    pub fn default_pipeline(&self) -> Option<Pipeline> {
        let page = self.pipelines.data()?;
        page.data.iter().find(|pipeline| pipeline.is_default).or_else(|| page.data.first()).cloned()
    }

    /// A stage.
    pub fn stage(&self, id: Uuid) -> Option<Stage> {
        let page = self.pipelines.data()?;
        page.data.iter().flat_map(|pipeline| &pipeline.stages).find(|stage| stage.id == id).cloned()
    }
}

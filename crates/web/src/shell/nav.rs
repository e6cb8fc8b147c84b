//! The pages that can be gone to.

use crate::data::Session;
use crate::features::records::href::list_page;
use crate::features::records::look::look;
use crate::ui::IconName;
use domain::catalog::RecordType;
use domain::permission::Permission;
use std::sync::LazyLock;

/// A page in the sidebar and in the palette.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NavItem {
    /// Its address.
    pub path: &'static str,
    /// Its name.
    pub label: &'static str,
    /// Its icon.
    pub icon: IconName,
    /// Its keys.
    pub keys: Option<&'static str>,
    /// Other words that find it in the palette.
    pub keywords: &'static str,
    /// What one must be allowed to do to open it.
    pub needs: Option<Permission>,
}

/// A page that everybody may open.
pub(crate) const fn item(
    path: &'static str,
    label: &'static str,
    icon: IconName,
    keys: Option<&'static str>,
) -> NavItem {
    NavItem { path, label, icon, keys, keywords: "", needs: None }
}

impl NavItem {
    /// Only for those with a permission.
    pub const fn needs(mut self, permission: Permission) -> Self {
        self.needs = Some(permission);
        self
    }

    /// Adds words that find it in the palette.
    pub const fn keywords(mut self, words: &'static str) -> Self {
        self.keywords = words;
        self
    }

    /// Whether the page at `path` is this one or one below it.
    fn holds(&self, path: &str) -> bool {
        path == self.path
            || (self.path != "/" && path.strip_prefix(self.path).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Whether this person may open it. Tracked.
    pub fn is_allowed(&self, session: &Session) -> bool {
        self.needs.is_none_or(|permission| session.can(permission))
    }
}

/// The icon of a record type, everywhere.
pub(crate) fn icon_of(record: RecordType) -> IconName {
    look(record).icon
}

/// The groups of the sidebar, in order.
pub(super) static GROUPS: LazyLock<[Vec<NavItem>; 2]> = LazyLock::new(|| {
    let home = item("/", "Dashboard", IconName::LayoutDashboard, Some("g h")).keywords("home start overview");
    [vec![home], RecordType::ALL.iter().flat_map(|record| of_records(*record)).collect()]
});

/// The list of a record type, and further pages about such records.
fn of_records(record: RecordType) -> impl Iterator<Item = NavItem> {
    let (look, (label, path)) = (look(record), list_page(record));
    let list = item(path, label, look.list.icon, look.list.keys).keywords(look.list.keywords);
    std::iter::once(list.needs(record.permissions().view)).chain(look.list.beside.iter().copied())
}

/// The last entry of the sidebar.
pub(super) static SETTINGS: NavItem =
    item("/settings", "Settings", IconName::Settings, Some("g s")).keywords("preferences administration");

/// The address of the sidebar's entry to which a page belongs: by its own address, or by that of the outermost page
/// `above` it, as its breadcrumb says.
pub(super) fn entry_of(path: &str, above: Option<&str>) -> Option<&'static str> {
    let entry = |path: &str| GROUPS.iter().flatten().chain([&SETTINGS]).find(|item| item.holds(path));
    entry(path).or_else(|| above.and_then(entry)).map(|item| item.path)
}

/// The pages of the settings.
static SETTINGS_PAGES: &[NavItem] = &[
    item("/settings/profile", "Profile", IconName::User, None).keywords("my name picture theme"),
    item("/settings/organization", "Organization", IconName::Building2, None)
        .needs(Permission::SettingsManage)
        .keywords("currency time zone"),
    item("/settings/members", "Members", IconName::Users, None)
        .needs(Permission::MemberManage)
        .keywords("invite users roles team colleagues"),
    item("/settings/pipelines", "Pipelines", IconName::SquareKanban, None)
        .needs(Permission::PipelineView)
        .keywords("stages"),
    item("/settings/custom-fields", "Custom fields", IconName::Columns3, None)
        .needs(Permission::SettingsManage)
        .keywords("own fields properties attributes columns"),
    item("/settings/tags", "Tags", IconName::Tag, None).needs(Permission::TagView).keywords("labels"),
    item("/settings/duplicates", "Duplicates", IconName::Copy, None)
        .needs(Permission::ContactMerge)
        .keywords("dedupe merge doubles same twice"),
    item("/settings/audit-log", "Audit log", IconName::History, None)
        .needs(Permission::AuditView)
        .keywords("security sign-ins logins who did what history"),
];

/// Every page.
pub(super) fn all() -> impl Iterator<Item = NavItem> {
    GROUPS.iter().flatten().chain([&SETTINGS]).chain(SETTINGS_PAGES).copied()
}

/// The pages of the settings.
pub(crate) fn settings_pages() -> &'static [NavItem] {
    SETTINGS_PAGES
}

//! Roles, permissions and who may do what (the permission map).

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

crate::choices! {
    /// A member's role in the organization.
    Role {
        Owner = "owner" "Owner",
        Admin = "admin" "Admin",
        Manager = "manager" "Manager",
        Member = "member" "Member",
        Viewer = "viewer" "Viewer",
    }
}

impl Role {
    /// Whether this role manages the organization (owner and admin).
    pub const fn is_admin(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }
}

crate::choices! {
    /// How far a permission reaches.
    ///
    /// `own` are the records that one owns or is in the team of, and those without an owner that one has made.
    Access { No = "no" "Refused", Own = "own" "Own records", All = "all" "Every record of the organization" }
}

/// The permission map: `Name "string" admin manager member viewer`.
macro_rules! permissions {
    ($($name:ident $string:literal $admin:ident $manager:ident $member:ident $viewer:ident;)+) => {
        /// A named permission.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Permission { $(#[doc = concat!("`", $string, "`")] $name),+ }

        impl Permission {
            /// Every permission.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The permission's name, as in answers and overrides.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $string),+ }
            }

            /// What a role may do by default.
            pub const fn access(self, role: Role) -> Access {
                match self { $(Self::$name => match role {
                    Role::Owner | Role::Admin => Access::$admin,
                    Role::Manager => Access::$manager,
                    Role::Member => Access::$member,
                    Role::Viewer => Access::$viewer,
                }),+ }
            }
        }

        /// One marker type per permission, for guards that name the permission in their type.
        pub mod perm {
            use super::{Permission, Requires};
            $(
                #[doc = concat!("`", $string, "`")]
                #[derive(Debug, Clone, Copy)]
                pub struct $name;
                impl Requires for $name { const PERMISSION: Permission = Permission::$name; }
            )+
        }
    };
}

/// A type that names a permission.
pub trait Requires: 'static {
    /// The permission named.
    const PERMISSION: Permission;
}

permissions! {
    CompanyCreate "crm.company.create" All All All No;
    CompanyView "crm.company.view" All All All All;
    CompanyUpdate "crm.company.update" All All Own No;
    CompanyDelete "crm.company.delete" All No Own No;
    CompanyExport "crm.company.export" All All No No;
    CompanyMerge "crm.company.merge" All No No No;
    ContactCreate "crm.contact.create" All All All No;
    ContactView "crm.contact.view" All All All All;
    ContactUpdate "crm.contact.update" All All Own No;
    ContactDelete "crm.contact.delete" All No Own No;
    ContactExport "crm.contact.export" All All No No;
    ContactMerge "crm.contact.merge" All No No No;
    DealCreate "crm.deal.create" All All All No;
    DealView "crm.deal.view" All All All All;
    DealUpdate "crm.deal.update" All All Own No;
    DealDelete "crm.deal.delete" All No Own No;
    DealExport "crm.deal.export" All All No No;
    DealWin "crm.deal.win" All All Own No;
    DealLose "crm.deal.lose" All All Own No;
    DealStageChange "crm.deal.stage_change" All All Own No;
    ProductCreate "crm.product.create" All All No No;
    ProductView "crm.product.view" All All All All;
    ProductUpdate "crm.product.update" All All No No;
    ProductDelete "crm.product.delete" All No No No;
    ProductExport "crm.product.export" All All No No;
    PipelineCreate "crm.pipeline.create" All All No No;
    PipelineView "crm.pipeline.view" All All All All;
    PipelineUpdate "crm.pipeline.update" All All No No;
    PipelineDelete "crm.pipeline.delete" All No No No;
    RecordHardDelete "crm.record.hard_delete" All No No No;
    TagView "crm.tag.view" All All All All;
    TagManage "crm.tag.manage" All All No No;
    TagDelete "crm.tag.delete" All No No No;
    ImportRun "import.run" All All No No;
    BulkRun "bulk.run" All All No No;
    BulkDelete "bulk.delete" All No No No;
    MemberView "member.view" All All All All;
    MemberManage "member.manage" All No No No;
    OrgView "org.view" All All All All;
    SettingsManage "crm.settings.manage" All No No No;
    OrgDelete "org.delete" No No No No;
    ReportsView "crm.reports.view" All All All All;
    ActivityView "crm.activity.view" All All All All;
    AuditView "audit.view" All No No No;
    AuditExport "audit.export" All No No No;
    Session "session" All All All All;
}

/// Exceptions to the role on one membership (AUTH-13).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Overrides {
    /// Permissions given beyond the role.
    pub granted: BTreeSet<String>,
    /// Permissions taken away from the role.
    pub withheld: BTreeSet<String>,
}

/// What a member with this role and these exceptions may do.
pub fn access(role: Role, overrides: &Overrides, permission: Permission) -> Access {
    if permission == Permission::OrgDelete {
        return if role == Role::Owner { Access::All } else { Access::No };
    }
    if overrides.withheld.contains(permission.as_str()) {
        return Access::No;
    }
    if overrides.granted.contains(permission.as_str()) {
        return Access::All;
    }
    permission.access(role)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AUTH-08, AUTH-09: the owner alone deletes the organization; otherwise owner and admin are equal.
    #[test]
    fn owner_equals_admin_but_for_the_organization() {
        let none = Overrides::default();
        for permission in Permission::ALL {
            let (owner, admin) = (access(Role::Owner, &none, *permission), access(Role::Admin, &none, *permission));
            if *permission == Permission::OrgDelete {
                assert_eq!((owner, admin), (Access::All, Access::No));
            } else {
                assert_eq!((owner, admin), (Access::All, Access::All), "{}", permission.as_str());
            }
        }
    }

    /// AUTH-10, AUTH-12: a manager deletes nothing and has no settings; a viewer only views, but for the audit log.
    #[test]
    fn managers_do_not_delete_and_viewers_only_view() {
        for permission in Permission::ALL {
            let name = permission.as_str();
            if name.ends_with(".delete") || name == "crm.settings.manage" {
                assert_eq!(permission.access(Role::Manager), Access::No, "{name}");
            }
            let reads = (name.ends_with(".view") && name != "audit.view") || name == "session";
            assert_eq!(permission.access(Role::Viewer) == Access::All, reads, "{name}");
        }
    }

    /// AUTH-13: the contributor of seed 003 is a viewer with exceptions.
    #[test]
    fn overrides_grant_and_withhold() {
        let overrides = Overrides {
            granted: ["crm.contact.create".to_owned()].into(),
            withheld: ["crm.deal.view".to_owned()].into(),
        };
        assert_eq!(access(Role::Viewer, &overrides, Permission::ContactCreate), Access::All);
        assert_eq!(access(Role::Viewer, &overrides, Permission::DealView), Access::No);
        assert_eq!(access(Role::Viewer, &overrides, Permission::CompanyView), Access::All);
    }
}

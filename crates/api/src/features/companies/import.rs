//! Companies: found by domain, then by name; and made on the way where other rows name them.

use crate::db::{TenantTx, statement};
use crate::error::ApiResult;
use crate::features::import::run::Import;
use crate::features::import::run::item::{Existing, Importable, Item, Outcome};
use crate::features::import::run::matching::{Hit, distinct, find};
use crate::features::import::run::tally::Tally;
use crate::records::bulk::{self, Bulk, New};
use domain::catalog::RecordType;
use domain::companies::Company;
use domain::draft::{Draft, Mode};
use domain::import::plan::{ImportMode, RelatedRecords};
use domain::import::row::{CompanyLink, Key};
use domain::import::{Row, norm};
use sea_orm::ConnectionTrait;
use serde_json::{Map, Value as Json};
use std::collections::HashMap;
use uuid::Uuid;

impl Bulk for Company {}

const BY_DOMAIN: &str = "SELECT domain, id, name, NULL::text, false FROM companies \
     WHERE org_id = $1 AND deleted_at IS NULL AND domain = ANY($2) ORDER BY created_at, id";
/// The database normalises names its own way (accents too), so it is asked with the raw name.
const BY_NAME: &str = "SELECT n.raw, c.id, c.name, NULL::text, false FROM unnest($2) AS n (raw) \
     JOIN companies c ON c.org_id = $1 AND c.name_norm = norm_text(n.raw) \
     WHERE c.deleted_at IS NULL ORDER BY c.created_at, c.id";

impl Importable for Company {
    async fn existing(tx: &TenantTx, _import: &Import<'_>, rows: &[&Row]) -> ApiResult<Vec<Option<Existing>>> {
        let link = |row: &Row| {
            let mut link = CompanyLink::default();
            for key in row.keys(RecordType::Company) {
                match key {
                    Key::Domain(domain) => link.domain = Some(domain),
                    Key::Name(name) => link.name = Some(name),
                    Key::Email(_) | Key::Phone(_) | Key::Number(_) => {}
                }
            }
            link
        };
        let links: Vec<CompanyLink> = rows.iter().map(|row| link(row)).collect();
        let known = Known::find(tx, links.iter()).await?;
        Ok(links.iter().map(|l| known.get(l).map(|hit| Existing { id: hit.id, archived: false })).collect())
    }
}

/// The companies that links name.
struct Known {
    by_domain: HashMap<String, Hit>,
    by_name: HashMap<String, Hit>,
}

impl Known {
    async fn find(tx: &TenantTx, links: impl Iterator<Item = &CompanyLink> + Clone) -> ApiResult<Self> {
        let domains = distinct(links.clone().filter_map(|l| l.domain.clone()));
        let names = distinct(links.filter_map(|l| l.name.as_deref()).map(norm));
        Ok(Self { by_domain: find(tx, BY_DOMAIN, domains).await?, by_name: find(tx, BY_NAME, names).await? })
    }

    fn get(&self, link: &CompanyLink) -> Option<&Hit> {
        let by_domain = link.domain.as_ref().and_then(|domain| self.by_domain.get(domain));
        by_domain.or_else(|| link.name.as_ref().and_then(|name| self.by_name.get(&norm(name))))
    }

    fn add(&mut self, link: &CompanyLink, id: Uuid, name: &str) {
        let hit = Hit { id, name: name.to_owned(), other_key: None, archived: false };
        if let Some(domain) = &link.domain {
            self.by_domain.insert(domain.clone(), hit.clone());
        }
        if let Some(name) = &link.name {
            self.by_name.insert(norm(name), hit);
        }
    }
}

/// Makes batches that may make companies wait for each other: what one looks up in vain, another may be about to make.
/// Nothing else may be locked before, so that none waits for a batch that waits for it.
///
/// # Errors
/// The database cannot be reached.
pub(crate) async fn lock(tx: &TenantTx, import: &Import<'_>, items: &[Item]) -> ApiResult<()> {
    let options = &import.plan.options;
    let names_one = |item: &Item| {
        let links = options.related == RelatedRecords::Create && item.row.company.is_some();
        item.outcome == Outcome::Waiting && (links || import.plan.entity == RecordType::Company)
    };
    if items.iter().any(names_one) {
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended('companies.import:' || $1::text, 0))";
        tx.conn().query_one_raw(statement(sql, [tx.org_id().into()])).await?;
    }
    Ok(())
}

/// A record that is only filled up keeps the company that it has: the one that the row names is not looked for.
pub(crate) fn keep_link(row: &mut Row, company: Option<Uuid>, mode: ImportMode) {
    if mode == ImportMode::CreateNew && company.is_some() {
        row.company = None;
    }
}

/// Links rows to the companies that they name; unknown ones are made, each once.
///
/// # Errors
/// The database cannot be reached.
pub(crate) async fn link(
    tx: &TenantTx,
    import: &Import<'_>,
    items: &mut [&mut Item],
    tally: &mut Tally,
) -> ApiResult<()> {
    let links: Vec<(u64, CompanyLink)> =
        items.iter().filter_map(|item| Some((item.number, item.row.company.clone()?))).collect();
    if links.is_empty() {
        return Ok(());
    }
    let mut known = Known::find(tx, links.iter().map(|(_, link)| link)).await?;
    if import.plan.options.related == RelatedRecords::Create {
        let mut rows = Vec::new();
        for (number, link) in &links {
            if known.get(link).is_some() {
                continue;
            }
            let Some(draft) = draft_of(link, &import.plan.options.currency) else { continue };
            let id = Uuid::now_v7();
            known.add(link, id, &Company::title_of(&draft));
            tally.made(RecordType::Company, id, *number);
            rows.push(New { id, draft, related: Vec::new() });
        }
        let made = u32::try_from(rows.len()).unwrap_or(0);
        tally.summary.companies_created = tally.summary.companies_created.saturating_add(made);
        bulk::create::<Company>(tx, &mut rows, &import.details).await?;
    }
    for item in items {
        let Some(link) = &item.row.company else { continue };
        match known.get(link) {
            Some(hit) => {
                let (id, name) = (hit.id, hit.name.clone());
                item.link("company_id", RecordType::Company, id, &name);
            }
            None => {
                let named = link.name.as_deref().or(link.domain.as_deref()).unwrap_or_default();
                let message =
                    format!("There is no company “{}”; the link is left out.", domain::import::value::shorten(named));
                item.warn("company_id", "unknown_company", message);
            }
        }
    }
    Ok(())
}

/// A new company from what a row says about it; none where that is no valid company. It has no more than its name and
/// address: what the organization asks for beside can be filled in later.
fn draft_of(link: &CompanyLink, currency: &str) -> Option<Draft> {
    let name = link.name.as_deref().or(link.domain.as_deref())?;
    let mut input: Map<String, Json> = Map::new();
    input.insert("name".to_owned(), name.into());
    input.insert("currency".to_owned(), currency.into());
    if let Some(domain) = &link.domain {
        input.insert("website".to_owned(), format!("https://{domain}").into());
    }
    Draft::parse(RecordType::Company.standard(), Mode::Create, &input).ok()
}

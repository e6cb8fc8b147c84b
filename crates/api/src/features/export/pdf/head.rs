//! What a PDF says about its table: whose, of what, from when.

use super::table::on_one_line;
use super::tags::LANGUAGE;
use crate::db::TenantTx;
use crate::error::ApiResult;
use crate::events::names;
use crate::features::orgs;
use crate::state::Clock;
use chrono::{DateTime, Datelike, Offset, Timelike};
use chrono_tz::Tz;
use domain::catalog::Schema;
use domain::export::StartExport;
use domain::filter::{Filter, Naming};
use domain::money::grouped;
use domain::page::parse_sort;
use domain::scope::ListScope;
use domain::written;
use krilla::metadata::{self, Metadata};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The longest paragraph, in characters.
const TEXT_MAX: usize = 1_000;

/// What stands above a table and on the foot of its pages.
#[derive(Debug)]
pub struct Head {
    /// What the list is called.
    pub title: String,
    /// The paragraphs under the title.
    pub lines: Vec<String>,
    organization: String,
    made: DateTime<Tz>,
}

impl Head {
    /// Of so many records that an export asks for.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn read(
        tx: &TenantTx,
        clock: &Clock,
        schema: Schema,
        input: &StartExport,
        records: u64,
    ) -> ApiResult<Self> {
        let organization = on_one_line(&orgs::current(tx).await?.name, TEXT_MAX);
        let made = clock.now().with_timezone(&tx.settings().timezone.parse().unwrap_or(Tz::UTC));
        let label = if records == 1 { schema.label } else { schema.label_plural }.to_lowercase();
        let chosen = if input.ids.is_some() { "selected " } else { "" };
        let moment = written::moment(made.naive_local());
        let mut lines =
            vec![format!("{organization} · {} {chosen}{label} · {moment} ({})", grouped(records), made.timezone())];
        let scope = input.query.clone().unwrap_or_default();
        lines.extend(about(tx, schema, &scope).await?.as_deref().map(|words| on_one_line(words, TEXT_MAX)));
        if records == 0 {
            lines.push(format!("There are no {} here.", schema.label_plural.to_lowercase()));
        }
        let title = input.title.as_deref().map(|title| on_one_line(title, TEXT_MAX));
        Ok(Self { title: title.unwrap_or_else(|| schema.label_plural.to_owned()), lines, organization, made })
    }

    /// With this title, for tests.
    #[cfg(test)]
    pub fn sample(title: &str) -> Self {
        let made = DateTime::UNIX_EPOCH.with_timezone(&Tz::Europe__Berlin);
        Self { title: title.to_owned(), lines: vec![title.to_owned()], organization: title.to_owned(), made }
    }

    /// What stands at the foot of every page.
    pub fn foot(&self) -> String {
        format!("{} · {} · {}", self.title, self.organization, written::moment(self.made.naive_local()))
    }

    /// What programs read about the document.
    pub fn metadata(&self) -> Metadata {
        let at = &self.made;
        let small = |number: u32| u8::try_from(number).unwrap_or(0);
        let offset = at.offset().fix().local_minus_utc();
        let made = metadata::DateTime::new(u16::try_from(at.year()).unwrap_or(0))
            .month(small(at.month()))
            .day(small(at.day()))
            .hour(small(at.hour()))
            .minute(small(at.minute()))
            .second(small(at.second()))
            .utc_offset_hour(i8::try_from(offset / 3_600).unwrap_or(0))
            .utc_offset_minute(u8::try_from(offset.abs() / 60 % 60).unwrap_or(0));
        Metadata::new()
            .title(format!("{} – {}", self.title, self.organization))
            .description(self.lines.join("\n"))
            .creator("Rapport".to_owned())
            .language(LANGUAGE.to_owned())
            .creation_date(made)
    }
}

/// Which records of a list these are, and in which order, in words; nothing for all of them in the list's own.
async fn about(tx: &TenantTx, schema: Schema, scope: &ListScope) -> ApiResult<Option<String>> {
    let filter: Option<Filter> = scope.filter.clone().and_then(|json| serde_json::from_value(json).ok());
    let mut ids: BTreeSet<Uuid> = filter.as_ref().map(Filter::ids).unwrap_or_default();
    let mine = tx.user_id().filter(|_| scope.mine);
    ids.extend(mine);
    let names: HashMap<Uuid, String> = names(tx, ids).await?;
    let naming = Naming { names: &names, currency: &tx.settings().currency };
    let filter = filter.map(|filter| filter.words(schema, naming)).filter(|words| !words.is_empty());
    let parts = [
        scope.archived.then(|| "Archived".to_owned()),
        mine.and_then(|id| names.get(&id)).map(|name| format!("Only those of {name}")),
        filter,
        Some(scope.search.trim()).filter(|words| !words.is_empty()).map(|words| format!("Search: “{words}”")),
        order(schema, &scope.sort_by),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Ok((!parts.is_empty()).then(|| parts.join(" · ")))
}

fn order(schema: Schema, sort_by: &str) -> Option<String> {
    let keys = parse_sort(sort_by, None).ok()?;
    let words = keys.iter().filter_map(|key| {
        let label = schema.field(&key.field)?.label;
        Some(if key.descending { format!("{label} (descending)") } else { label.to_owned() })
    });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| format!("Sorted by {}", words.join(", then ")))
}

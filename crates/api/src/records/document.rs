//! The OpenAPI description of the routes that every record type has, made from the catalogue.

use super::Stored;
use super::cursors::OF_PAGES;
use super::query::PARAMETERS;
use crate::http::etag::IfMatch;
use domain::catalog::{Field, Kind, member};
use domain::error::Problem;
use domain::events::{Activity, Timeline};
use domain::page::{ListCursors, Page, Pagination};
use domain::permission::Permission;
use domain::records::Address;
use domain::tags::TagNames;
use serde_json::json;
use utoipa::openapi::path::{
    HttpMethod, Operation, OperationBuilder, ParameterBuilder, ParameterIn, Paths, PathsBuilder,
};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{
    AdditionalProperties, AllOfBuilder, ArrayBuilder, KnownFormat, ObjectBuilder, SchemaFormat, SchemaType, Type,
};
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Required, Response, ResponseBuilder, Schema};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// Name of the input schema of a record type.
fn input_name<R: Stored>() -> String {
    format!("{}Input", R::spec().label)
}

/// All schemas that the routes of `R` refer to.
pub fn schemas<R: Stored>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    R::schemas(schemas);
    schemas.push((R::name().into_owned(), R::schema()));
    schemas.push((input_name::<R>(), input::<R>()));
    schemas.push((page_name(&R::name()), page_of(&R::name())));
    schemas.push((page_name("Activity"), page_of("Activity")));
    add::<Problem>(schemas);
    add::<Pagination>(schemas);
    add::<ListCursors>(schemas);
    add::<TagNames>(schemas);
    add::<Timeline>(schemas);
    add::<Activity>(schemas);
    add::<Address>(schemas);
}

fn add<T: ToSchema + PartialSchema>(schemas: &mut Vec<(String, RefOr<Schema>)>) {
    T::schemas(schemas);
    schemas.push((T::name().into_owned(), T::schema()));
}

/// Name of the schema of a page of `item`.
pub fn page_name(item: &str) -> String {
    format!("{item}Page")
}

/// The schema of a page of `item`. The generic `Page<T>` would be described once per type under one name.
pub fn page_of(item: &str) -> RefOr<Schema> {
    let _shape: Option<Page<()>> = None;
    let object = ObjectBuilder::new()
        .property("data", ArrayBuilder::new().items(Ref::from_schema_name(item)))
        .property("pagination", Ref::from_schema_name(Pagination::name()))
        .required("data")
        .required("pagination");
    Schema::Object(object.build()).into()
}

/// The input of a record type: its writable fields, as the catalogue describes them.
fn input<R: Stored>() -> RefOr<Schema> {
    let spec = R::TYPE.standard();
    let description =
        format!("What can be set on a {}. Absent members stay as they are; null clears.", spec.label.to_lowercase());
    let mut object = ObjectBuilder::new().description(Some(description));
    for field in spec.writable() {
        object = object.property(field.name, value_schema(field));
        if field.is_required() {
            object = object.required(field.name);
        }
    }
    let own = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(true))).description(Some(
        "The organization's own fields by their keys, as `GET /field-definitions` lists them. Absent ones stay as they \
         are; null clears.",
    ));
    object = object.property(member::CUSTOM, own);
    Schema::Object(object.build()).into()
}

fn value_schema(field: &Field) -> RefOr<Schema> {
    let nullable = |t: Type| {
        if field.is_required() { SchemaType::Type(t) } else { SchemaType::from_iter([t, Type::Null]) }
    };
    let text = || ObjectBuilder::new().schema_type(nullable(Type::String)).description(Some(field.label));
    let formatted = |format: &str| text().format(Some(SchemaFormat::Custom(format.to_owned())));
    let ids = |format: KnownFormat| {
        ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format)))
    };
    let object = match field.kind {
        Kind::Text { max } => text().max_length(Some(max)),
        Kind::LongText => text().max_length(Some(domain::catalog::field_limits::LONG_TEXT_MAX)),
        Kind::Email => formatted("email").max_length(Some(domain::catalog::field_limits::EMAIL_MAX)),
        Kind::Phone => formatted("phone").max_length(Some(domain::catalog::field_limits::PHONE_MAX)),
        Kind::Url => formatted("uri").max_length(Some(domain::catalog::field_limits::URL_MAX)),
        Kind::Currency => text().pattern(Some("^[A-Z]{3}$")),
        Kind::TimeZone => text().max_length(Some(64)),
        Kind::Date => formatted("date"),
        Kind::DateTime => formatted("date-time"),
        Kind::Record(_) | Kind::User | Kind::Pipeline => formatted("uuid"),
        Kind::Stage => text().description(Some("Stage, by id or by name")),
        Kind::Integer { min, max } => ObjectBuilder::new()
            .schema_type(nullable(Type::Integer))
            .description(Some(field.label))
            .minimum(Some(f(min)))
            .maximum(Some(f(max))),
        Kind::Money { non_negative } => {
            let money = ObjectBuilder::new()
                .schema_type(nullable(Type::Integer))
                .description(Some(format!("{}, in minor units (cents)", field.label)))
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)));
            if non_negative { money.minimum(Some(0.0)) } else { money }
        }
        Kind::Number => ObjectBuilder::new().schema_type(nullable(Type::Number)).description(Some(field.label)),
        Kind::Boolean => ObjectBuilder::new().schema_type(nullable(Type::Boolean)).description(Some(field.label)),
        Kind::Select(_) => {
            let mut values: Vec<_> = field.choices().iter().map(|c| json!(c.value)).collect();
            if !field.is_required() {
                values.push(json!(null));
            }
            text().enum_values(Some(values))
        }
        Kind::Address => return Ref::from_schema_name(Address::name()).into(),
        Kind::Object => ObjectBuilder::new()
            .schema_type(nullable(Type::Object))
            .description(Some(format!("{}: texts by name", field.label))),
        Kind::Users => return list(field, ids(KnownFormat::Uuid)),
        Kind::Tags | Kind::Names | Kind::MultiSelect(_) => return list(field, ids_text()),
        Kind::LineItems => {
            let items = Ref::from_schema_name(domain::deals::DealProduct::name());
            let array = ArrayBuilder::new().items(items).description(Some(field.label));
            return Schema::Array(array.build()).into();
        }
    };
    Schema::Object(object.build()).into()
}

fn ids_text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).max_length(Some(domain::tags::TAG_MAX))
}

fn list(field: &Field, items: ObjectBuilder) -> RefOr<Schema> {
    let items: RefOr<Schema> = Schema::Object(items.build()).into();
    let array = ArrayBuilder::new()
        .items(items)
        .description(Some(field.label))
        .max_items(Some(domain::catalog::field_limits::LIST_MAX));
    Schema::Array(array.build()).into()
}

/// Bounds are small enough to be exact as floating point numbers.
fn f(n: i64) -> f64 {
    i32::try_from(n).map_or(f64::MAX, f64::from)
}

/// All paths of a record type.
pub fn paths<R: Stored>() -> Paths {
    let spec = R::spec();
    let (one, many) = (spec.label.to_lowercase(), spec.label_plural.to_lowercase());
    let permissions = R::TYPE.permissions();
    let path = |rest: &str| format!("/{}{rest}", spec.table);
    let op = |id: &str, summary: String, permission: Permission| {
        OperationBuilder::new()
            .tag(spec.table)
            .operation_id(Some(format!("{}_{id}", spec.table)))
            .summary(Some(summary))
            .description(Some(format!("**Permissions:** `{}`", permission.as_str())))
            .security(SecurityRequirement::new("session", Vec::<String>::new()))
    };
    let record = || body(Ref::from_schema_name(R::name()), "The record, with its ETag.");
    let input = || json_body(Ref::from_schema_name(input_name::<R>()));
    let list_op = listing::<R>(op("list", format!("Lists {many}"), permissions.view), |_| true);
    let list_op = refusals(list_op, &["401", "403", "422"])
        .response("200", body(Ref::from_schema_name(page_name(&R::name())), "One page."));
    let cursors = format!("Reads cursors at regular distances along the list of {many}, to jump into it");
    let cursors = listing::<R>(op("cursors", cursors, permissions.view), |name| !OF_PAGES.contains(&name));
    let cursors = refusals(cursors, &["401", "403", "422"])
        .response("200", body(Ref::from_schema_name(ListCursors::name()), "The cursors, at most a minute old."));
    let create = refusals(
        op("create", format!("Creates a {one}"), permissions.create),
        &["400", "401", "403", "409", "413", "415", "422"],
    )
    .request_body(Some(input()))
    .response("201", record());
    let mut get = op("get", format!("Reads a {one}"), permissions.view)
        .parameter(query("fields", "Members to answer with, separated by commas."));
    if !R::INCLUDES.is_empty() {
        let names: Vec<_> = R::INCLUDES.iter().map(|(name, _)| *name).collect();
        get = get.parameter(query("include", &format!("Related data to include: {}.", names.join(", "))));
    }
    let get = refusals(id(get), &["401", "403", "404", "422"]).response("200", detail::<R>());
    let update = |method: &str| {
        refusals(
            if_match(id(op(method, format!("Changes the fields sent of a {one}"), permissions.update))),
            &["400", "401", "403", "404", "409", "412", "413", "415", "422"],
        )
        .request_body(Some(input()))
        .response("200", record())
    };
    let delete = refusals(
        if_match(id(op("delete", format!("Archives a {one}, or deletes it for good"), permissions.delete))),
        &["401", "403", "404", "409", "412", "422"],
    )
    .parameter(query("permanent", "`true`: for good. Needs `crm.record.hard_delete`."))
    .response("204", ResponseBuilder::new().description("Done."));
    let restore = refusals(
        if_match(id(op("restore", format!("Brings an archived {one} back"), permissions.delete))),
        &["401", "403", "404", "409", "412"],
    )
    .response("200", record());
    let tag = refusals(
        if_match(id(op("tag", format!("Adds tags to a {one}"), permissions.update))),
        &["400", "401", "403", "404", "412", "413", "415", "422"],
    )
    .request_body(Some(json_body(Ref::from_schema_name(TagNames::name()))))
    .response("200", record());
    let untag = refusals(
        if_match(id(op("untag", format!("Takes tags off a {one}"), permissions.update))),
        &["401", "403", "404", "412", "422"],
    )
    .parameter(query("tags", "Names, separated by commas."))
    .response("200", record());
    let timeline = refusals(
        id(op("timeline", format!("Reads what happened to a {one}, newest first"), permissions.view)),
        &["401", "403", "404", "422"],
    )
    .parameter(query("cursor", "`next_cursor` of an earlier answer."))
    .parameter(query("limit", "Entries per page, 1 to 200."))
    .response("200", body(Ref::from_schema_name(Timeline::name()), "Entries, newest first."));
    let activities = refusals(
        id(op("activities", format!("Lists the activity log of a {one}"), permissions.view)),
        &["401", "403", "404", "422"],
    )
    .parameter(query("page", "Number of the page, from 1."))
    .parameter(query("limit", "Entries per page, 1 to 200."))
    .response("200", body(Ref::from_schema_name(page_name("Activity")), "One page."));
    let entries: Vec<(String, HttpMethod, Operation)> = vec![
        (path(""), HttpMethod::Get, list_op.build()),
        (path(""), HttpMethod::Post, create.build()),
        (path("/cursors"), HttpMethod::Get, cursors.build()),
        (path("/{id}"), HttpMethod::Get, get.build()),
        (path("/{id}"), HttpMethod::Put, update("update").build()),
        (path("/{id}"), HttpMethod::Patch, update("patch").build()),
        (path("/{id}"), HttpMethod::Delete, delete.build()),
        (path("/{id}/restore"), HttpMethod::Post, restore.build()),
        (path("/{id}/tags"), HttpMethod::Post, tag.build()),
        (path("/{id}/tags"), HttpMethod::Delete, untag.build()),
        (path("/{id}/timeline"), HttpMethod::Get, timeline.build()),
        (path("/{id}/activities"), HttpMethod::Get, activities.build()),
    ];
    let mut paths = PathsBuilder::new().build();
    for (path, method, operation) in entries {
        paths.add_path_operation(path, vec![method], operation);
    }
    paths
}

/// Adds the parameters of a list that are wanted, and the shorthands of its filters.
fn listing<R: Stored>(mut operation: OperationBuilder, wanted: impl Fn(&str) -> bool) -> OperationBuilder {
    let spec = R::spec();
    let orders: Vec<&str> = spec.standard.iter().filter(|f| f.is_sortable()).map(|f| f.name).collect();
    let orders = format!(" Of {}, and own fields.", orders.join(", "));
    for (name, description) in PARAMETERS.iter().chain(R::SHORTHANDS).filter(|(name, _)| wanted(name)) {
        let more = if *name == "sort_by" { &orders } else { "" };
        operation = operation.parameter(query(name, &format!("{description}{more}")));
    }
    for field in spec.standard.iter().filter(|f| f.is_filterable()) {
        if !R::SHORTHANDS.iter().any(|(name, _)| *name == field.name) {
            let description = format!("{} is this, or one of these (comma-separated).", field.label);
            operation = operation.parameter(query(field.name, &description));
        }
    }
    operation
}

fn query(name: &str, description: &str) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
}

fn id(operation: OperationBuilder) -> OperationBuilder {
    let schema =
        ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    operation.parameter(
        ParameterBuilder::new()
            .name("id")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(schema)),
    )
}

fn if_match(operation: OperationBuilder) -> OperationBuilder {
    IfMatch::into_params(|| None).into_iter().fold(operation, OperationBuilder::parameter)
}

/// The answer about one record, with what can be included.
fn detail<R: Stored>() -> Response {
    let mut included = ObjectBuilder::new();
    for (name, entry) in R::INCLUDES {
        let Some(entry) = entry else { continue };
        let always = R::ALWAYS_INCLUDED.split(',').any(|always| always == *name);
        let when = if always {
            "Unless `fields` or `include` ask for something else, for who may view them."
        } else {
            "Where `include` names it."
        };
        let list = ArrayBuilder::new().items(Ref::from_schema_name(entry())).description(Some(when));
        included = included.property(*name, list);
    }
    let schema = AllOfBuilder::new().item(Ref::from_schema_name(R::name())).item(included).build();
    let content = ContentBuilder::new().schema(Some(Schema::AllOf(schema))).build();
    ResponseBuilder::new().description("The record, with its ETag.").content("application/json", content).build()
}

fn body(schema: Ref, description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(description).content("application/json", content).build()
}

fn json_body(schema: Ref) -> utoipa::openapi::request_body::RequestBody {
    let content = ContentBuilder::new().schema(Some(schema)).build();
    RequestBodyBuilder::new().content("application/json", content).required(Some(Required::True)).build()
}

fn refusals(operation: OperationBuilder, statuses: &[&str]) -> OperationBuilder {
    statuses.iter().fold(operation, |operation, status| {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
        let description = match *status {
            "400" => "The body could not be read.",
            "401" => "Not signed in.",
            "403" => "The role does not allow it.",
            "404" => "No such record in this organization.",
            "409" => "A value that must be unique is taken, or the state forbids it.",
            "412" => "The record has changed since; it stands in `current`.",
            "413" => "The body is too large.",
            "415" => "The body is not JSON.",
            _ => "Some values are not right; see `fields`.",
        };
        let response = ResponseBuilder::new().description(description).content("application/problem+json", content);
        operation.response(*status, response)
    })
}

//! Signing in, registering, accepting an invitation, renewing a lapsed session.

mod expired;
mod frame;
mod invite;
mod login;
mod password;
mod register;

pub use expired::SessionExpired;
pub use invite::InvitePage;
pub use login::LoginPage;
pub(crate) use register::NAME_MAX;
pub use register::RegisterPage;

use crate::api::ApiFail;
use crate::ui::FormState;
use domain::error::FieldError;

/// Shows a refusal: at the fields it names, and otherwise above the buttons.
pub(crate) fn show_fail(form: FormState, fail: &ApiFail) {
    let fields: Vec<_> = fail.fields().iter().map(|e| (e.field().to_owned(), e.message.clone())).collect();
    let general = fields.is_empty().then(|| fail.message().to_owned());
    form.set_errors(fields, general);
    form.failed();
    form.focus_first_error();
}

/// Checks one field when the person leaves it. An empty one is not nagged about before the form is sent.
pub(crate) fn check_on_blur(form: FormState, path: &'static str, empty: bool, outcome: Result<(), FieldError>) {
    match outcome {
        Err(error) if !empty => form.set_error(path, error.message),
        _ => form.clear_error(path),
    }
}

/// Shows what the local checks found; true when there is nothing.
pub(crate) fn passes(form: FormState, checks: impl IntoIterator<Item = Result<(), FieldError>>) -> bool {
    let errors: Vec<_> = checks.into_iter().filter_map(Result::err).collect();
    if errors.is_empty() {
        return true;
    }
    form.set_errors(errors.into_iter().map(|e| (e.field().to_owned(), e.message)), None);
    form.focus_first_error();
    false
}

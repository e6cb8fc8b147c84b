//! Forms and the API: checks before sending, sending, and refusals at the fields they name.

use crate::api::{ApiFail, ApiResult};
use crate::ui::dom::after_press;
use crate::ui::{FormState, Typed};
use domain::catalog::member;
use domain::error::{FieldError, code};
use leptos::task::spawn_local;

/// Longest name of a person or an organization, in characters.
pub(crate) const NAME_MAX: usize = 100;

/// Sends a form that has passed its checks. `done` gets the answer; a refusal is shown in the form.
pub(crate) fn send<T: 'static>(
    form: FormState,
    request: impl Future<Output = ApiResult<T>> + 'static,
    done: impl FnOnce(T) + 'static,
) {
    form.start_saving();
    spawn_local(async move {
        match request.await {
            Ok(answer) => {
                form.saved();
                done(answer);
            }
            Err(fail) => show_fail(form, &fail),
        }
    });
}

/// Shows a refusal: at the fields it names, and otherwise above the buttons.
pub(crate) fn show_fail(form: FormState, fail: &ApiFail) {
    form.failed();
    show_errors(form, fail.fields(), fail.fields().is_empty().then(|| fail.message().to_owned()));
}

/// Shows messages at their fields, and a general one; the focus goes to the first.
pub(crate) fn show_errors(form: FormState, errors: &[FieldError], general: Option<String>) {
    form.set_errors(errors.iter().map(|error| (member::of_path(&error.path).0, message(error))), general);
    form.focus_first_error();
}

/// The message of an error; in the lines of a list with the number of the line.
pub(crate) fn message(error: &FieldError) -> String {
    let (_, rest) = member::of_path(&error.path);
    let line = rest.split('/').nth(1).and_then(|part| part.parse::<usize>().ok());
    let words = own_words(&error.code).unwrap_or(&error.message);
    line.map_or_else(|| words.to_owned(), |line| format!("Line {}: {words}", line + 1))
}

/// What is asked for in the words of who types: the API speaks of minor units and of ISO 8601.
fn own_words(code: &str) -> Option<&'static str> {
    match code {
        code::AMOUNT => Some("Please enter an amount such as 1,250.00."),
        code::DATE => Some("Please enter a whole date."),
        code::DATE_TIME => Some("Please enter a whole date and time."),
        _ => None,
    }
}

/// What a control holds; what it could not read is refused with this code (see [`domain::error::code`]).
pub(crate) fn readable<T: Clone>(path: &str, code: &str, typed: &Typed<T>) -> Result<Option<T>, FieldError> {
    if typed.is_unreadable() {
        return Err(FieldError::new(path, code, own_words(code).unwrap_or("Please correct this.")));
    }
    Ok(typed.value().cloned())
}

/// Checks one field when the person leaves it. An empty one is not nagged about before the form is sent.
pub(crate) fn check_on_blur(form: FormState, path: &'static str, empty: bool, outcome: Result<(), FieldError>) {
    after_press(move || match outcome {
        Err(error) if !empty => form.set_error(path, message(&error)),
        _ => form.clear_error(path),
    });
}

/// Shows what the local checks found; true when there is nothing.
pub(crate) fn passes(form: FormState, checks: impl IntoIterator<Item = Result<(), FieldError>>) -> bool {
    let errors: Vec<_> = checks.into_iter().filter_map(Result::err).collect();
    if !errors.is_empty() {
        show_errors(form, &errors, None);
    }
    errors.is_empty()
}

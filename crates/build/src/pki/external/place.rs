//! Where requests are.

use bouquet_model::certificate::Wanted;
pub use bouquet_model::trust::REQUESTS as FOLDER;

/// Returns where the request for a certificate is: a path below `out/` without its extension, such
/// as `pki/requests/orange-server`.
///
/// The part after the last hyphen says what it is for, so that no client is taken for a member.
pub fn request_place(wanted: &Wanted) -> String {
    let file = wanted.places.first().and_then(|place| place.rsplit('/').next());
    match (&wanted.owner, file) {
        (Some(owner), Some(file)) => format!("{FOLDER}/{owner}-{file}"),
        _ => format!("{FOLDER}/shared"),
    }
}

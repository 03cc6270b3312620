//! Any line is the ID of a cluster, and any bytes behind it its list of members, or get a reason why not.

use bouquet_etcd::peer::members_of;

pub(crate) fn run(bytes: &[u8]) {
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let id = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let body = parts.next().unwrap_or_default();
    match members_of(&id, body) {
        // The shortest is `[1],`: serde takes the fields without their names, too.
        Ok(list) => assert!(list.members.len() * 4 <= body.len()),
        Err(error) => {
            let shown = error.to_string();
            assert!(!shown.contains(char::is_control), "{shown:?}");
        }
    }
}

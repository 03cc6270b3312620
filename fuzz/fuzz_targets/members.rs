//! Any line is the ID of a cluster, and any bytes behind it its list of members, or get a reason why not.
//!
//! ```sh
//! mkdir -p fuzz/corpus/members
//! RUSTC_BOOTSTRAP=1 cargo fuzz run members --sanitizer none fuzz/corpus/members fuzz/seeds/members -- -max_total_time=60
//! ```

#![no_main]

use bouquet_etcd::peer::members_of;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
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
});

//! Any bytes are a lock or get a reason why not; a lock that was read is written as the same one.

use bouquet_lock::{Origin, read};
use std::path::Path;

pub(crate) fn run(bytes: &[u8]) {
    match read(bytes) {
        Ok(lock) => assert_eq!(read(lock.text().as_bytes()), Ok(lock)),
        Err(why) => {
            let told = why.explain(Path::new("cluster.lock"), Origin::Package(None));
            assert!(!told.help.is_empty(), "refused without a way out");
            assert!(!told.to_string().contains(char::is_control), "{told}");
        }
    }
}

//! The words of a change.

use bouquet_model::change::Change;

/// To be the model's.
pub(super) trait Words {
    fn is_accepted(&self, written: &[String]) -> bool;
    fn consequence(&self) -> Option<String>;
    fn way(&self) -> Option<String>;
}

impl Words for Change {
    fn is_accepted(&self, written: &[String]) -> bool {
        self.accept().is_some_and(|accept| written.contains(&accept))
    }
    fn consequence(&self) -> Option<String> {
        None
    }
    fn way(&self) -> Option<String> {
        None
    }
}

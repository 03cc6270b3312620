//! What is told of a trial that is healthy.

use super::spec::{FOLDER, list, ports, with};
use crate::trial::block::block;
use crate::trial::there::there;
use bouquet_model::version::EtcdVersion;
use std::time::Duration;

#[test]
fn what_runs_where_the_environment_and_the_end_are_one_block() {
    let metrics = list(&["http://10.0.0.1:2381"]);
    let layout = there(&with(&[("listen-metrics-urls", metrics)]), &FOLDER, &mut ports());
    let text = block(&layout, EtcdVersion::parse("3.5.33").unwrap(), Duration::from_millis(1_234));
    insta::assert_snapshot!(anstream::adapter::strip_str(&text).to_string());
}

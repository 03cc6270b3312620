//! `etcd.env`: a member's options as environment variables.

use crate::artifact::env_file::env_file;
use crate::artifact::header::member_header;
use crate::artifact::proxy::PROXY_VARIABLES;
use crate::artifact::row::Format;
use crate::cluster::{Cluster, Member, Setting};
use crate::settings::settings;

pub(super) static ROW: Format = Format {
    name: "env",
    file: "etcd.env",
    executable: false,
    by_default: true,
    names_release: false,
    about: "the same options as environment variables",
    start: "`EnvironmentFile=` of a unit of your own, `docker run --env-file`, or \
            `set -a; . ./etcd.env; set +a; exec etcd`",
    carries: |_, _| true,
    render: file,
};

/// Renders the file. It sets the proxies of the environment to nothing, which Go takes as none.
fn file(cluster: &Cluster, member: &Member) -> String {
    let what = "for EnvironmentFile= of systemd, for docker --env-file, or in a shell:\n\
                # set -a; . ./etcd.env; set +a; exec etcd";
    let proxies = PROXY_VARIABLES.map(|name| (name.to_owned(), String::new()));
    let option = |setting: Setting| (setting.option().env_name(), setting.value.flag_text());
    let options = settings(cluster, member).into_iter().map(option);
    env_file(member_header(member, what), proxies.into_iter().chain(options))
}

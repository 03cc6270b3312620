//! `compose.yaml`: a member as a service of Docker Compose (compose-spec, `05-services.md`).
//!
//! A project for each member, on its own machine: what it serves and where its data is are the machine's. Compose has no
//! check for missing data; the folders have to be there.

use super::command::flags;
use super::container::{FILES, Mount, OOM_SCORE, image, locks_memory, mounts};
use crate::artifact::header::member_header;
use crate::artifact::proxy::PROXY_VARIABLES;
use crate::artifact::row::Format;
use crate::artifact::yaml::Yaml;
use crate::cluster::{Cluster, Member};
use crate::places::WORKING_FOLDER;

pub(super) static ROW: Format = Format {
    name: "compose",
    file: "compose.yaml",
    executable: false,
    by_default: false,
    names_release: true,
    about: "the same options in a service, for Docker Compose",
    start: "`docker compose up -d` beside it: [in a container](#in-a-container)",
    carries: |_, _| true,
    render: service,
};

/// Returns the whole file. `$` stands twice, because Compose takes `$NAME` and `${NAME}` for variables.
fn service(cluster: &Cluster, member: &Member) -> String {
    let flags = flags(cluster, member);
    let flags = flags.iter().map(|flag| doubled(flag));
    let command: Vec<String> = std::iter::once("etcd".to_owned()).chain(flags).collect();
    let head = member_header(member, "a service, for Docker Compose");
    let project = format!("etcd-{}", member.name.as_str().to_lowercase());
    let service = Yaml::below(head)
        .text("name", &project_name(&project))
        .block("services")
        .block("etcd")
        .text("image", &image(cluster.version))
        .list("command", &command)
        .text("network_mode", "host")
        .text("restart", "on-failure")
        .text("stop_grace_period", "90s")
        .word("oom_score_adj", &OOM_SCORE.to_string());
    let is_given = member.option("data-dir").is_some();
    let service = if is_given { service } else { service.text("working_dir", WORKING_FOLDER) };
    let service = service.block("ulimits").word("nofile", &FILES.to_string());
    let service = if locks_memory(member) { service.word("memlock", "-1") } else { service };
    // Of a client that hands its own proxy on.
    let service = PROXY_VARIABLES
        .iter()
        .fold(service.out().block("environment"), |all, name| all.text(name, ""));
    let service = mounts(cluster, member).iter().fold(service.out().block("volumes"), volume);
    service.end()
}

fn volume(all: Yaml, mount: &Mount) -> Yaml {
    let path = doubled(mount.path.as_str());
    all.item()
        .text("type", "bind")
        .text("source", &path)
        .text("target", &path)
        .word("read_only", if mount.is_written { "false" } else { "true" })
        .block("bind")
        .word("create_host_path", if mount.is_made { "true" } else { "false" })
        .out()
        .out()
}

fn doubled(text: &str) -> String {
    text.replace('$', "$$")
}

/// Returns a name that a project may have: small letters, digits, dashes and underscores.
fn project_name(text: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.chars().map(|c| if plain(c) { c } else { '-' }).collect()
}

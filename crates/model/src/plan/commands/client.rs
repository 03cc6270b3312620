//! What a client gets.

use crate::artifact::shell_word;
use crate::running::RunningClient;

/// Makes the Secret again that a client in Kubernetes has its certificate from, of its folder in `out/`.
pub(in crate::plan) fn client_secret(name: &str) -> String {
    format!("kubectl apply --server-side -k out/clients/{}", shell_word(name))
}

/// Lays a client's files on its machine, which nobody but a person knows.
pub(in crate::plan) fn client_files(
    name: &str,
    before: Option<&RunningClient>,
    client: &RunningClient,
) -> Vec<String> {
    let name = shell_word(name);
    let folder = &client.certs_dir;
    let to = format!("root@HOST:{folder}/");
    let has_folder = |client: &RunningClient| client.trust.is_some() && client.certs_dir == *folder;
    let make =
        format!("ssh -n root@HOST {}", shell_word(&format!("mkdir -p {}", shell_word(folder))));
    let make = (!before.is_some_and(has_folder)).then_some(make);
    let copy = format!("scp out/clients/{name}/* {}", shell_word(&to));
    [make, Some(copy)].into_iter().flatten().collect()
}

//! Names, tokens, and who has which.

use super::support::{finds, silent, spec};

#[test]
fn duplicate_name_is_reported_with_both_spans() {
    finds!(spec().member(2, "name = «\"pink\"»\nip = \"10.0.0.3\""));
}

#[test]
fn names_that_differ_in_case_alone_are_told_apart_by_no_dns() {
    finds!(spec().member(2, "name = «\"Pink\"»\nip = \"10.0.0.3\""));
}

#[test]
fn name_with_an_equals_sign_cannot_stand_in_initial_cluster() {
    finds!(spec().member(0, "name = «\"pink=1\"»\nip = \"10.0.0.1\""));
}

#[test]
fn name_with_a_comma_cannot_stand_in_initial_cluster() {
    finds!(spec().member(0, "name = «\"pink,2\"»\nip = \"10.0.0.1\""));
}

#[test]
fn name_that_a_shell_would_run_is_refused() {
    finds!(spec().member(0, "name = «\"$(reboot)\"»\nip = \"10.0.0.1\""));
}

#[test]
fn name_with_quotes_is_refused() {
    finds!(spec().member(0, "name = «'pi\"nk'»\nip = \"10.0.0.1\""));
}

#[test]
fn name_with_a_line_break_is_shown_escaped() {
    finds!(spec().member(0, "name = «\"pink\\norange\"»\nip = \"10.0.0.1\""));
}

#[test]
fn name_outside_of_ascii_is_refused() {
    finds!(spec().member(0, "name = «\"pivoine-rosée\"»\nip = \"10.0.0.1\""));
}

#[test]
fn name_that_turns_the_text_around_is_shown_escaped() {
    finds!(spec().member(0, "name = «\"\\u202Eknip\"»\nip = \"10.0.0.1\""));
}

#[test]
fn name_that_climbs_out_of_its_folder_is_refused() {
    finds!(spec().member(0, "name = «\"../pink\"»\nip = \"10.0.0.1\""));
}

#[test]
fn name_that_looks_like_an_option_is_refused() {
    finds!(spec().member(0, "name = «\"-pink\"»\nip = \"10.0.0.1\""));
}

#[test]
fn empty_name_is_refused() {
    finds!(spec().member(0, "name = «\"\"»\nip = \"10.0.0.1\""));
}

#[test]
fn name_longer_than_a_common_name_is_refused() {
    let name = "p".repeat(65);
    finds!(spec().member(0, &format!("name = «\"{name}\"»\nip = \"10.0.0.1\"")));
}

#[test]
fn ssh_destination_that_ssh_would_take_for_an_option_is_refused() {
    let lines = "name = \"pink\"\nip = \"10.0.0.1\"\nssh = «\"-oProxyCommand=reboot\"»";
    finds!(spec().member(0, lines));
}

#[test]
fn ssh_destination_with_a_port_belongs_into_ssh_config() {
    finds!(spec().member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nssh = «\"root@10.0.0.1:22\"»"));
}

#[test]
fn one_ssh_destination_may_be_that_of_several_members() {
    let ssh = |name, port| format!("name = \"{name}\"\nip = \"10.0.0.{port}\"\nssh = \"bastion\"");
    silent(&spec().member(0, &ssh("pink", 1)).member(1, &ssh("orange", 2)));
}

#[test]
fn duplicate_client_is_reported_with_both_spans() {
    finds!(spec().clients("[[client]]\nname = \"root\"\n\n[[client]]\nname = «\"root\"»"));
}

#[test]
fn client_name_that_a_path_would_read_is_refused() {
    finds!(spec().clients("[[client]]\nname = «\"a/b\"»"));
}

#[test]
fn duplicate_host_name_is_reported_with_both_spans() {
    finds!(
        spec()
            .member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nhostname = \"pink.example\"")
            .member(1, "name = \"orange\"\nip = \"10.0.0.2\"\nhostname = «\"pink.example\"»")
    );
}

#[test]
fn host_name_with_a_wildcard_is_not_one_host() {
    finds!(spec().member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nhostname = «\"*.example\"»"));
}

#[test]
fn host_name_that_is_an_address_belongs_elsewhere() {
    finds!(spec().member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nhostname = «\"10.0.0.1\"»"));
}

#[test]
fn host_name_with_an_underscore_is_refused() {
    finds!(spec().member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nhostname = «\"my_host\"»"));
}

#[test]
fn empty_token_is_refused() {
    finds!(spec().cluster("token = «\"\"»\netcd = \"3.5.30\""));
}

#[test]
fn token_with_a_line_break_is_refused() {
    finds!(spec().cluster("token = «\"a\\nb\"»\netcd = \"3.5.30\""));
}

#[test]
fn state_that_etcd_would_not_know_is_corrected() {
    finds!(spec().cluster("token = \"tok-1\"\netcd = \"3.5.30\"\nstate = «\"exist\"»"));
}

#[test]
fn members_that_join_at_once_are_told_to_take_turns() {
    finds!(
        spec()
            .member(1, "name = \"orange\"\nip = \"10.0.0.2\"\nstate = \"existing\"")
            .member(2, "name = \"camellia\"\nip = \"10.0.0.3\"\nstate = ‹\"existing\"›")
    );
}

#[test]
fn no_client_at_all_is_worth_a_warning() {
    finds!(spec().clients(""));
}

#[test]
fn names_with_one_constant_are_worth_a_warning_with_both_spans() {
    finds!(
        spec()
            .member(0, "name = \"rack-1.a\"\nip = \"10.0.0.1\"")
            .member(1, "name = ‹\"rack_1_a\"›\nip = \"10.0.0.2\"")
            .clients("[[client]]\nname = \"k-s\"\n[[client]]\nname = ‹\"k.s\"›")
    );
}

#[test]
fn client_with_the_name_of_a_member_would_be_one_user_with_it() {
    finds!(spec().clients("[[client]]\nname = ‹\"pink\"›"));
}

#[test]
fn client_whose_name_differs_from_a_members_in_case_alone_is_told_so() {
    finds!(spec().clients("[[client]]\nname = ‹\"Pink\"›"));
}

#[test]
fn client_without_a_common_name_shares_a_members_name_all_the_same() {
    finds!(spec().clients("[[client]]\nname = ‹\"pink\"›\ncommon-name = false"));
}

#[test]
fn member_called_root_would_be_root() {
    finds!(spec().member(0, "name = ‹\"root\"›\nip = \"10.0.0.1\""));
}

#[test]
fn shared_certificate_in_the_name_of_root_would_make_each_member_root() {
    finds!(spec().tls("layout = \"shared\"\ncommon-name = ‹\"root\"›"));
}

#[test]
fn client_root_without_a_common_name_is_no_root() {
    finds!(spec().clients("[[client]]\nname = \"root\"\ncommon-name = ‹false›"));
}

#[test]
fn client_root_in_capitals_is_not_root() {
    finds!(spec().clients("[[client]]\nname = ‹\"ROOT\"›"));
}

#[test]
fn names_of_users_say_nothing_without_certificates() {
    let without = "name = \"pink\"";
    let said = super::support::findings(
        &spec().tls("enabled = ‹false›").clients(&format!("[[client]]\n{without}")),
    );
    assert!(!said.contains("user"), "{said}");
}

#[test]
fn program_that_is_not_known_is_corrected() {
    finds!(spec().clients("[[client]]\nname = \"pg\"\nfor = «\"patron\"»"));
}

#[test]
fn common_name_for_a_program_that_uses_the_gateway_is_refused() {
    finds!(spec().clients("[[client]]\nname = \"pg\"\nfor = \"patroni\"\ncommon-name = «true»"));
}

#[test]
fn common_name_that_is_empty_is_told_how_to_have_none() {
    finds!(spec().clients("[[client]]\nname = \"pg\"\ncommon-name = «\"\"»"));
}

#[test]
fn common_names_of_clients_may_be_left_out() {
    for lines in
        ["for = \"patroni\"", "for = \"apisix\"\ncommon-name = false", "common-name = true"]
    {
        silent(&spec().clients(&format!("[[client]]\nname = \"pg\"\n{lines}")));
    }
}

#[test]
fn host_name_beyond_ascii_is_answered_with_its_form_in_dns() {
    finds!(
        spec()
            .tls("extra-sans = [\"a.example\", «\"*.bücher.de\"», «\"etcd_1\"»]")
            .member(0, "name = \"pink\"\nip = \"10.0.0.1\"\nhostname = «\"bücher.de\"»")
    );
}

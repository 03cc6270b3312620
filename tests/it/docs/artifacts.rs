//! What members and clients get stands in the documents as the model has it.

use super::page::Page;
use super::tables::put;
use bouquet_model::artifact::{CLIENT_FILES, FORMATS};
use bouquet_model::program::PROGRAMS;
use std::fmt::Write as _;

#[test]
fn every_form_of_a_member_is_listed_as_it_is() {
    let rows = FORMATS.iter().map(|row| [code(row.name), code(row.file), row.about.to_owned()]);
    put(&mut Page::read("docs/commands.md"), "forms", &table(["form", "file", "what"], rows));
    let rows = FORMATS.iter().map(|row| [code(row.file), row.start.to_owned()]);
    put(&mut Page::read("docs/guide.md"), "formats", &table(["file", "how"], rows));
}

#[test]
fn every_file_of_a_client_is_listed_as_it_is() {
    let rows =
        CLIENT_FILES.iter().map(|row| [code(row.file), row.about.to_owned(), row.whom.to_string()]);
    let table = table(["file", "what", "who gets it"], rows);
    put(&mut Page::read("docs/clients.md"), "client-files", &table);
}

#[test]
fn every_program_is_listed_as_it_is() {
    let rows = PROGRAMS.iter().map(|program| {
        let folder = program.certs_dir.map_or_else(String::new, code);
        let needs: Vec<String> = program.needs.iter().map(ToString::to_string).collect();
        [code(program.name), program.about.to_owned(), folder, needs.join(", ")]
    });
    let table = table(["`for`", "what it is", "`certs-dir`, unless written", "needs"], rows);
    put(&mut Page::read("docs/clients.md"), "programs", &table);
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn table<const N: usize>(heads: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut table = format!("| {} |\n|{}\n", heads.join(" | "), "---|".repeat(N));
    for row in rows {
        let _ = writeln!(table, "| {} |", row.join(" | "));
    }
    table
}

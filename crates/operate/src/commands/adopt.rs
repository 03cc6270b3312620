//! `adopt`: the spec of a cluster that runs already.

use crate::adopt::{Adopt, Adopted, Sources, adopt, next};
use crate::cli::AdoptArgs;
use crate::environment::Environment;
use crate::exit::Exit;
use crate::failure::shown;
use crate::outcome::{Outcome, Work};

pub(super) fn run(args: &AdoptArgs, environment: &Environment<'_>) -> Outcome {
    let here = environment.current_dir.clone();
    let output = args.output.as_ref().map(|file| here.join(file));
    let package = output.as_ref().and_then(|file| file.parent()).unwrap_or(&here).to_owned();
    let sources = Sources {
        files: args.configurations.clone(),
        command: args.command.clone(),
        form: args.form,
        version: args.etcd,
        ips: args.ip.iter().cloned().collect(),
        certs: args.certs.clone(),
        here,
        package,
        content: environment.read,
    };
    let Adopted { text, told } = match adopt(&sources) {
        Ok(adopted) => adopted,
        Err(errors) => {
            let stderr = errors.iter().map(shown).collect();
            return Outcome { stderr, exit: Exit::Failed, ..Outcome::data(String::new()) };
        }
    };
    let exit = if told.is_whole() { Exit::Done } else { Exit::Failed };
    let (stdout, work) = match (output, &args.output) {
        (Some(file), Some(typed_as)) => {
            let shown = typed_as.display().to_string();
            let next = next(typed_as);
            (String::new(), Some(Work::Adopt(Adopt { file, shown, text, next, exit })))
        }
        _ => (text, None),
    };
    Outcome { stdout, stderr: told.text(), exit, work }
}

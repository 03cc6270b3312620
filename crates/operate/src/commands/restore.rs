//! `restore`: what brings a snapshot back.

use crate::cli::RestoreArgs;
use crate::environment::Environment;
use crate::outcome::{Outcome, Work};
use crate::restore::{Drill, Restore};
use crate::typed::typed;
use std::path::PathBuf;

pub(super) fn run(args: &RestoreArgs, program: &str, environment: &Environment<'_>) -> Outcome {
    if args.drill {
        // From here on they lead there from any folder.
        let place = |file: &PathBuf| environment.current_dir.join(file);
        return Outcome::work(Work::Drill(Drill {
            file: place(&args.file),
            shown: args.file.display().to_string(),
            etcd: args.etcd.as_ref().map(place),
            log: args.log,
            json: args.json,
        }));
    }
    Outcome::work(Work::Restore(Restore {
        file: args.file.clone(),
        member: args.member.clone(),
        json: args.json,
        program: typed(program, environment),
    }))
}

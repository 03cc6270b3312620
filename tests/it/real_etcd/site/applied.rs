//! A plan that the program carries out by itself: what it has no way to, is done on the machines as it is printed.

use super::{Site, typed};
use serde_json::Value;
use std::fs;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How a run of `apply` ended.
pub(in crate::real_etcd) struct Applied {
    pub(in crate::real_etcd) code: i32,
    pub(in crate::real_etcd) stdout: String,
    pub(in crate::real_etcd) stderr: String,
    /// The words of the steps that somebody else had to do.
    pub(in crate::real_etcd) asked: Vec<String>,
}

impl Site {
    /// Has the plan carried out, with these options.
    pub(in crate::real_etcd) fn applies(&mut self, options: &str) -> Applied {
        let mut child = self.begins_to_apply(options);
        let mut asked = Vec::new();
        let code = loop {
            if let Some(status) = child.try_wait().expect("a process") {
                break status.code().expect("a code");
            }
            asked.extend(self.does_what_is_asked());
            sleep(Duration::from_millis(20));
        };
        let read = |name: &str| fs::read_to_string(self.path(name)).unwrap_or_default();
        let (stdout, stderr) = (read("apply.out"), read("apply.err"));
        self.typed.extend(["$ bouquet apply ", options, "\n", &stdout, &stderr]);
        Applied { code, stdout, stderr, asked }
    }

    /// Has it carried out for so long, and kills it then with whoever it asks; how it ended, if it did before.
    pub(in crate::real_etcd) fn applies_for(&mut self, time: Duration) -> Option<i32> {
        let begin = Instant::now();
        let mut child = self.begins_to_apply("");
        while begin.elapsed() < time {
            if let Some(status) = child.try_wait().expect("a process") {
                return status.code();
            }
            self.does_what_is_asked();
            sleep(Duration::from_millis(20));
        }
        let group = format!("-{}", child.id());
        let killed = Command::new("kill").args(["-KILL", "--", &group]).status();
        assert!(killed.expect("kill runs").success());
        child.wait().expect("a process");
        for file in ["asked", "asked.new", "answer"] {
            let _ = fs::remove_file(self.path(file));
        }
        self.typed.extend(["$ bouquet apply, killed\n", &self.applied()]);
        None
    }

    /// What it said last.
    pub(in crate::real_etcd) fn applied(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.path(name)).unwrap_or_default();
        read("apply.out") + &read("apply.err")
    }

    /// Begins with it.
    pub(in crate::real_etcd) fn begins_to_apply(&self, options: &str) -> Child {
        let line =
            format!("exec bouquet apply --yes --hook hands {options} >apply.out 2>apply.err");
        self.control.command(&line).spawn().expect("a shell")
    }

    /// Does a step that somebody is asked for, if there is one; its word.
    pub(in crate::real_etcd) fn does_what_is_asked(&mut self) -> Option<String> {
        let text = fs::read_to_string(self.path("asked")).ok()?;
        fs::remove_file(self.path("asked")).expect("a file");
        let step: Value = serde_json::from_str(&text).expect("JSON");
        let folder = |name: &str| self.client_of(name).folder;
        let script = typed::script(core::slice::from_ref(&step), &self.machines, &folder);
        let (ok, said) = self.control.shell(&script);
        self.typed.extend([script.as_str(), "\n", &said, "\n"]);
        fs::write(self.path("answer.new"), if ok { "0\n" } else { "1\n" }).expect("a file");
        fs::rename(self.path("answer.new"), self.path("answer")).expect("a file");
        Some(step["action"].as_str().expect("a word").to_owned())
    }
}

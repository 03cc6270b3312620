//! The edge: whether a path of an image stays in it, wherever its links lead.

use super::root::Machine;
use rustix::io::Errno;
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// As many as the kernel follows on one path (`path_resolution(7)`).
const MOST: usize = 40;

/// A link in an image, by its path there, and what it says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) place: PathBuf,
    pub(crate) target: PathBuf,
}

impl Link {
    /// Returns where it leads in the image as it is once it has booted, where nothing is above `/`.
    pub(crate) fn inside(&self) -> PathBuf {
        led(self.place.parent().unwrap_or(Path::new("/")), &self.target)
    }
}

/// Returns where a link in a folder leads, which no link leads to; nothing is above `/`.
pub(crate) fn led(folder: &Path, link: &Path) -> PathBuf {
    let mut folder = folder.to_owned();
    let mut rest = link;
    while let Ok(above) = rest.strip_prefix("..") {
        folder.pop();
        rest = above;
    }
    folder.join(rest)
}

impl Machine<'_> {
    /// Returns the link on the way to a path that leads out of the image. What is not there yet leads nowhere.
    ///
    /// # Errors
    /// If it cannot be looked at, or leads round and round.
    pub(crate) fn way_out(&self, path: &Path) -> io::Result<Option<Link>> {
        let Some(root) = self.root else { return Ok(None) };
        let mut here = PathBuf::new();
        let mut rest: VecDeque<Option<OsString>> = parts(path).collect();
        let mut followed: Vec<Link> = Vec::new();
        while let Some(part) = rest.pop_front() {
            let Some(name) = part else {
                if !here.pop() {
                    return Ok(followed.pop());
                }
                continue;
            };
            here.push(name);
            match fs::symlink_metadata(root.join(&here)) {
                Ok(facts) if facts.is_symlink() => {}
                Ok(_) => continue,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
            }
            let target = fs::read_link(root.join(&here))?;
            let leads_out = target.is_absolute();
            if followed.len() >= MOST {
                return Err(Errno::LOOP.into());
            }
            for part in parts(&target).collect::<Vec<_>>().into_iter().rev() {
                rest.push_front(part);
            }
            followed.push(Link { place: Path::new("/").join(&here), target });
            if leads_out {
                return Ok(followed.pop());
            }
            here.pop();
        }
        Ok(None)
    }
}

/// The names in a path; `None` for the folder above.
fn parts(path: &Path) -> impl Iterator<Item = Option<OsString>> + '_ {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(Some(name.to_owned())),
        Component::ParentDir => Some(None),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    })
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "these tests make an image")]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_link_that_leads_out_of_an_image_is_found_and_one_that_stays_in_it_is_not() {
        let root = tempfile::tempdir().expect("a folder");
        let at = |path: &str| root.path().join(path);
        fs::create_dir_all(at("srv/etcd")).expect("folders");
        fs::create_dir_all(at("opt")).expect("folders");
        for (place, target) in [
            ("opt/inside", "../srv/etcd"),
            ("opt/absolute", "/srv/etcd"),
            ("opt/above", "../../srv/etcd"),
            ("opt/round", "round"),
            ("srv/etcd/deep", "../../opt/absolute"),
        ] {
            symlink(target, at(place)).expect("a link");
        }
        let machine = Machine { root: Some(root.path()) };
        let out = |path: &str| machine.way_out(Path::new(path)).expect("it can be looked at");
        for path in ["/opt/inside/certs", "/opt/nothing/there", "/srv/etcd", "/"] {
            assert_eq!(out(path), None, "{path}");
        }
        let link =
            |place: &str, target: &str| Some(Link { place: place.into(), target: target.into() });
        assert_eq!(out("/opt/absolute/certs"), link("/opt/absolute", "/srv/etcd"));
        assert_eq!(out("/opt/above"), link("/opt/above", "../../srv/etcd"));
        assert!(machine.way_out(Path::new("/opt/round")).is_err());
        let inside = |path: &str| out(path).map(|link| link.inside());
        for path in ["/opt/absolute", "/opt/above"] {
            assert_eq!(inside(path), Some("/srv/etcd".into()), "{path}");
        }
        assert_eq!(out("/opt/inside/deep/certs"), link("/opt/absolute", "/srv/etcd"));
        let own = Machine { root: None };
        assert_eq!(own.way_out(&at("opt/absolute")).expect("nothing is looked at"), None);
    }
}

//! The edge: where the links of an image lead, as they do once it has booted, and whether a path of it stays in it.

use super::root::Machine;
use crate::if_there::if_there;
use rustix::io::Errno;
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// As many as the kernel follows on one path (`path_resolution(7)`).
const MOST: usize = 40;

/// A link in an image, by its path there, and what it says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) place: PathBuf,
    pub(crate) target: PathBuf,
}

/// A step on a way: a name, or the folder above; and which of the links that were followed says so.
type Step = (Option<OsString>, Option<usize>);

/// A way that is walked as the kernel does it after `chroot`: nothing is above `/`, and an absolute link begins there.
#[derive(Default)]
struct Walk {
    /// Where it is: no part of that is a link.
    here: PathBuf,
    followed: Vec<Link>,
    /// The first link that leads out for those who look from outside.
    leads_out: Option<usize>,
}

impl Machine<'_> {
    /// Returns the link on the way to a path that leads out of the image. What is not there yet leads nowhere.
    ///
    /// # Errors
    /// If it cannot be looked at, or leads round and round.
    pub(crate) fn way_out(&self, path: &Path) -> io::Result<Option<Link>> {
        if self.root.is_none() {
            return Ok(None);
        }
        let mut walk = self.walk(path, true)?;
        Ok(walk.leads_out.map(|number| walk.followed.swap_remove(number)))
    }

    /// Returns where a path ends with all links followed. What is not there is taken for a folder.
    ///
    /// # Errors
    /// If it cannot be looked at, or leads round and round.
    pub(crate) fn real(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(Path::new("/").join(self.walk(path, false)?.here))
    }

    /// Returns where a link in a folder leads, without `.` and `..`. A link on the way to it stays one, but for what has
    /// `..` behind it.
    ///
    /// # Errors
    /// If it cannot be looked at, or leads round and round.
    pub(crate) fn led(&self, folder: &Path, link: &Path) -> io::Result<PathBuf> {
        let mut here = folder.to_owned();
        if link.is_absolute() {
            here = PathBuf::from("/");
        }
        for part in parts(link) {
            if let Some(name) = part {
                here.push(name);
            } else {
                here = self.real(&here)?;
                here.pop();
            }
        }
        Ok(here)
    }

    /// Walks a way to its end, or until it leads out.
    fn walk(&self, path: &Path, stays: bool) -> io::Result<Walk> {
        let mut walk = Walk::default();
        let mut rest: VecDeque<Step> = parts(path).map(|part| (part, None)).collect();
        while let Some((part, of)) = rest.pop_front() {
            let Some(name) = part else {
                if !walk.here.pop() && stays {
                    walk.leads_out = of;
                    return Ok(walk);
                }
                continue;
            };
            walk.here.push(name);
            let place = Path::new("/").join(&walk.here);
            match if_there(fs::symlink_metadata(self.path(&place)))? {
                Some(facts) if facts.is_symlink() => {}
                None if stays => return Ok(walk),
                Some(_) | None => continue,
            }
            let target = fs::read_link(self.path(&place))?;
            if walk.followed.len() >= MOST {
                return Err(Errno::LOOP.into());
            }
            let number = walk.followed.len();
            for part in parts(&target).collect::<Vec<_>>().into_iter().rev() {
                rest.push_front((part, Some(number)));
            }
            walk.here.pop();
            if target.is_absolute() {
                walk.here = PathBuf::new();
                if stays {
                    walk.leads_out = Some(number);
                }
            }
            walk.followed.push(Link { place, target });
            if walk.leads_out.is_some() {
                break;
            }
        }
        Ok(walk)
    }
}

/// Returns the names in a path; `None` for the folder above.
fn parts(path: &Path) -> impl Iterator<Item = Option<OsString>> + '_ {
    path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(Some(name.to_owned())),
        Component::ParentDir => Some(None),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    })
}

/// Returns what a link in a folder says that leads to a path, without a word of where both are. Neither has `.` or `..`.
pub(crate) fn relative(folder: &Path, path: &Path) -> PathBuf {
    let shared = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(path.components().skip(shared)).collect();
    if way.as_os_str().is_empty() { PathBuf::from(".") } else { way }
}

#[cfg(test)]
mod tests;

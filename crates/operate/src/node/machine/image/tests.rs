//! Links in an image, beside what the kernel makes of them.

#![expect(clippy::disallowed_methods, reason = "these tests make an image")]

use super::*;
use proptest::prelude::*;
use rustix::fs::{Mode, OFlags, ResolveFlags, openat2};
use std::fs::File;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::symlink;

#[test]
fn a_link_that_leads_out_of_an_image_is_found_and_one_that_stays_in_it_is_not() {
    let root = tempfile::tempdir().expect("a folder");
    let at = |path: &str| root.path().join(path);
    fs::create_dir_all(at("srv/etcd")).expect("folders");
    fs::create_dir_all(at("opt/deep")).expect("folders");
    for (place, target) in [
        ("opt/inside", "../srv/etcd"),
        ("opt/absolute", "/srv/etcd"),
        ("opt/above", "../../srv/etcd"),
        ("opt/dots", "./deep/../../srv/etcd"),
        ("opt/far", "deep/../../../srv/./etcd"),
        ("opt/round", "round"),
        ("opt/to-deep", "deep"),
        ("opt/beyond", "to-deep/../../../srv/etcd"),
        ("srv/etcd/deep", "../../opt/absolute"),
    ] {
        symlink(target, at(place)).expect("a link");
    }
    let machine = Machine { root: Some(root.path()) };
    let out = |path: &str| machine.way_out(Path::new(path)).expect("it can be looked at");
    for path in
        ["/opt/inside/certs", "/opt/nothing/there", "/srv/etcd", "/", "/opt/dots", "/opt/to-deep"]
    {
        assert_eq!(out(path), None, "{path}");
    }
    assert_eq!(out("/opt/inside/deep/certs"), out("/opt/absolute"));
    assert!(machine.way_out(Path::new("/opt/round")).is_err());
    // It is the one that says so, and not one on its way.
    for name in ["absolute", "above", "far", "beyond"] {
        let link = out(&format!("/opt/{name}/certs")).expect("it leads out");
        assert_eq!(link.place, Path::new("/opt").join(name));
        let folder = Path::new("/opt");
        let inside = machine.led(folder, &link.target).expect("it can be looked at");
        assert_eq!(inside, Path::new("/srv/etcd"), "{name}");
        assert_eq!(relative(folder, &inside), Path::new("../srv/etcd"), "{name}");
    }
    let own = Machine { root: None };
    assert_eq!(own.way_out(&at("opt/absolute")).expect("nothing is looked at"), None);
}

#[test]
fn a_way_from_a_folder_is_as_short_as_it_can_be() {
    for (folder, path, way) in [
        ("/opt", "/srv/etcd", "../srv/etcd"),
        ("/opt/etcd", "/opt/site", "../site"),
        ("/", "/srv", "srv"),
        ("/opt", "/opt/ca.crt", "ca.crt"),
        ("/opt/a/b", "/opt", "../.."),
        ("/opt", "/opt", "."),
        ("/opt/a", "/", "../.."),
    ] {
        assert_eq!(relative(Path::new(folder), Path::new(path)), Path::new(way), "{folder} {path}");
    }
}

/// Returns where the kernel is led that takes a folder for `/`, as after `chroot` (openat2(2)).
fn kernel(root: &Path, path: &Path) -> Result<PathBuf, Errno> {
    let folder = File::open(root).expect("it is there");
    let flags = OFlags::PATH | OFlags::CLOEXEC;
    let file = openat2(&folder, path, flags, Mode::empty(), ResolveFlags::IN_ROOT)?;
    let shown = fs::read_link(format!("/proc/self/fd/{}", file.as_raw_fd())).expect("/proc");
    let root = fs::canonicalize(root).expect("it is there");
    Ok(Path::new("/").join(shown.strip_prefix(root).expect("it is in the image")))
}

/// Returns a few names, so that links meet one another.
fn target() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec!["a", "b", "l", "m", "n", "..", "..", "."]);
    (any::<bool>(), prop::collection::vec(part, 1..6)).prop_map(|(is_absolute, parts)| {
        ["", "/"][usize::from(is_absolute)].to_owned() + &parts.join("/")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_path_ends_where_the_kernel_is_led(
        links in prop::collection::vec((0..4_usize, 0..3_usize, target()), 0..6),
        asked in target(),
    ) {
        const FOLDERS: [&str; 4] = ["", "a", "a/b", "b"];
        let image = tempfile::tempdir().expect("a folder");
        for folder in FOLDERS {
            fs::create_dir_all(image.path().join(folder)).expect("a folder");
        }
        for (folder, name, target) in &links {
            let place = image.path().join(FOLDERS[*folder]).join(["l", "m", "n"][*name]);
            // Of two of one name the first stays.
            let _ = symlink(target, place);
        }
        let machine = Machine { root: Some(image.path()) };
        let asked = Path::new(&asked);
        let kernels = kernel(image.path(), asked);
        let real = machine.real(asked);
        match &kernels {
            Ok(place) => prop_assert_eq!(real.as_ref().expect("it can be followed"), place),
            Err(Errno::LOOP) => prop_assert!(real.is_err(), "{:?}", real),
            Err(error) => prop_assert_eq!(*error, Errno::NOENT),
        }
        for folder in FOLDERS.map(|it| Path::new("/").join(it)) {
            let Ok(place) = kernel(image.path(), &folder.join(asked)) else { continue };
            if asked.is_absolute() {
                continue;
            }
            let led = machine.led(&folder, asked).expect("it can be followed");
            prop_assert!(led.components().all(|it| it != Component::ParentDir), "{:?}", led);
            prop_assert_eq!(kernel(image.path(), &led), Ok(place.clone()));
            // What is printed leads there from outside, too.
            let link = folder.join(relative(&folder, &led));
            prop_assert_eq!(kernel(image.path(), &link), Ok(place));
        }
        // One that does not lead out is the same from outside.
        if let (Ok(None), Ok(place)) = (machine.way_out(asked), kernels) {
            let outside = fs::canonicalize(machine.path(asked));
            let inside = fs::canonicalize(image.path()).expect("it is there");
            let inside = inside.join(place.strip_prefix("/").expect("an absolute path"));
            if !asked.components().any(|it| it == Component::ParentDir) {
                prop_assert_eq!(outside.expect("it is there"), inside);
            }
        }
    }
}

/// As many as that, and no more.
#[test]
fn the_kernel_follows_as_many_links() {
    let image = tempfile::tempdir().expect("a folder");
    for number in 0..=MOST {
        let target = if number == 0 { "end".to_owned() } else { (number - 1).to_string() };
        symlink(target, image.path().join(number.to_string())).expect("a link");
    }
    fs::write(image.path().join("end"), "").expect("a file");
    let machine = Machine { root: Some(image.path()) };
    for (links, is_led) in [(MOST, true), (MOST + 1, false)] {
        let path = PathBuf::from(format!("/{}", links - 1));
        assert_eq!(kernel(image.path(), &path).is_ok(), is_led, "{links}");
        assert_eq!(machine.real(&path).is_ok(), is_led, "{links}");
    }
}

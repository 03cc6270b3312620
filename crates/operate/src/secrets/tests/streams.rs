//! The form of a stream.

use crate::secrets::tar::{self as stream_tar, CONTENT, ENTRIES, Entry, split, write};
use crate::secrets::{file, pipe};
use bouquet_model::diagnostic::Diagnostic;
use proptest::prelude::*;
use std::io::Read;
use tar::{EntryType, Header};

const KEY: &str = "clients/root/client.key";

fn read(stream: &[u8]) -> Result<Vec<Entry<'_>>, Diagnostic> {
    stream_tar::read(stream, "tulips")
}

fn stream(files: &[(&str, &[u8])]) -> Vec<u8> {
    let files: Vec<_> = files.iter().map(|(n, b)| ((*n).to_owned(), *b, 0o600)).collect();
    write(&files).unwrap().expose().to_vec()
}

fn header(kind: EntryType, name: &[u8], size: u64) -> Header {
    let mut header = Header::new_ustar();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o600);
    header.set_cksum();
    header
}

/// Returns a stream with this entry, whatever may be wrong with it, before a sound one.
fn with(kind: EntryType, name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut all = header(kind, name, content.len() as u64).as_bytes().to_vec();
    all.extend_from_slice(content);
    all.resize(all.len().next_multiple_of(512), 0);
    all.extend(stream(&[(KEY, b"hush")]));
    all
}

/// What is large is handed on as it comes, wherever in the stream it is, and what is left is the stream without it.
#[test]
fn large_files_are_taken_out_of_a_stream_that_is_read_whole_or_refused() {
    let program = vec![7; 100_000];
    let small = [(KEY, b"hush".as_slice()), ("clients/root/ca.crt", b"trust".as_slice())];
    let whole = stream(&[small[0], ("etcd/etcd", &program), small[1]]);
    let taken = |mut from: &[u8]| {
        let mut content = Vec::new();
        let rest = split(&mut from, &mut |name, size, from| {
            if name != "etcd/etcd" {
                return Ok(false);
            }
            assert_eq!(size, 100_000);
            from.read_to_end(&mut content).unwrap();
            Ok(true)
        })?;
        Ok::<_, Diagnostic>((rest, content))
    };
    let (rest, content) = taken(&whole).unwrap();
    assert!(content == program && *rest == stream(&small));
    let (rest, content) = taken(&stream(&small)).unwrap();
    assert!(content.is_empty() && *rest == stream(&small));
    for length in (0..whole.len()).step_by(97).chain([512, 1024, 1536, whole.len() - 1]) {
        let end = taken(&whole[..length]).and_then(|(rest, _)| read(&rest).map(|it| it.len()));
        assert!(end.is_err(), "the first {length} bytes");
    }
    // What is no tar is left as it is.
    assert_eq!(*taken(&[5; 3000]).unwrap().0, [5; 3000]);
}

fn refusal(stream: &[u8]) -> String {
    let entries = read(stream).and_then(|entries| file::files(&entries).map(drop));
    let error = entries.expect_err("it is refused");
    assert!(!error.help.is_empty(), "{error}");
    error.message
}

#[test]
fn the_same_files_are_the_same_stream() {
    let one = stream(&[("pki/ca.key", b"hush"), ("pki/ca.crt", b"")]);
    assert_eq!(one, stream(&[("pki/ca.key", b"hush"), ("pki/ca.crt", b"")]));
    assert_eq!(one.len(), 5 * 512);
    assert_eq!(&one[257..265], b"ustar\x0000");
    let header = Header::from_byte_slice(&one[..512]);
    let facts = (header.uid().unwrap(), header.gid().unwrap(), header.mtime().unwrap());
    assert_eq!((facts, header.mode().unwrap()), ((0, 0, 0), 0o600));
}

#[test]
fn a_stream_that_is_torn_anywhere_is_told_as_that() {
    let whole = stream(&[(KEY, &[b'x'; 600]), ("pki/ca.crt", b"y")]);
    assert_eq!(read(&whole).unwrap().len(), 2);
    for end in 1..whole.len() {
        let said = refusal(&whole[..end]);
        let expected = if end < 512 {
            "this is no tar"
        } else {
            "the stream is incomplete: its end is missing"
        };
        assert_eq!(said, expected, "{end}");
    }
    assert_eq!(refusal(&[]), "nothing came: the stream is empty");
}

#[test]
fn an_empty_tar_and_two_in_a_row_are_told_as_that() {
    assert_eq!(refusal(&[0; 1024]), "the stream holds no file");
    let one = stream(&[(KEY, b"hush")]);
    assert_eq!(refusal(&[one.clone(), one.clone()].concat()), "the stream goes on after its end");
    // GNU tar fills up to 20 blocks.
    assert_eq!(read(&[one, vec![0; 8192]].concat()).unwrap().len(), 1);
}

#[test]
fn any_flipped_bit_of_a_header_is_found() {
    let whole = stream(&[("pki/ca.crt", b"y"), (KEY, b"hush")]);
    for at in 1024..1536 {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        assert_eq!(refusal(&bytes), "the stream is damaged: a header in it is not valid", "{at}");
    }
}

#[test]
fn nothing_but_regular_files_is_taken() {
    for (kind, what) in [
        (EntryType::Symlink, "is a symbolic link"),
        (EntryType::Link, "is a second name of another file"),
        (EntryType::GNULongLink, "is a second name of another file"),
        (EntryType::Char, "is a device"),
        (EntryType::Block, "is a device"),
        (EntryType::Fifo, "is a pipe"),
        (EntryType::GNUSparse, "is no regular file"),
        (EntryType::Continuous, "is no regular file"),
        (EntryType::new(b'V'), "is no regular file"),
        (EntryType::GNULongName, "is a header that gives a file another name or size"),
    ] {
        assert_eq!(refusal(&with(kind, b"pki/ca.key", b"")), format!("`pki/ca.key` {what}"));
    }
    // Folders are passed over, wherever they claim to be; nothing is made of them.
    for name in [b"pki/".as_slice(), b"./", b"../x", b"/etc"] {
        assert_eq!(read(&with(EntryType::Directory, name, b"")).unwrap().len(), 1);
    }
    assert!(refusal(&with(EntryType::Directory, b"pki/", b"x")).contains("no regular file"));
}

#[test]
fn records_of_pax_may_say_when_and_whose_but_not_what() {
    let record = |key: &str, value: &str| {
        let rest = format!(" {key}={value}\n");
        let length = rest.len() + 2;
        assert!((10..100).contains(&length));
        format!("{length}{rest}")
    };
    for kind in [EntryType::XHeader, EntryType::XGlobalHeader] {
        let harmless = record("mtime", "1790000000.5") + &record("SCHILY.dev", "64769");
        assert_eq!(read(&with(kind, b"x", harmless.as_bytes())).unwrap().len(), 1);
        for (key, value) in [
            ("path", "pki/ca.key"),
            ("linkpath", "/etc/x"),
            ("size", "100000"),
            ("GNU.sparse.name", "x"),
            ("hdrcharset", "BINARY"),
        ] {
            let records = record("mtime", "17") + &record(key, value);
            let said = refusal(&with(kind, b"x", records.as_bytes()));
            assert!(said.ends_with("another name or size"), "{said}");
        }
        assert!(refusal(&with(kind, b"x", b"nonsense")).ends_with("another name or size"));
    }
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    for name in [
        "../pki/ca.key",
        "/pki/ca.key",
        "pki/../../ca.key",
        "././pki/ca.key",
        ".//pki/ca.key",
        "pki/ca.key/",
        "etc/passwd",
        "cluster.toml",
        "members/orange/etcd.sh",
    ] {
        let said = refusal(&with(EntryType::Regular, name.as_bytes(), b"x"));
        assert!(said.contains("which is no key and nothing that goes with one"), "{name}: {said}");
    }
    let said = refusal(&with(EntryType::Regular, b"pki/\xff.key", b"x"));
    assert_eq!(said, "the stream holds a name that is not UTF-8");
    // As GNU tar names what it finds in the current folder.
    assert_eq!(
        read(&with(EntryType::Regular, b"./pki/ca.key", b"")).unwrap()[0].name,
        "pki/ca.key"
    );
}

#[test]
fn a_name_that_is_there_twice_is_refused() {
    let said = format!("the stream holds `{KEY}` twice");
    assert_eq!(refusal(&with(EntryType::Regular, KEY.as_bytes(), b"x")), said);
    let dotted = format!("./{KEY}");
    assert_eq!(refusal(&with(EntryType::Regular, dotted.as_bytes(), b"x")), said);
}

#[test]
fn what_is_too_large_is_refused_before_it_is_read() {
    let large = "the stream is larger than keys can be: more than 16 MiB or 65536 files";
    for size in [CONTENT as u64 + 1, 0o77_777_777_777, u64::MAX / 2] {
        let bytes = header(EntryType::Regular, KEY.as_bytes(), size).as_bytes().to_vec();
        assert_eq!(refusal(&bytes), large, "{size}");
    }
    let folder = header(EntryType::Directory, b"x/", 0);
    let many = folder.as_bytes().repeat(ENTRIES + 1);
    assert_eq!(refusal(&many), large);
    // A size that is no number.
    let mut bytes = header(EntryType::Regular, KEY.as_bytes(), 0);
    bytes.as_mut_bytes()[124..136].copy_from_slice(b"hello world!");
    bytes.set_cksum();
    assert_eq!(refusal(bytes.as_bytes()), "the stream is damaged: a header in it is not valid");
    let much = vec![0; CONTENT + 1];
    assert!(write(&[(KEY.to_owned(), &much, 0o600)]).is_err());
}

#[test]
fn what_is_still_sealed_is_told_with_the_way_to_open_it() {
    let sealed: [(&[u8], &str, &str); 12] = [
        (b"age-encryption.org/v1\n-> X25519 ", "encrypted by age", "age -d"),
        (b"-----BEGIN AGE ENCRYPTED FILE-----\n", "encrypted by age", "age -d"),
        (b"-----BEGIN PGP MESSAGE-----\n\n", "encrypted by gpg", "gpg -d"),
        (b"\x85\x02\x0c\x03", "encrypted by gpg", "gpg -d"),
        (b"\x8c\x0d\x04\x09", "encrypted by gpg", "gpg -d"),
        (b"\xc1\xc0\x4c\x03", "encrypted by gpg", "gpg -d"),
        (
            b"{\n\t\"data\": \"ENC[AES256_GCM,data:\",\n\t\"sops\": {",
            "encrypted by sops",
            "sops -d",
        ),
        (b"data: ENC[AES256_GCM]\nsops:\n", "encrypted by sops", "sops -d"),
        (b"Salted__12345678", "encrypted by openssl", "openssl enc -d"),
        (b"\x1f\x8b\x08\0", "compressed by gzip", "gzip -dc"),
        (b"\x28\xb5\x2f\xfd\x04", "compressed by zstd", "zstd -dc"),
        (b"\xfd7zXZ\0\0", "compressed by xz", "xz -dc"),
    ];
    for (begin, what, open) in sealed {
        // Shorter and longer than a block.
        for fill in [0, 2000] {
            let bytes = [begin, &vec![b'A'; fill]].concat();
            let error = read(&bytes).unwrap_err();
            assert_eq!(
                error.message,
                format!("this is {}{what}", if what.starts_with('e') { "still " } else { "" })
            );
            assert!(
                error.help[0].contains(open) && error.help[0].ends_with("| tulips secrets import`")
            );
        }
    }
    assert_eq!(refusal(&[b'x'; 3000]), "this is no tar");
}

/// A source that gives a few bytes at a time, and is interrupted in between.
struct Slow<'a>(&'a [u8], bool);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        let length = buffer.len().min(977);
        self.0.read(&mut buffer[..length])
    }
}

#[test]
fn a_pipe_is_read_to_its_end_and_no_further_than_is_allowed() {
    let bytes: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let read = |limit| pipe::read_from(Slow(&bytes, false), limit).unwrap();
    assert_eq!(read(300_000).unwrap().expose(), bytes);
    assert!(read(299_999).is_none());
}

proptest! {
    #[test]
    fn any_files_read_back(
        files in proptest::collection::btree_map(
            "[a-z]{1,20}(/[a-z]{1,20}){0,3}",
            proptest::collection::vec(any::<u8>(), 0..1500),
            1..8,
        ),
    ) {
        let given: Vec<_> = files.iter().map(|(n, b)| (n.clone(), b.as_slice(), 0o644)).collect();
        let stream = write(&given).unwrap();
        let read = read(stream.expose()).unwrap();
        prop_assert_eq!(read.len(), files.len());
        for (entry, (name, bytes)) in read.iter().zip(&files) {
            prop_assert_eq!((&entry.name, entry.content), (name, bytes.as_slice()));
        }
    }

    #[test]
    fn any_damage_is_refused_or_leaves_the_names_as_they_are(
        at in 0_usize..3072, byte in any::<u8>(),
    ) {
        let mut bytes = stream(&[(KEY, b"hush"), ("pki/ca.crt", b"y")]);
        bytes[at] = byte;
        if let Ok(entries) = read(&bytes) {
            let names: Vec<_> = entries.iter().map(|entry| entry.name.as_str()).collect();
            prop_assert_eq!(names, [KEY, "pki/ca.crt"]);
        }
    }

    #[test]
    fn any_bytes_are_a_stream_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..2048)) {
        let _ = crate::secrets::read_any(&bytes);
    }
}

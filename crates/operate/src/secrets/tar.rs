//! The stream: plain ustar (POSIX.1-1988), of regular files alone.
//!
//! The same files are the same stream. A stream that comes is held to that form, and no more is taken
//! of other programs' forms than what cannot change a name: entries of folders are passed over,
//! and so are records of pax about times and owners.

use super::sealed::sealed;
use bouquet_model::diagnostic::Diagnostic;
use bouquet_x509::Secret;
use std::io::{self, Read};
use tar::{EntryType, Header, PaxExtensions};
use zeroize::Zeroizing;

/// The bytes that all files of a stream may have together.
pub(crate) const CONTENT: usize = 16 << 20;

/// The files that a stream may hold.
pub(crate) const ENTRIES: usize = 1 << 16;

/// The bytes that a stream may have: each entry has a header, and what fills its last block up.
pub(crate) const STREAM: usize = CONTENT + 2 * BLOCK * ENTRIES + (1 << 20);

/// The bytes of a block: a header is one, and content is filled up to whole ones.
pub(crate) const BLOCK: usize = 512;

/// A file in a stream.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// Its path, without `./` in front.
    pub(crate) name: String,
    pub(crate) content: &'a [u8],
}

/// Writes files, each with its permissions, in that order.
///
/// # Errors
/// If they are more than what [`read`] takes, or a name is too long for the form.
pub(crate) fn write(files: &[(String, &[u8], u32)]) -> Result<Secret, Diagnostic> {
    let content: usize = files.iter().map(|(_, bytes, _)| bytes.len()).sum();
    if content > CONTENT || files.len() > ENTRIES {
        return Err(Diagnostic::error(format!(
            "{} files of {content} bytes are more than a stream holds",
            files.len()
        ))
        .help("copy `out/` as a whole, to a disk that is encrypted"));
    }
    let padded = |length: usize| length.next_multiple_of(BLOCK);
    let size: usize = files.iter().map(|(_, bytes, _)| BLOCK + padded(bytes.len())).sum();
    // Of the right size at once, so that it does not move and leave copies of a key behind.
    let mut stream = Zeroizing::new(Vec::with_capacity(size + 2 * BLOCK));
    for (name, bytes, mode) in files {
        stream.extend_from_slice(&head(name, bytes.len() as u64, *mode)?);
        stream.extend_from_slice(bytes);
        let end = padded(stream.len());
        stream.resize(end, 0);
    }
    let end = stream.len() + 2 * BLOCK;
    stream.resize(end, 0);
    Ok(Secret::from(stream))
}

/// Returns what stands before the content of a file, which is filled up to whole [`BLOCK`]s.
///
/// # Errors
/// If its name is too long for the form.
pub(crate) fn head(name: &str, size: u64, mode: u32) -> Result<[u8; BLOCK], Diagnostic> {
    let mut header = Header::new_ustar();
    header.set_path(name).map_err(|_| {
        Diagnostic::error(format!("`{name}` is too long a name for a tar"))
            .help("give its folder the name that cluster.toml has")
    })?;
    header.set_entry_type(EntryType::Regular);
    header.set_mode(mode);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(size);
    header.set_cksum();
    Ok(*header.as_bytes())
}

/// Reads a stream in which large files may be, and none of those into memory: each is handed to `takes`, by its path, with
/// its size and what its content is read from; `false` says that it is none of those. What is left is a stream as well.
///
/// # Errors
/// If `takes` fails, or nothing can be read.
pub(crate) fn split(
    from: &mut dyn Read,
    takes: &mut Takes<'_>,
) -> Result<Zeroizing<Vec<u8>>, Diagnostic> {
    let unread = |error: io::Error| Diagnostic::error(format!("standard input: {error}"));
    let mut rest = Zeroizing::new(Vec::new());
    loop {
        let begin = rest.len();
        let block = BLOCK as u64;
        (&mut *from).take(block).read_to_end(&mut rest).map_err(unread)?;
        let header = rest.get(begin..begin + BLOCK).map(Header::from_byte_slice);
        let header = header.filter(|it| it.as_bytes().iter().any(|byte| *byte != 0));
        let Some((header, size)) = header
            .filter(|it| is_sound(it) && rest.len() <= STREAM)
            .and_then(|it| Some((it, it.entry_size().ok()?)))
        else {
            // Its end, or what is no tar.
            let most = (STREAM + 1).saturating_sub(rest.len()) as u64;
            (&mut *from).take(most).read_to_end(&mut rest).map_err(unread)?;
            return Ok(rest);
        };
        let padded = size.checked_next_multiple_of(block).unwrap_or(u64::MAX);
        let is_file = header.entry_type() == EntryType::Regular;
        let name = String::from_utf8_lossy(&header.path_bytes()).into_owned();
        if is_file && takes(&name, size, &mut (&mut *from).take(size))? {
            rest.truncate(begin);
            // What fills its last block up.
            let filled = padded - size;
            (&mut *from).take(filled).read_to_end(&mut rest).map_err(unread)?;
            if rest.len() as u64 != begin as u64 + filled {
                return Err(torn());
            }
            rest.truncate(begin);
        } else {
            let most = padded.min(STREAM as u64);
            (&mut *from).take(most).read_to_end(&mut rest).map_err(unread)?;
        }
    }
}

/// Takes a file of a stream, all of it, or leaves it.
pub(crate) type Takes<'a> = dyn FnMut(&str, u64, &mut dyn Read) -> Result<bool, Diagnostic> + 'a;

/// Reads the files of a stream. `program` is the name that help has.
///
/// # Errors
/// If it is anything else than a whole tar of regular files, or too large.
pub(crate) fn read<'a>(stream: &'a [u8], program: &str) -> Result<Vec<Entry<'a>>, Diagnostic> {
    if stream.is_empty() {
        return Err(Diagnostic::error("nothing came: the stream is empty")
            .help("look whether the command before the pipe failed"));
    }
    let mut blocks = Blocks { stream, at: 0 };
    let (mut entries, mut count, mut content) = (Vec::new(), 0, 0);
    loop {
        let block = match blocks.take(BLOCK) {
            Some(block) => block,
            None if blocks.at == 0 => return Err(no_tar(stream, program)),
            None => return Err(torn()),
        };
        if block.iter().all(|byte| *byte == 0) {
            break;
        }
        let header = Header::from_byte_slice(block);
        if !is_sound(header) {
            return Err(if blocks.at == BLOCK { no_tar(stream, program) } else { damaged() });
        }
        let size = header.entry_size().ok().and_then(|size| usize::try_from(size).ok());
        let size = size.ok_or_else(damaged)?;
        count += 1;
        content += size.min(CONTENT + 1);
        if count > ENTRIES || content > CONTENT {
            return Err(too_large());
        }
        let bytes = blocks.take(size.next_multiple_of(BLOCK)).ok_or_else(torn)?;
        entries.extend(entry(header, &bytes[..size])?);
    }
    // Two blocks of nothing are the end; programs fill up with more of them.
    let rest = &stream[blocks.at..];
    if rest.len() < BLOCK {
        return Err(torn());
    }
    if rest.iter().any(|byte| *byte != 0) {
        return Err(refused("the stream goes on after its end")
            .help("take one stream at a time: import one, then the other"));
    }
    if entries.is_empty() {
        return Err(Diagnostic::error("the stream holds no file")
            .help("export again, from a clone that has the keys"));
    }
    Ok(entries)
}

struct Blocks<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Blocks<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let end = self.at.checked_add(length)?;
        let taken = self.stream.get(self.at..end)?;
        self.at = end;
        Some(taken)
    }
}

/// Tells whether the header's checksum is right: it is the sum of all bytes of the header, its own field taken for
/// blanks.
fn is_sound(header: &Header) -> bool {
    const FIELD: core::ops::Range<usize> = 148..156;
    let bytes = header.as_bytes().iter().enumerate();
    let sum: u32 =
        bytes.map(|(at, byte)| u32::from(if FIELD.contains(&at) { b' ' } else { *byte })).sum();
    header.cksum().is_ok_and(|written| written == sum)
}

/// Returns the file of an entry; `None` for what is passed over.
fn entry<'a>(header: &Header, content: &'a [u8]) -> Result<Option<Entry<'a>>, Diagnostic> {
    let path = header.path_bytes();
    let Ok(path) = core::str::from_utf8(&path) else {
        return Err(refused("the stream holds a name that is not UTF-8").help(EXPORT_AGAIN));
    };
    let name = path.strip_prefix("./").unwrap_or(path);
    let is = |what: &str| Err(refused(&format!("`{path}` is {what}")).help(EXPORT_AGAIN));
    match header.entry_type() {
        EntryType::Directory if content.is_empty() => Ok(None),
        EntryType::Regular => Ok(Some(Entry { name: name.to_owned(), content })),
        EntryType::XHeader | EntryType::XGlobalHeader if is_harmless(content) => Ok(None),
        EntryType::XHeader | EntryType::XGlobalHeader | EntryType::GNULongName => {
            is("a header that gives a file another name or size")
        }
        EntryType::Link | EntryType::GNULongLink => is("a second name of another file"),
        EntryType::Symlink => is("a symbolic link"),
        EntryType::Char | EntryType::Block => is("a device"),
        EntryType::Fifo => is("a pipe"),
        _ => is("no regular file"),
    }
}

/// Tells whether records of pax say nothing that makes another file of the one that follows.
fn is_harmless(records: &[u8]) -> bool {
    const KNOWN: &[&str] = &["atime", "comment", "ctime", "gid", "gname", "mtime", "uid", "uname"];
    PaxExtensions::new(records).all(|record| {
        let Ok(key) = record.as_ref().map_err(|_| ()).and_then(|r| r.key().map_err(|_| ())) else {
            return false;
        };
        KNOWN.contains(&key) || key.starts_with("SCHILY.") || key.starts_with("LIBARCHIVE.")
    })
}

const EXPORT_AGAIN: &str = "take a stream that `secrets export` wrote, or a plain tar of those files: `tar --format=ustar`";

fn no_tar(stream: &[u8], program: &str) -> Diagnostic {
    sealed(stream, program).unwrap_or_else(|| {
        Diagnostic::error("this is no tar")
            .help("give what `secrets export` wrote, once it is decrypted")
    })
}

fn torn() -> Diagnostic {
    refused("the stream is incomplete: its end is missing")
        .help("copy it again, and look whether the command before the pipe failed")
}

fn damaged() -> Diagnostic {
    refused("the stream is damaged: a header in it is not valid").help("copy it again")
}

/// Says that a stream has more than [`CONTENT`] or [`ENTRIES`].
pub(crate) fn too_large() -> Diagnostic {
    refused(&format!(
        "the stream is larger than keys can be: more than {} MiB or {ENTRIES} files",
        CONTENT >> 20
    ))
    .help(EXPORT_AGAIN)
}

fn refused(message: &str) -> Diagnostic {
    Diagnostic::error(message).note("nothing was written")
}

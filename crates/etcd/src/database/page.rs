//! Pages of a database.

use super::read_at::ReadAt;
use core::fmt;
use std::io;

/// Why a database cannot be read.
#[derive(Debug)]
pub enum Broken {
    /// The file cannot be read, or ends too early.
    Read(io::Error),
    /// It is no database of etcd's, or not a whole one; says what is wrong.
    Format(String),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Format(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for Broken {}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

pub(super) fn broken<T>(text: impl Into<String>) -> Result<T, Broken> {
    Err(Broken::Format(text.into()))
}

/// The bytes before the elements of a page: its number, its kind, how many elements, how many pages more.
const HEADER: usize = 16;
const BRANCH: u16 = 0x01;
const LEAF: u16 = 0x02;
const META: u16 = 0x04;

const MAGIC: u32 = 0xed0c_daed;
const VERSION: u32 = 2;

/// Reads a revision as keys and compactions have it: 8 bytes, the highest first.
pub(super) fn revision(bytes: &[u8]) -> Result<i64, Broken> {
    match bytes.first_chunk::<8>() {
        Some(revision) => Ok(i64::from_be_bytes(*revision)),
        None => broken("a revision is too short"),
    }
}

/// Says where the tree of buckets begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meta {
    pub(super) page_size: u32,
    /// The page of the first bucket.
    pub(super) root: u64,
    /// The first page that is not used yet.
    pub(super) end: u64,
    /// Counts the transactions: of two, the later is right.
    transaction: u64,
}

/// Returns a number in little-endian bytes; nothing where there are too few.
fn number<const N: usize>(bytes: &[u8], place: usize) -> Option<[u8; N]> {
    bytes.get(place..)?.first_chunk::<N>().copied()
}

fn u16_at(bytes: &[u8], place: usize) -> Option<u16> {
    number(bytes, place).map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], place: usize) -> Option<u32> {
    number(bytes, place).map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], place: usize) -> Option<u64> {
    number(bytes, place).map(u64::from_le_bytes)
}

impl Meta {
    /// Tells how long the database is, in bytes.
    pub(super) const fn length(self) -> u64 {
        self.end.saturating_mul(self.page_size as u64)
    }
}

/// Reads the later of both meta pages that is whole, where all pages are there that it tells of.
pub(super) fn meta(file: &(impl ReadAt + ?Sized)) -> Result<Meta, Broken> {
    // The second is one page further on, and how long a page is the first one says; where that one is damaged, it
    // is looked for at the sizes that pages have.
    let mut found: Option<Meta> = None;
    let places = std::iter::once(0).chain((12..=16).map(|power| 1u64 << power));
    for place in places {
        let mut bytes = [0; HEADER + 64];
        if file.read_at(place, &mut bytes).is_err() {
            continue;
        }
        let Some(meta) = meta_of(&bytes) else { continue };
        let is_second = place == 0 || u64::from(meta.page_size) == place;
        if is_second && found.is_none_or(|found| meta.transaction > found.transaction) {
            found = Some(meta);
        }
    }
    let Some(found) = found else { return broken("it is not a database of etcd's") };
    let (length, there) = (found.length(), file.length()?);
    if length > there {
        return broken(format!("it is cut off: {there} of {length} bytes are there"));
    }
    Ok(found)
}

fn meta_of(bytes: &[u8]) -> Option<Meta> {
    let is_meta = u16_at(bytes, 8)? == META;
    let meta = bytes.get(HEADER..)?;
    if !is_meta || u32_at(meta, 0)? != MAGIC || u32_at(meta, 4)? != VERSION {
        return None;
    }
    if u64_at(meta, 56)? != fnv(meta.get(..56)?) {
        return None;
    }
    let page_size = u32_at(meta, 8)?;
    let is_size = page_size.is_power_of_two() && (512..=1 << 20).contains(&page_size);
    is_size.then_some(Meta {
        page_size,
        root: u64_at(meta, 16)?,
        end: u64_at(meta, 40)?,
        transaction: u64_at(meta, 48)?,
    })
}

/// Computes FNV-1a of 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// A page with its elements, which may be of several pages' length, or stand inside another one.
#[derive(Debug)]
pub(super) struct Page(Vec<u8>);

/// What an element of a page is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Element<'a> {
    /// Another page.
    Branch(u64),
    /// A key with its value.
    Pair(&'a [u8], &'a [u8]),
    /// A bucket: its name, and what it begins with.
    Bucket(&'a [u8], &'a [u8]),
}

impl Page {
    /// Reads the page of a number.
    pub(super) fn read(
        file: &(impl ReadAt + ?Sized),
        meta: Meta,
        number: u64,
    ) -> Result<Self, Broken> {
        if number >= meta.end {
            return broken(format!("page {number} is beyond its end"));
        }
        // Both are as long as the file at most: `meta` has seen to that.
        let size = u64::from(meta.page_size);
        let place = number * size;
        let mut page = Self(vec![0; usize::try_from(size).unwrap_or(usize::MAX)]);
        file.read_at(place, &mut page.0)?;
        if u64_at(&page.0, 0) != Some(number) {
            return broken(format!("page {number} says that it is another one"));
        }
        let more = page.more();
        if number + more >= meta.end {
            return broken(format!("page {number} is longer than the file"));
        }
        if more > 0 {
            let length = (more + 1) * size;
            page.0.resize(usize::try_from(length).unwrap_or(usize::MAX), 0);
            let (_, rest) = page.0.split_at_mut(meta.page_size as usize);
            file.read_at(place + size, rest)?;
        }
        Ok(page)
    }

    /// Tells how many pages belong to it besides its own.
    pub(super) fn more(&self) -> u64 {
        u64::from(u32_at(&self.0, 12).unwrap_or_default())
    }

    /// Returns a page that stands in the value of its bucket.
    pub(super) fn inline(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// Tells how many elements it has.
    pub(super) fn count(&self) -> usize {
        usize::from(u16_at(&self.0, 10).unwrap_or_default())
    }

    /// Returns its elements, in order.
    pub(super) fn elements(&self) -> impl Iterator<Item = Result<Element<'_>, Broken>> {
        (0..self.count()).map(|index| {
            let element = self.element(index);
            element.ok_or_else(|| Broken::Format(format!("element {index} of a page is broken")))
        })
    }

    fn element(&self, index: usize) -> Option<Element<'_>> {
        // Both kinds take 16 bytes, and say where their key begins, from their own place on.
        let place = HEADER + index * 16;
        let at = |from: usize, length: u32| {
            self.0.get(from..from.checked_add(usize::try_from(length).ok()?)?)
        };
        match u16_at(&self.0, 8)? {
            BRANCH => Some(Element::Branch(u64_at(&self.0, place + 8)?)),
            LEAF => {
                let flags = u32_at(&self.0, place)?;
                let key_at =
                    place.checked_add(usize::try_from(u32_at(&self.0, place + 4)?).ok()?)?;
                let key = at(key_at, u32_at(&self.0, place + 8)?)?;
                let value = at(key_at.checked_add(key.len())?, u32_at(&self.0, place + 12)?)?;
                let is_bucket = flags & 1 == 1;
                Some(if is_bucket {
                    Element::Bucket(key, value)
                } else {
                    Element::Pair(key, value)
                })
            }
            _ => None,
        }
    }
}

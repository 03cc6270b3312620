//! Databases as bbolt writes them, sound or not.

use bouquet_etcd::messages::kv::KeyValue;
use prost::Message as _;
use std::io::{Cursor, Seek, SeekFrom, Write};

/// The kinds of pages.
const BRANCH: u16 = 1;
const LEAF: u16 = 2;
const META: u16 = 4;

/// The bytes before the elements of a page, and those of an element before its key.
const HEADER: usize = 16;
const ELEMENT: usize = 16;

/// What an element of a page is.
#[derive(Debug, Clone)]
pub(crate) enum Element {
    Branch(Vec<u8>, u64),
    Pair(Vec<u8>, Vec<u8>),
    /// A bucket whose tree begins at a page.
    Bucket(Vec<u8>, u64),
    /// A bucket that stands in its element: its name, its pairs.
    Inline(Vec<u8>, Vec<Element>),
}

/// A database that is being written, to memory or to a file.
pub(crate) struct Bolt<W> {
    out: W,
    page_size: usize,
    next: u64,
}

/// Returns a database with these buckets, each of one tree.
pub(crate) fn database(page_size: usize, buckets: &[(&str, Vec<Element>)]) -> Vec<u8> {
    let mut bolt = Bolt::new(Cursor::new(Vec::new()), page_size);
    let trees = buckets.iter().map(|(name, pairs)| {
        let root = bolt.tree(pairs.iter().cloned());
        Element::Bucket((*name).into(), root)
    });
    let trees: Vec<_> = trees.collect();
    bolt.finish(&trees).into_inner()
}

impl<W: Write + Seek> Bolt<W> {
    pub(crate) const fn new(out: W, page_size: usize) -> Self {
        Self { out, page_size, next: 2 }
    }

    /// Writes a page, over as many pages as it takes, and returns its number.
    pub(crate) fn page(&mut self, elements: &[Element]) -> u64 {
        let number = self.next;
        let mut bytes = page(number, elements);
        let pages = bytes.len().div_ceil(self.page_size);
        bytes.resize(pages * self.page_size, 0);
        let more = u32::try_from(pages - 1).expect("a short page");
        bytes[12..16].copy_from_slice(&more.to_le_bytes());
        self.write(number, &bytes);
        self.next += pages as u64;
        number
    }

    /// Writes the leaves of a tree, and all above them; returns the page of its root.
    pub(crate) fn tree(&mut self, pairs: impl Iterator<Item = Element>) -> u64 {
        let mut level = Vec::new();
        let (mut leaf, mut length) = (Vec::new(), HEADER);
        for pair in pairs {
            let Element::Pair(key, value) = &pair else { panic!("pairs alone: {pair:?}") };
            let longer = ELEMENT + key.len() + value.len();
            if length + longer > self.page_size && !leaf.is_empty() {
                level.push(self.under(&std::mem::take(&mut leaf)));
                length = HEADER;
            }
            length += longer;
            leaf.push(pair);
        }
        if level.is_empty() {
            return self.page(&leaf);
        }
        level.push(self.under(&leaf));
        while level.len() > 1 {
            let above = self.page_size / 48;
            let pages = level.chunks(above.max(2)).map(|below| self.under(below));
            level = pages.collect();
        }
        let Some(Element::Branch(_, root)) = level.pop() else { unreachable!("a root") };
        root
    }

    fn under(&mut self, elements: &[Element]) -> Element {
        let (Element::Branch(key, _) | Element::Pair(key, _)) = &elements[0] else {
            panic!("no buckets below others")
        };
        Element::Branch(key.clone(), self.page(elements))
    }

    /// Writes the page of all buckets, and both that lead to it.
    pub(crate) fn finish(mut self, buckets: &[Element]) -> W {
        let root = self.page(buckets);
        for number in [0, 1] {
            let meta = meta(number, self.page_size, root, self.next);
            self.write(number, &meta);
        }
        self.out
    }

    fn write(&mut self, number: u64, bytes: &[u8]) {
        let place = number * self.page_size as u64;
        self.out.seek(SeekFrom::Start(place)).expect("a place");
        self.out.write_all(bytes).expect("room");
    }
}

fn page(number: u64, elements: &[Element]) -> Vec<u8> {
    let kind = if matches!(elements.first(), Some(Element::Branch(..))) { BRANCH } else { LEAF };
    let count = u16::try_from(elements.len()).expect("few elements");
    let mut bytes = number.to_le_bytes().to_vec();
    bytes.extend(kind.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend([0; 4]);
    let short = |length: usize| u32::try_from(length).expect("a short text").to_le_bytes();
    let mut rest = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        let place = (elements.len() - index) * ELEMENT + rest.len();
        let (flags, key, value) = match element {
            Element::Branch(key, page) => {
                bytes.extend([short(place), short(key.len())].concat());
                bytes.extend(page.to_le_bytes());
                rest.extend_from_slice(key);
                continue;
            }
            Element::Pair(key, value) => (0, key, value.clone()),
            Element::Bucket(name, root) => (1, name, [root.to_le_bytes(), [0; 8]].concat()),
            Element::Inline(name, pairs) => (1, name, [vec![0; 16], page_of_none(pairs)].concat()),
        };
        bytes.extend([short(flags), short(place), short(key.len()), short(value.len())].concat());
        rest.extend_from_slice(key);
        rest.extend(value);
    }
    [bytes, rest].concat()
}

fn page_of_none(elements: &[Element]) -> Vec<u8> {
    page(0, elements)
}

fn meta(number: u64, page_size: usize, root: u64, end: u64) -> Vec<u8> {
    let mut meta = Vec::new();
    meta.extend(0xed0c_daed_u32.to_le_bytes());
    meta.extend(2_u32.to_le_bytes());
    meta.extend(u32::try_from(page_size).expect("a short page").to_le_bytes());
    meta.extend([0; 4]);
    // The root and its counter, the list of free pages (none is kept), the end, the transaction.
    for field in [root, 0, u64::MAX, end, number] {
        meta.extend(field.to_le_bytes());
    }
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    let checksum = meta.iter().fold(0xcbf2_9ce4_8422_2325, step);
    meta.extend(checksum.to_le_bytes());
    let mut bytes = number.to_le_bytes().to_vec();
    bytes.extend(META.to_le_bytes());
    bytes.resize(HEADER, 0);
    bytes.extend(meta);
    bytes.resize(page_size, 0);
    bytes
}

/// The pair of a key's value; `made` is the revision in which the key came to be.
pub(crate) fn put(revision: i64, made: i64, version: i64, key: &str, value: &[u8]) -> Element {
    let pair = KeyValue {
        key: key.to_owned().into(),
        create_revision: made,
        mod_revision: revision,
        version,
        value: value.to_vec().into(),
        lease: 0,
    };
    Element::Pair(revision_key(revision), pair.encode_to_vec())
}

/// The pair of a key's end.
pub(crate) fn end(revision: i64, key: &str) -> Element {
    let pair = KeyValue { key: key.to_owned().into(), ..KeyValue::default() };
    Element::Pair([revision_key(revision), b"t".to_vec()].concat(), pair.encode_to_vec())
}

fn revision_key(revision: i64) -> Vec<u8> {
    [&revision.to_be_bytes()[..], b"_", &[0; 8]].concat()
}

/// What was asked of a compaction, and what was done of it.
pub(crate) fn compaction(scheduled: i64, finished: i64) -> Vec<Element> {
    let pair = |name: &str, revision: i64| {
        let value = [&revision.to_be_bytes()[..], b"_", &[0; 8]].concat();
        Element::Pair(name.into(), value)
    };
    vec![pair("finishedCompactRev", finished), pair("scheduledCompactRev", scheduled)]
}

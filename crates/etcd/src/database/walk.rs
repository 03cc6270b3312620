//! Every bucket of a database, and every pair in it.

use super::page::{Broken, Element, Meta, Page, broken, meta};
use super::read_at::ReadAt;

/// How deep a tree may be: each level holds at least two of the next.
const DEEPEST: usize = 64;

/// A page of a bucket that is short stands in the value, behind these: a page's number and a counter.
const BUCKET: usize = 16;

/// Takes what is met on the way through a database, in order.
pub(super) trait Visitor {
    /// Begins a bucket, and returns how much of it is of interest.
    fn bucket(&mut self, name: &[u8]) -> Enter;
    /// Takes a pair of the bucket that began last.
    fn pair(&mut self, key: &[u8], value: &[u8]) -> Result<(), Broken>;
}

/// Says how much of a bucket is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Enter {
    All,
    /// The pair with the last key.
    Last,
    Nothing,
}

/// Goes through all buckets in the order of their names, and returns the length of the database in bytes.
pub(super) fn walk<F: ReadAt + ?Sized>(
    file: &F,
    visitor: &mut impl Visitor,
) -> Result<u64, Broken> {
    let meta = meta(file)?;
    let words = usize::try_from(meta.end.div_ceil(64)).unwrap_or(usize::MAX);
    let mut walk = Walk { file, meta, met: vec![0; words], last: Vec::new(), visitor };
    let root = walk.page(meta.root)?;
    walk.buckets(&root, 0)?;
    Ok(meta.length())
}

struct Walk<'a, F: ?Sized, V> {
    file: &'a F,
    meta: Meta,
    /// A bit for each page that was met.
    met: Vec<u64>,
    /// The key before, in this bucket; none is empty.
    last: Vec<u8>,
    visitor: &'a mut V,
}

impl<F: ReadAt + ?Sized, V: Visitor> Walk<'_, F, V> {
    /// Reads a page, once: so no circle is followed, and no more is read than there is.
    fn page(&mut self, number: u64) -> Result<Page, Broken> {
        let page = Page::read(self.file, self.meta, number)?;
        for number in number..=number + page.more() {
            let word = usize::try_from(number / 64).ok().and_then(|word| self.met.get_mut(word));
            let Some(word) = word else {
                return broken(format!("page {number} is beyond its end"));
            };
            let bit = 1 << (number % 64);
            if *word & bit != 0 {
                return broken(format!("page {number} stands in it twice"));
            }
            *word |= bit;
        }
        Ok(page)
    }

    /// Walks through the buckets of the first one.
    fn buckets(&mut self, page: &Page, depth: usize) -> Result<(), Broken> {
        deeper(depth)?;
        for element in page.elements() {
            match element? {
                Element::Branch(page) => {
                    let page = self.page(page)?;
                    self.buckets(&page, depth + 1)?;
                }
                Element::Bucket(name, value) => {
                    let enter = self.visitor.bucket(name);
                    if enter == Enter::Nothing {
                        continue;
                    }
                    let root = value.first_chunk::<8>().map(|root| u64::from_le_bytes(*root));
                    let page = match root {
                        None => return broken("a bucket has no page"),
                        Some(0) => Page::inline(value.get(BUCKET..).unwrap_or_default()),
                        Some(root) => self.page(root)?,
                    };
                    self.last.clear();
                    self.pairs(&page, enter, depth + 1)?;
                }
                Element::Pair(..) => return broken("a pair is in no bucket"),
            }
        }
        Ok(())
    }

    fn pairs(&mut self, page: &Page, enter: Enter, depth: usize) -> Result<(), Broken> {
        deeper(depth)?;
        let first = if enter == Enter::Last { page.count().saturating_sub(1) } else { 0 };
        for element in page.elements().skip(first) {
            match element? {
                Element::Branch(page) => {
                    let page = self.page(page)?;
                    self.pairs(&page, enter, depth + 1)?;
                }
                Element::Pair(key, value) => {
                    if !self.last.is_empty() && self.last.as_slice() >= key {
                        return broken("its keys are not in order");
                    }
                    self.last.clear();
                    self.last.extend_from_slice(key);
                    self.visitor.pair(key, value)?;
                }
                // etcd has none of these.
                Element::Bucket(..) => return broken("a bucket is inside another one"),
            }
        }
        Ok(())
    }
}

fn deeper(depth: usize) -> Result<(), Broken> {
    if depth > DEEPEST { broken("its tree is too deep") } else { Ok(()) }
}

//! Every bucket of a database, and every pair in it.

use super::ReadAt;
use super::page::{Broken, Element, Meta, Page, broken, meta};

/// How deep a tree may be: each level holds at least two of the next.
const DEEPEST: usize = 64;

/// A page of a bucket that is short stands in the value, behind these: a page's number and a counter.
const BUCKET: usize = 16;

/// Told of what is met on the way, in order.
pub(super) trait Visitor {
    /// A bucket begins: says how much of it is of interest.
    fn bucket(&mut self, name: &[u8]) -> Enter;
    /// A pair of the bucket that began last.
    fn pair(&mut self, key: &[u8], value: &[u8]) -> Result<(), Broken>;
}

/// How much of a bucket is gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Enter {
    All,
    /// The pair with the last key.
    Last,
    Nothing,
}

/// Goes through all buckets in the order of their names.
pub(super) fn walk(
    file: &(impl ReadAt + ?Sized),
    visitor: &mut dyn Visitor,
) -> Result<Meta, Broken> {
    let meta = meta(file)?;
    let mut walk = Walk { file, meta, left: meta.end, visitor };
    let root = walk.page(meta.root)?;
    walk.buckets(&root, 0)?;
    Ok(meta)
}

struct Walk<'a, F: ?Sized> {
    file: &'a F,
    meta: Meta,
    /// A page stands in a tree once: more than there are is a circle.
    left: u64,
    visitor: &'a mut dyn Visitor,
}

impl<F: ReadAt + ?Sized> Walk<'_, F> {
    fn page(&mut self, page: u64) -> Result<Page, Broken> {
        let Some(left) = self.left.checked_sub(1) else {
            return broken("its pages lead in a circle");
        };
        self.left = left;
        Page::read(self.file, self.meta, page)
    }

    /// The buckets of the first one.
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
                Element::Pair(key, value) => self.visitor.pair(key, value)?,
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

//! DER (X.690), read element by element, where a general parser is too lenient or leaves copies.
#![cfg_attr(not(feature = "keys"), expect(dead_code, reason = "keys and lists have more of it"))]

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BITS: u8 = 0x03;
pub(crate) const OCTETS: u8 = 0x04;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xa0;
/// `[1]`, constructed.
pub(crate) const CONTEXT_1: u8 = 0xa1;
/// `[1]`, primitive.
pub(crate) const CONTEXT_1_BITS: u8 = 0x81;

/// What is still to be read. Reading gives `None` for anything but the one encoding that DER has.
#[derive(Clone, Copy)]
pub(crate) struct Der<'a>(pub(crate) &'a [u8]);

impl<'a> Der<'a> {
    /// Returns the content of the next element, which must have that tag.
    pub(crate) fn take(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next(tag).map(|(_, content)| content)
    }

    /// Returns the whole of the next element, which must have that tag.
    pub(crate) fn element(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next(tag).map(|(element, _)| element)
    }

    /// Returns the content of the next element, if it has that tag. What cannot be read stays, and is found
    /// at the [`end`](Self::end).
    pub(crate) fn optional(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.take(tag)
    }

    /// Checks that nothing follows.
    pub(crate) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }

    fn next(&mut self, tag: u8) -> Option<(&'a [u8], &'a [u8])> {
        let (&[found, first], rest) = self.0.split_first_chunk()?;
        let (length, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81 => {
                let (&[length], rest) = rest.split_first_chunk()?;
                (usize::from(length), rest)
            }
            0x82 => {
                let (length, rest) = rest.split_first_chunk()?;
                (usize::from(u16::from_be_bytes(*length)), rest)
            }
            // A CA that is limited to thousands of names has a certificate of that size.
            0x83 => {
                let (&[high, middle, low], rest) = rest.split_first_chunk()?;
                (u32::from_be_bytes([0, high, middle, low]) as usize, rest)
            }
            _ => return None,
        };
        let shortest = match first {
            0x81 => length > 0x7f,
            0x82 => length > 0xff,
            0x83 => length > 0xffff,
            _ => true,
        };
        let (content, rest) = rest.split_at_checked(length)?;
        if found != tag || !shortest {
            return None;
        }
        let element = &self.0[..self.0.len() - rest.len()];
        self.0 = rest;
        Some((element, content))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shortest_length_is_der() {
        let read = |bytes: &'static [u8]| Der(bytes).take(OCTETS);
        assert_eq!(read(b"\x04\x01x"), Some(b"x".as_slice()));
        for bytes in [b"\x04\x81\x01x".as_slice(), b"\x04\x82\x00\x01x", b"\x04\x80x\0\0", b"\x04"]
        {
            assert_eq!(read(bytes), None);
        }
        assert_eq!(
            read(&[&[4, 0x81, 0x80], [0; 128].as_slice()].concat().leak()[..]).map(<[u8]>::len),
            Some(128)
        );
        let long = [&[4, 0x83, 1, 0, 0][..], &vec![0; 1 << 16]].concat();
        assert_eq!(Der(&long).take(OCTETS).map(<[u8]>::len), Some(1 << 16));
        let longer = [&[4, 0x83, 0, 0xff, 0xff][..], &vec![0; 0xffff]].concat();
        assert_eq!(Der(&longer).take(OCTETS), None);
        assert_eq!(read(b"\x04\x05x"), None);
    }
}

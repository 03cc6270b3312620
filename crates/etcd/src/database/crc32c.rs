//! CRC-32 by Castagnoli's polynomial (RFC 3720, appendix B.4), as etcd has a database hashed.

/// How many bytes are taken at once.
const WIDTH: usize = 16;

/// Reversed, as the bits of a byte are.
const POLYNOMIAL: u32 = 0x82f6_3b78;

/// Row N tells what a byte comes to with N bytes of zeros behind it.
static TABLES: [[u32; 256]; WIDTH] = tables();

#[expect(clippy::cast_possible_truncation, reason = "there are 256 bytes")]
const fn tables() -> [[u32; 256]; WIDTH] {
    let mut tables = [[0; 256]; WIDTH];
    let mut byte = 0;
    while byte < 256 {
        let mut crc = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ POLYNOMIAL } else { crc >> 1 };
            bit += 1;
        }
        tables[0][byte] = crc;
        byte += 1;
    }
    let mut row = 1;
    while row < WIDTH {
        let mut byte = 0;
        while byte < 256 {
            let before = tables[row - 1][byte];
            tables[row][byte] = (before >> 8) ^ tables[0][(before & 0xff) as usize];
            byte += 1;
        }
        row += 1;
    }
    tables
}

/// A checksum of all bytes so far.
pub(super) struct Crc32c(u32);

impl Crc32c {
    pub(super) const fn new() -> Self {
        Self(u32::MAX)
    }

    pub(super) fn add(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<WIDTH>();
        let mut state = self.0;
        for block in blocks {
            let mut block = *block;
            for (byte, of_state) in block.iter_mut().zip(state.to_le_bytes()) {
                *byte ^= of_state;
            }
            state = 0;
            // The first byte has the most behind it.
            for (byte, table) in block.iter().zip(TABLES.iter().rev()) {
                state ^= table[usize::from(*byte)];
            }
        }
        for byte in rest {
            state = (state >> 8) ^ TABLES[0][usize::from(state.to_le_bytes()[0] ^ byte)];
        }
        self.0 = state;
    }

    pub(super) const fn finish(&self) -> u32 {
        !self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> u32 {
        let mut crc = Crc32c::new();
        crc.add(bytes);
        crc.finish()
    }

    /// RFC 3720, appendix B.4; the last is the usual check value.
    #[test]
    fn the_examples_of_the_rfc() {
        let ascending: Vec<u8> = (0..32).collect();
        let descending: Vec<u8> = (0..32).rev().collect();
        assert_eq!(of(&[0; 32]), 0x8a91_36aa);
        assert_eq!(of(&[0xff; 32]), 0x62a8_ab43);
        assert_eq!(of(&ascending), 0x46dd_794e);
        assert_eq!(of(&descending), 0x113f_db5c);
        assert_eq!(of(b"123456789"), 0xe306_9283);
    }

    #[test]
    fn the_pieces_that_bytes_come_in_make_no_difference() {
        let bytes: Vec<u8> = (0..=255).chain(0..99).collect();
        for cut in 0..bytes.len() {
            let mut crc = Crc32c::new();
            crc.add(&bytes[..cut]);
            crc.add(&bytes[cut..]);
            assert_eq!(crc.finish(), of(&bytes), "{cut}");
        }
    }
}

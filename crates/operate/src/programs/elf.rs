//! What the head of a program says of where it runs (elf(5)).

/// Processors, by `e_machine`.
pub(crate) const X86_64: u16 = 62;
pub(crate) const AARCH64: u16 = 183;

/// The program needs an interpreter, which loads its C library.
const PT_INTERP: u32 = 3;

/// A program of 64 bits for Linux.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Elf {
    pub(crate) machine: u16,
    /// It runs without a C library.
    pub(crate) is_static: bool,
}

/// Reads the head of a program; `None` for all else, and for programs of 32 bits or in the other order of bytes.
pub(crate) fn elf(program: &[u8]) -> Option<Elf> {
    let is_known = program.starts_with(b"\x7fELF\x02\x01\x01");
    let machine = short(program, 18).filter(|_| is_known)?;
    let headers = usize::try_from(u64::from_le_bytes(bytes(program, 32)?)).ok()?;
    let (size, count) = (usize::from(short(program, 54)?), usize::from(short(program, 56)?));
    let mut is_static = true;
    for header in 0..count {
        let at = headers.checked_add(header * size)?;
        is_static &= u32::from_le_bytes(bytes(program, at)?) != PT_INTERP;
    }
    Some(Elf { machine, is_static })
}

fn short(program: &[u8], at: usize) -> Option<u16> {
    bytes(program, at).map(u16::from_le_bytes)
}

fn bytes<const N: usize>(program: &[u8], at: usize) -> Option<[u8; N]> {
    program.get(at..at.checked_add(N)?)?.try_into().ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Makes the head of a program, with program headers of these types.
    pub(crate) fn program(machine: u16, headers: &[u32]) -> Vec<u8> {
        let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
        bytes.resize(64, 0);
        bytes[18..20].copy_from_slice(&machine.to_le_bytes());
        bytes[32..40].copy_from_slice(&64_u64.to_le_bytes());
        bytes[54..56].copy_from_slice(&56_u16.to_le_bytes());
        bytes[56..58].copy_from_slice(&u16::try_from(headers.len()).unwrap().to_le_bytes());
        for header in headers {
            let end = bytes.len() + 56;
            bytes.extend(header.to_le_bytes());
            bytes.resize(end, 0);
        }
        bytes
    }

    #[test]
    fn one_that_needs_an_interpreter_is_not_static() {
        let is = |headers: &[u32]| elf(&program(X86_64, headers)).map(|it| it.is_static);
        assert_eq!(is(&[1, 1, 2]), Some(true));
        assert_eq!(is(&[6, 3, 1]), Some(false));
        assert_eq!(is(&[]), Some(true));
        // As every program of this machine has one: these tests.
        #[expect(clippy::disallowed_methods, reason = "a program of this machine's")]
        let own = std::fs::read("/proc/self/exe").unwrap();
        let machine = if cfg!(target_arch = "x86_64") { X86_64 } else { AARCH64 };
        assert_eq!(elf(&own), Some(Elf { machine, is_static: false }));
    }

    #[test]
    fn what_ends_early_or_is_no_program_is_none() {
        let whole = program(AARCH64, &[1, 2, 3]);
        // The last header counts by its type alone.
        for end in 0..whole.len() - 52 {
            assert_eq!(elf(&whole[..end]), None, "{end}");
        }
        let mut far = whole.clone();
        far[32..40].copy_from_slice(&u64::MAX.to_le_bytes());
        assert_eq!(elf(&far), None);
        for (at, byte) in [(4, 1), (5, 2), (0, b'#')] {
            let mut other = whole.clone();
            other[at] = byte;
            assert_eq!(elf(&other), None);
        }
        assert_eq!(elf(b"#!/bin/sh\n"), None);
    }
}

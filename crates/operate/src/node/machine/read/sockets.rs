//! `/proc/net/tcp` and `/proc/net/tcp6` (proc(5)).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// `TCP_LISTEN` in the kernel's `include/net/tcp_states.h`.
const LISTENS: &str = "0A";

/// Returns the sockets that listen, each with the number of its inode.
pub(crate) fn listening(text: &str) -> Vec<(SocketAddr, u64)> {
    text.lines().skip(1).filter_map(socket).collect()
}

fn socket(line: &str) -> Option<(SocketAddr, u64)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    (*fields.get(3)? == LISTENS).then_some(())?;
    Some((address(fields.get(1)?)?, fields.get(9)?.parse().ok()?))
}

/// Reads an address and port in hex; the address is words of 32 bits, each in the order of bytes that the machine has.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let words = (0..address.len()).step_by(8).map(|at| {
        let word = u32::from_str_radix(address.get(at..at + 8)?, 16).ok()?;
        Some(word.to_ne_bytes())
    });
    let bytes = words.collect::<Option<Vec<[u8; 4]>>>()?.concat();
    let ip = match bytes.len() {
        4 => IpAddr::from(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        _ => IpAddr::from(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?)),
    };
    Some(SocketAddr::new(ip.to_canonical(), port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn what_does_not_listen_or_is_no_socket_is_left_out() {
        let text = "  sl  local_address rem_address   st\n\
             0: 0100007F:0947 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 7 1\n\
             1: x:0947 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 7 1\n\
             \n2: 0A\n";
        assert_eq!(listening(text), []);
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the kernel's own text")]
    fn a_socket_of_this_process_is_found_at_its_address() {
        for (file, ip) in [("/proc/net/tcp", "127.0.0.1"), ("/proc/net/tcp6", "::1")] {
            // Not every machine has IPv6.
            let Ok(listener) = TcpListener::bind((ip, 0)) else { continue };
            let address = listener.local_addr().unwrap();
            let all = listening(&std::fs::read_to_string(file).unwrap());
            assert!(all.iter().any(|(found, _)| *found == address), "{address} in {all:?}");
        }
    }
}

//! Rules of packet filters, as `nft list ruleset` and `iptables -S` print them: whether they drop what comes in unless
//! a rule takes it, and whether a rule names a port.

/// Tells whether a chain for what comes in drops what no rule takes.
pub(crate) fn nft_drops(rules: &str) -> bool {
    rules.lines().any(|line| line.contains("hook input") && line.contains("policy drop"))
}

/// Tells whether iptables drops what comes in and no rule takes.
pub(crate) fn iptables_drops(rules: &str) -> bool {
    rules.lines().any(|line| matches!(line.trim(), "-P INPUT DROP"))
}

/// Tells whether a rule names the port, alone or in a range.
pub(crate) fn names(rules: &str, port: u16) -> bool {
    let words = rules.split(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}'));
    words.filter(|word| !word.is_empty()).any(|word| {
        let number = |text: &str| text.parse::<u16>().ok();
        match word.split_once(['-', ':']) {
            None => number(word) == Some(port),
            Some((from, to)) => match (number(from), number(to)) {
                (Some(from), Some(to)) => (from..=to).contains(&port),
                _ => false,
            },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NFT: &str = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\
                       \t\ttcp dport { 22, 2379-2380 } accept\n\t}\n}\n";
    const IPTABLES: &str = "-P INPUT DROP\n-P FORWARD ACCEPT\n-A INPUT -p tcp -m multiport --dports 22,2379:2380 -j ACCEPT\n";

    #[test]
    fn a_policy_and_the_ports_in_its_rules_are_read() {
        assert!(nft_drops(NFT) && !nft_drops(&NFT.replace("policy drop", "policy accept")));
        assert!(iptables_drops(IPTABLES) && !iptables_drops("-P INPUT ACCEPT\n-P FORWARD DROP\n"));
        for rules in [NFT, IPTABLES] {
            assert_eq!(
                [22, 2379, 2380, 2381].map(|port| names(rules, port)),
                [true, true, true, false]
            );
        }
    }
}

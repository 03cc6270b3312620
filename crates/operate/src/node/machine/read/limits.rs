//! `/proc/PID/limits` (proc(5)).

/// Returns how many files a process may have open; `None` for any number, or where the text does not tell.
pub(crate) fn open_files(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::open_files;

    #[test]
    fn the_soft_limit_counts() {
        let text = "Limit          Soft Limit  Hard Limit  Units\n\
                    Max processes  63          64          processes\n\
                    Max open files            1024                 524288               files     \n";
        assert_eq!(open_files(text), Some(1024));
        assert_eq!(open_files("Max open files unlimited unlimited files"), None);
        assert_eq!(open_files(""), None);
    }
}

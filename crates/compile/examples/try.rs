//! x
use bouquet_compile::diagnostic::*;
fn main() {
    let p = std::env::args().nth(1).unwrap();
    let b = std::fs::read(&p).unwrap();
    let (c, d) = bouquet_compile::prove(&b);
    let s = String::from_utf8_lossy(&b);
    eprintln!("{}", d.render(Source::new(&p, &s), Style::Plain));
    if let Some(c) = c {
        for m in c.members.iter().take(1) {
            for f in bouquet_model::cluster::Format::ALL { println!("=== {f}\n{}", bouquet_model::artifact::member(&c, m, *f)); }
        }
        println!("{}", bouquet_compile::constants::module(&c, &[]).len());
    }
}

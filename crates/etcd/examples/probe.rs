//! Scratch.
#![allow(
    clippy::all,
    clippy::pedantic,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods
)]
use bouquet_etcd::*;
use bouquet_model::url::Url;
use std::time::{Duration, Instant};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let url = Url::parse(&args[1]).unwrap();
    let peer = Url::parse(&args[2]).unwrap();
    let dir = &args[3];
    let ca = std::fs::read(format!("{dir}/ca.crt")).unwrap();
    let own = (
        std::fs::read(format!("{dir}/client.crt")).unwrap(),
        std::fs::read(format!("{dir}/client.key")).unwrap(),
    );
    let none = std::env::var("NONE").is_ok();
    let creds = Credentials::from_pem(&ca, (!none).then_some((&own.0, &own.1))).unwrap();
    let rt = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    rt.block_on(async {
        let e = Endpoint { url: &url, credentials: &creds };
        let d = || Deadline::within(Duration::from_secs(2));
        let t = Instant::now();
        let mut c = match Client::connect(e, d()).await {
            Ok(c) => c,
            Err(error) => {
                println!("connect {error:?} {:?}", t.elapsed());
                println!("served {:?}", served::certificates(&url, d()).await.map(|c| c.len()));
                return;
            }
        };
        println!("{:?} {:?}", c.status(d()).await, t.elapsed());
        println!("{:?}", c.member_list(false, d()).await);
        println!("{:?}", c.member_list(true, d()).await);
        println!("{:?}", c.alarms(d()).await);
        println!("{:?}", c.hash_kv(0, d()).await);
        println!("{:?}", c.auth_status(d()).await);
        println!("{:?}", c.member_remove(1, d()).await);
        let mut n = 0;
        let mut parts = 0;
        match c.snapshot(d()).await {
            Err(e) => println!("{e:?}"),
            Ok(mut s) => {
                while let Some(p) = s.next(d()).await.unwrap() {
                    n += p.blob.len();
                    parts += 1;
                }
            }
        }
        println!("snapshot {n} bytes {parts} parts");
        println!("served {:?}", served::certificates(&url, d()).await.map(|c| c.len()));
        let p = Endpoint { url: &peer, credentials: &creds };
        println!("{:?}", peer::members(p, d()).await);
        println!("{:?} {:?}", peer::version(e, d()).await, peer::version(p, d()).await);
        println!("{:?}", peer::time(p, d()).await);
        println!("{:?}", peer::metrics(e, d()).await.map(|t| t.text.len()));
    });
}

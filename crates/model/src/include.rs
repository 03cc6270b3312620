//! The way in which a program takes its cluster in.

use std::borrow::Cow;

/// Makes a module of what the build script made of `cluster.toml`.
///
/// ```text
/// bouquet_model::include_cluster!();
///
/// fn main() {
///     println!("{}", cluster::members::ORANGE.node());
/// }
/// ```
///
/// It takes a build script, so no doctest can hold it; `examples/embed` is such a package.
///
/// | item | what |
/// |---|---|
/// | `cluster::CLUSTER` | the whole [`Cluster`](crate::Cluster), a `static` |
/// | `cluster::CERTIFICATES` | the facts of its certificates, the CAs' first |
/// | `cluster::members::ORANGE` | the member `orange`, a `&'static Member` |
/// | `cluster::clients::KUBE_APISERVER` | the client `kube-apiserver`, a `&'static Client` |
/// | `cluster::ENDPOINTS` | every URL that a client may dial, a `&[&str]` |
/// | `cluster::TOKEN` | `initial-cluster-token`, a `&str` |
/// | `cluster::CLUSTER_ID` | etcd's ID of the cluster, an `Option<ClusterId>` |
/// | `cluster::CA_PEM` | the certificates of the CAs that clients trust, in PEM; a `&str` |
///
/// A name that leaves `cluster.toml` leaves the module, and a program that still uses it does not
/// compile. Constants are in capitals, with `_` for `.` and `-`, and before a digit at the beginning.
/// Where two members, or two clients, would have the same one, neither has any.
///
/// `CLUSTER_ID` is `None` for a cluster that was there before its `cluster.toml`. It is an `Option`
/// all the same: a cluster comes to that state in the course of its life, which is no reason for a
/// program not to compile. `CA_PEM` is not there at all without TLS: a program that would trust
/// nobody is to be told when it is built.
///
/// The module is private. `include_cluster!(pub mod tulips);` gives it another name and lets others
/// see it.
#[macro_export]
macro_rules! include_cluster {
    () => {
        $crate::include_cluster!(mod cluster);
    };
    ($visibility:vis mod $name:ident) => {
        #[doc = "The cluster that `cluster.toml` describes."]
        // Nobody uses all of it, and who includes it did not write it.
        #[allow(dead_code, unused_imports, unreachable_pub, clippy::all, clippy::pedantic, clippy::nursery)]
        $visibility mod $name {
            include!(concat!(
                env!("OUT_DIR", "this package needs a build.rs that calls bouquet_build::compile"),
                "/cluster.rs"
            ));
            pub use named::*;
        }
    };
}

/// Returns the entry of a list at its place, for generated code.
///
/// # Panics
/// In a constant's evaluation only, where there is none.
#[expect(
    clippy::ptr_arg,
    reason = "a list that is read in a constant cannot be dereferenced there"
)]
pub const fn nth<T: Clone>(list: &'static Cow<'static, [T]>, place: usize) -> &'static T {
    match list {
        Cow::Borrowed(list) => &list[place],
        Cow::Owned(_) => panic!("generated code borrows"),
    }
}

//! Programs that keep their state in a cluster of etcd: the values of `for` under `[[client]]`.

use crate::text::is_same;
use core::fmt;

/// A program that a client is.
#[derive(Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name in the spec.
    pub name: &'static str,
    /// Says what it is, for a table of the documents.
    pub about: &'static str,
    /// What a cluster has to be for it.
    pub needs: &'static [Need],
    /// The folder of its certificate where the spec names none; where this is `None`, too, it is the client's name below
    /// the members' `certs-dir`.
    pub certs_dir: Option<&'static str>,
    /// Set where Kubernetes hands its certificate out, from a Secret: no machine has it.
    pub by_secret: bool,
    /// What it takes for something else in the paths of its files, however they are quoted.
    pub misreads: &'static [Misread],
}

/// A part of a path, and what a program reads it as.
pub type Misread = (&'static str, &'static str);

/// Those of a container's arguments: the kubelet puts variables in (kubernetes, `Expand` in
/// `third_party/forked/golang/expansion/expand.go`), and programs that make the API server's Pod of a configuration hand the
/// paths on as they are, and so does anyone who copies flags into its manifest.
const OF_ARGUMENTS: &[Misread] = &[("$(", VARIABLE), ("$$", "one `$`")];

const VARIABLE: &str = "the name of a variable";

/// Names what a program cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// etcd's JSON gateway, at the endpoints: it does not speak gRPC.
    ///
    /// With authentication on, the gateway answers 400 to everybody whose certificate has a common name
    /// (etcd, `server/embed/serve.go`, `accessController.ServeHTTP`).
    Gateway,
    /// HTTP at the endpoints: it asks for etcd's version or metrics there.
    Http,
    /// CAs that do not limit addresses: BoringSSL refuses every certificate with an address under one that does
    /// (`pki/name_constraints.cc`, or `crypto/x509/v3_ncons.cc`).
    UnlimitedAddresses,
    /// Keys of ECDSA: BoringSSL takes no Ed25519 unless it is told to (`ssl/extensions.cc`,
    /// `kVerifySignatureAlgorithms`), and gRPC does not tell it to.
    Ecdsa,
    /// TLS 1.3.
    Tls13,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gateway => "etcd's JSON gateway",
            Self::Http => "HTTP at the endpoints",
            Self::UnlimitedAddresses => "CAs that do not limit addresses",
            Self::Ecdsa => "ECDSA keys",
            Self::Tls13 => "TLS 1.3",
        })
    }
}

/// Every program that is known, in the order in which they are documented.
pub static PROGRAMS: &[Program] = &[
    Program {
        name: "kubernetes",
        about: "the API server of Kubernetes, where its flags are written by hand",
        needs: &[],
        certs_dir: Some(KUBERNETES),
        by_secret: false,
        misreads: OF_ARGUMENTS,
    },
    Program {
        name: "kubeadm",
        about: "the same, where kubeadm makes the control plane",
        needs: &[Need::Http],
        certs_dir: Some(KUBERNETES),
        by_secret: false,
        misreads: OF_ARGUMENTS,
    },
    Program {
        name: "k3s",
        about: "the servers of K3s",
        needs: &[],
        certs_dir: Some("/etc/rancher/k3s/etcd"),
        by_secret: false,
        misreads: &[],
    },
    Program {
        name: "rke2",
        about: "the servers of RKE2",
        needs: &[],
        certs_dir: Some("/etc/rancher/rke2/etcd"),
        by_secret: false,
        misreads: OF_ARGUMENTS,
    },
    // patroni/dcs/etcd3.py: POST to /v3/kv/range and so on.
    Program {
        name: "patroni",
        about: "Patroni, for PostgreSQL",
        needs: &[Need::Gateway],
        certs_dir: None,
        by_secret: false,
        misreads: &[],
    },
    // lua-resty-etcd, v3.lua: the same.
    Program {
        name: "apisix",
        about: "Apache APISIX",
        needs: &[Need::Gateway],
        certs_dir: None,
        by_secret: false,
        // Its `ngx_tpl.lua` writes the path into nginx.conf without quotes.
        misreads: &[
            (" ", "the end of the path"),
            (";", "the end of the path"),
            ("{", "the beginning of a block"),
            ("\\", "a mark before the next letter"),
        ],
    },
    Program {
        name: "cilium",
        about: "Cilium, with an etcd of its own",
        needs: &[],
        certs_dir: Some("/var/lib/etcd-secrets"),
        by_secret: true,
        misreads: &[],
    },
    Program {
        name: "calico",
        about: "Calico, with an etcd of its own",
        needs: &[],
        certs_dir: Some("/etc/calico/certs"),
        by_secret: true,
        misreads: &[],
    },
    Program {
        name: "coredns",
        about: "CoreDNS, which answers from etcd",
        needs: &[],
        certs_dir: None,
        by_secret: false,
        // coredns/caddy: `replaceEnvVars` in caddyfile/parse.go, and `next` in caddyfile/lexer.go.
        misreads: &[("{$", VARIABLE), ("{%", VARIABLE), ("\\\"", "the end of the path")],
    },
    Program {
        name: "traefik",
        about: "Traefik",
        needs: &[],
        certs_dir: None,
        by_secret: false,
        misreads: &[],
    },
    Program {
        name: "vault",
        about: "HashiCorp Vault",
        needs: &[],
        certs_dir: None,
        by_secret: false,
        misreads: &[],
    },
    // configs/milvus.yaml, etcd.ssl.tlsMinVersion: 1.3.
    Program {
        name: "milvus",
        about: "Milvus",
        needs: &[Need::Tls13],
        certs_dir: None,
        by_secret: false,
        misreads: &[],
    },
    Program {
        name: "prometheus",
        about: "Prometheus, which reads the members' metrics",
        needs: &[Need::Http],
        certs_dir: None,
        by_secret: false,
        misreads: &[],
    },
    Program {
        name: "grpc",
        about: "a program of yours that uses gRPC in C++, Python, Ruby or PHP",
        needs: &[Need::UnlimitedAddresses, Need::Ecdsa],
        certs_dir: None,
        by_secret: false,
        misreads: &[],
    },
];

/// Where kubeadm's documentation has the CA of an external etcd.
const KUBERNETES: &str = "/etc/kubernetes/pki/etcd";

impl Program {
    /// Returns the program of that name.
    pub fn find(name: &str) -> Option<&'static Self> {
        PROGRAMS.iter().find(|program| program.name == name)
    }

    /// Returns the same, for generated code: one that is not known does not compile.
    ///
    /// # Panics
    /// In a constant's evaluation only, where none has that name.
    pub const fn from_static(name: &'static str) -> &'static Self {
        let mut at = 0;
        while at < PROGRAMS.len() {
            if is_same(PROGRAMS[at].name, name) {
                return &PROGRAMS[at];
            }
            at += 1;
        }
        panic!("no program of that name is known")
    }

    /// Tells whether it cannot do without that.
    pub fn needs(&self, need: Need) -> bool {
        self.needs.contains(&need)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_by_its_name_alone() {
        for program in PROGRAMS {
            assert_eq!(Program::find(program.name), Some(program));
            assert_eq!(Program::from_static(program.name), program);
        }
        assert_eq!(Program::find("Kubernetes"), None);
    }
}

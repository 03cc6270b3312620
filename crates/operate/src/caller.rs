//! Variables of the caller's that would contradict what is said of the cluster.

/// The variables that name another way to find endpoints, another API, or another trust. `ETCDCTL_API` goes rather than
/// being set: 3 is the only API from etcd 3.6 on and the default before, and 3.6 complains of the variable.
pub(crate) const CONTRADICTING: &[&str] = &[
    "ETCDCTL_API",
    "ETCDCTL_DISCOVERY_SRV",
    "ETCDCTL_DISCOVERY_SRV_NAME",
    "ETCDCTL_INSECURE_DISCOVERY",
    "ETCDCTL_INSECURE_SKIP_TLS_VERIFY",
    "ETCDCTL_INSECURE_TRANSPORT",
];

/// The variables that a cluster sets, each where TLS is on, and etcdctl's flags of the same meaning.
pub(crate) const OURS: &[(&str, &str)] = &[
    ("ETCDCTL_ENDPOINTS", ENDPOINTS),
    ("ETCDCTL_CACERT", "--cacert"),
    ("ETCDCTL_CERT", "--cert"),
    ("ETCDCTL_KEY", "--key"),
];

/// The one flag of which etcdctl adds up several, where of others the last counts.
pub(crate) const ENDPOINTS: &str = "--endpoints";

/// The caller's own account in etcd, and etcdctl's flags of the same meaning.
pub(crate) const ACCOUNT: &[(&str, &str)] = &[
    ("ETCDCTL_AUTH_JWT_TOKEN", "--auth-jwt-token"),
    ("ETCDCTL_PASSWORD", "--password"),
    ("ETCDCTL_USER", "--user"),
];

/// Returns those of our variables that a cluster does not set, so that the caller's must go.
pub(crate) fn absent(set: &[(&'static str, String)]) -> Vec<&'static str> {
    let names = OURS.iter().map(|(name, _)| *name);
    names.filter(|name| set.iter().all(|(other, _)| other != name)).collect()
}

/// Is set on a node to which the program was sent for this call alone, together with what it is to install: nobody finds it
/// there afterwards.
pub(crate) const SENT: &str = "BOUQUET_SENT";

/// Is set where the caller's environment is that of a trial: this program would go past it, to the cluster that was
/// compiled.
pub(crate) const IN_TRIAL: &str = "BOUQUET_TRIAL";

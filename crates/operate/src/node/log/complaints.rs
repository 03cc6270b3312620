//! What etcd says when something is wrong, why, and what to do: the one table of it. The guide's table is generated
//! from it, and `doctor --log` finds its texts in a log.

/// A text of etcd's, or of its unit's.
#[derive(Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What it says, in Markdown: texts between backticks, in which `…` stands for anything.
    pub says: &'static str,
    /// The reason, in Markdown. `{certs}`, `{data}`, `{member}`, `{unit}` and `{program}` are the cluster's own.
    pub why: &'static str,
    /// What to do, in the same form.
    pub remedy: &'static str,
    pub(super) kind: Kind,
}

/// How a complaint is found in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line says it.
    Line,
    /// A line says it, and nothing is to be done.
    Harmless,
    /// A line says it, and has the reason in it, which may have a row of its own.
    Frame,
    /// No line says it.
    Silence,
}

const fn row(says: &'static str, why: &'static str, remedy: &'static str, kind: Kind) -> Complaint {
    Complaint { says, why, remedy, kind }
}

/// All that is known, in the order of the guide.
pub const COMPLAINTS: &[Complaint] = &[
    row(
        "`etcd does not start: there is no log in …`, or `there is no database in …`",
        "from the unit or `etcd.sh`: etcd has run here, and its data is not where it was",
        "[mount it, or move it back](#missing-data)",
        Kind::Line,
    ),
    row(
        "nothing after `starting an etcd server`",
        "another etcd has the data folder",
        "`ps -C etcd`; stop the other",
        Kind::Silence,
    ),
    row(
        "`bind: address already in use`",
        "another etcd runs, often Debian's own",
        "`systemctl disable --now etcd`, then start again",
        Kind::Line,
    ),
    row(
        "`bind: cannot assign requested address`",
        "the node does not have `ip`, or another node's folder was copied",
        "`ip address`; copy the right folder; behind NAT set `listen-ip`",
        Kind::Line,
    ),
    row(
        "`open {certs}/…: permission denied`",
        "the files do not belong to the service's user: `{program} check-node`",
        "`chown -R {owner} {certs}`",
        Kind::Line,
    ),
    row(
        "`open {certs}/…: no such file or directory`",
        "`certs/` was not copied, or elsewhere",
        "step 4",
        Kind::Line,
    ),
    row(
        "`mkdir /…: permission denied`",
        "the folder above `data-dir` or `wal-dir` is not etcd's to write in, or a restore was run as root",
        "`namei -l {data}`; the unit makes the folder itself, so copy the built one; after a restore, `chown -R {owner}` the data folder while etcd is stopped",
        Kind::Line,
    ),
    row(
        "`tls: private key does not match public key`",
        "a mixture of two nodes' files, or a copy under way: `{program} check-node` names the key",
        "copy `certs/` again as a whole",
        Kind::Line,
    ),
    row(
        "`x509: certificate signed by unknown authority`",
        "files of another CA on one side, or a phase of a [change of CA](certificates.md#changing-the-ca) that was not rolled out everywhere",
        "compare `openssl x509 -noout -fingerprint -sha256 -in ca.crt` on both with `{program} certs --wide`",
        Kind::Line,
    ),
    row(
        "`x509: certificate has expired or is not yet valid`",
        "as it says, or a wrong clock",
        "`date -u`; then [replace it](#replacing-certificates)",
        Kind::Line,
    ),
    row(
        "`x509: certificate specifies an incompatible key usage`",
        "the other side's certificate is for `serverAuth` alone, and a peer calls the others too; one that was made by hand",
        "on the node that `remote-addr` names, install the folder of the build: `{program} install`",
        Kind::Line,
    ),
    row(
        "`x509: certificate is valid for …, not …`",
        "another node's `certs/` was copied, or someone dials an address that is not in `cluster.toml`",
        "copy the right one; or add the address to `extra-sans`",
        Kind::Line,
    ),
    row(
        "`tls: \"…\" does not match any of DNSNames`",
        "a member's connections come from an address that its certificate does not have, by NAT or a second interface",
        "add it to `extra-sans` of that member",
        Kind::Line,
    ),
    row(
        "`tls: client didn't provide a certificate`",
        "a client without certificate: a monitor or a load balancer; or `{program} status`, which looks at what the port shows",
        "give it a `[[client]]`; nothing, where `status` was called at that time",
        Kind::Line,
    ),
    row(
        "`tls: first record does not look like a TLS handshake`",
        "one side speaks plain HTTP",
        "one of them has old files, or a client uses `http://`",
        Kind::Line,
    ),
    row(
        "`dial tcp …: connection refused`, `i/o timeout`",
        "the member is down, or a firewall",
        "`{program} members` has the ports; try `nc -vz`",
        Kind::Line,
    ),
    row(
        "`proxyconnect tcp: …`",
        "a proxy of the environment comes between members, or between a client and them",
        "`etcd.sh`, `etcd.env`, `etcd.service` and `{program} etcdctl` leave proxies out; for `etcd.conf.yml`, and for clients of your own, `unset https_proxy HTTPS_PROXY http_proxy HTTP_PROXY`, or put the members into `no_proxy`",
        Kind::Line,
    ),
    row(
        "`rejected connection on peer endpoint`, `… on client endpoint`",
        "the other side showed no certificate, or one that is not accepted; the `error` of that line says why, its `remote-addr` who",
        "the row of that reason: `x509: …`, `tls: …`",
        Kind::Frame,
    ),
    row(
        "`rejected stream from remote peer because it was removed`",
        "a member that was removed still runs, and calls",
        "stop it, `systemctl disable --now etcd`, on the node that the line names",
        Kind::Line,
    ),
    row(
        "`dial tcp 127.0.1.1:2380`, or `x509: certificate is valid for …, not 127.0.1.1`",
        "`/etc/hosts` gives the node's own name that address, as Debian does, and `advertise = \"hostname\"`",
        "`getent hosts NAME` on each node; give the name the address of cluster.toml there, or use `advertise = \"ip\"`",
        Kind::Line,
    ),
    row(
        "`lookup …: no such host`",
        "`advertise = \"hostname\"`, and DNS does not know it",
        "correct DNS, or `advertise = \"ip\"`",
        Kind::Line,
    ),
    row(
        "`request cluster ID mismatch`, `request sent was ignored by remote peer due to cluster ID mismatch`",
        "a member with another token or list of members, or an old data folder",
        "copy the file of the current build; move the old data folder away, and then remove its [mark](#missing-data)",
        Kind::Line,
    ),
    row(
        "`member … has already been bootstrapped`",
        "a member starts as new without its data: the data is lost, the disk is not mounted, or `data-dir` (or `name`, below a default one) was changed",
        "look for the data first: `systemctl cat {unit}`, `mount`; with the old folder back in its place it goes on. Only if it is lost, [replace the member](#replacing-a-dead-member)",
        Kind::Line,
    ),
    row(
        "`tocommit(…) is out of range [lastIndex(0)]`",
        "a member lost its data and starts with `state = \"existing\"` under its old ID",
        "[replace it](#replacing-a-dead-member)",
        Kind::Line,
    ),
    row(
        "`error validating peerURLs …: member count is unequal`",
        "a joining member's file has other members than the cluster",
        "`member list`, make `cluster.toml` agree, copy again",
        Kind::Line,
    ),
    row(
        "`etcdserver: unhealthy cluster`",
        "a change of members in the first seconds of a cluster or of a member that came back, or while one is down",
        "wait ten seconds and look again: `{program} etcdctl -- endpoint health`. Only if one is dead, and stays so, [remove that one](#replacing-a-dead-member) first; never one that is healthy",
        Kind::Line,
    ),
    row(
        "`the member has been permanently removed from the cluster`",
        "it was removed; etcd exits with 0, or after a later start with 1, and the unit stays down within a few starts",
        "`systemctl disable {unit}`; move its data away and remove its [mark](#missing-data); add it again",
        Kind::Line,
    ),
    row(
        "`{data} belongs to root and is not empty`",
        "from the unit, which takes no folder from anybody",
        "if all in it is data of etcd, as after a restore, `chown -R {owner} {data}`; else another `data-dir`",
        Kind::Line,
    ),
    row(
        "`mkdir …/wal.tmp: read-only file system`",
        "a unit of an older build: etcd makes `wal-dir` again from the folder above it",
        "copy the unit of the current build",
        Kind::Line,
    ),
    row(
        "`etcd does not start: … is a mount point`, `rename …/wal.tmp …/wal: device or resource busy`",
        "the folder of the log is a mount point",
        "unmount it, and take it out of `/etc/fstab`; or name a folder in it as `wal-dir`, such as `/wal/wal`",
        Kind::Line,
    ),
    row(
        "`etcd does not start: … is a symlink`",
        "the folder of the log is a link, which etcd would remove to begin its log in its place",
        "name a folder in the one that it leads to as `wal-dir`; or remove the link",
        Kind::Line,
    ),
    row(
        "`mvcc: database space exceeded`, `alarm:NOSPACE`",
        "the database has reached `quota-backend-bytes`; every write is refused, on all members",
        "`{program} etcdctl -- endpoint status -w table`; compact, then `{program} etcdctl {member} -- defrag` one member at a time, or raise the quota and restart; then `{program} etcdctl -- alarm disarm`, without which writes stay refused",
        Kind::Line,
    ),
    row(
        "`invalid downgrade; server version is lower than determined cluster version`",
        "an older etcd on a cluster that runs a newer one",
        "install the version of the others again; the data is fine. A way back is `etcdctl downgrade`, from 3.6 to 3.5 alone",
        Kind::Line,
    ),
    row(
        "`incompatible with current running cluster`",
        "a member joins with an older etcd than the cluster's, or with `state = \"existing\"` before there is a quorum",
        "install the others' version; or `state = \"new\"`",
        Kind::Line,
    ),
    row(
        "`open sink \"/…\": open /…: permission denied`",
        "the log's folder is not etcd's, such as `/var/log`",
        "give it one of its own: `/var/log/etcd/etcd.log`",
        Kind::Line,
    ),
    row(
        "`failed to detect default host`",
        "the unit lets etcd ask for no network interfaces, which it needs only where it is given no URLs",
        "nothing",
        Kind::Harmless,
    ),
    row(
        "`flag provided but not defined`",
        "the node runs an older etcd than `cluster.toml` says",
        "`etcd --version`; correct one of them",
        Kind::Line,
    ),
    row(
        "`conflicting environment variable is shadowed by corresponding command-line flag`",
        "a drop-in or `/etc/default/etcd` sets `ETCD_…`",
        "`systemctl cat {unit}`; remove it",
        Kind::Line,
    ),
    row(
        "`couldn't find local name`",
        "the file was edited by hand",
        "copy the built one",
        Kind::Line,
    ),
    row(
        "`tocommit(…) is out of range [lastIndex(…)]`",
        "a member's data was rolled back, as by a copy or a snapshot of its disk: it acknowledged more than it has",
        "do not start the others again meanwhile; [replace it](#replacing-a-dead-member). A member's own data is never brought back from a copy",
        Kind::Line,
    ),
    row(
        "`walpb: crc mismatch`",
        "the log is damaged on the disk",
        "look at the disk: `dmesg`; then [replace the member](#replacing-a-dead-member), if the others have a quorum",
        Kind::Line,
    ),
    row(
        "`cannot use none as id`",
        "a file of the log, in `member/wal`, is empty or cut",
        "look at the disk; then [replace the member](#replacing-a-dead-member), if the others have a quorum",
        Kind::Line,
    ),
    row(
        "`failed to find database snapshot file`",
        "the database, `member/snap/db`, is missing or empty",
        "look for it first: a disk, a copy that was broken off; then [replace the member](#replacing-a-dead-member)",
        Kind::Line,
    ),
    row(
        "`both meta pages are invalid`, `failed to open database`",
        "the database, `member/snap/db`, is damaged at its beginning",
        "look at the disk; then [replace the member](#replacing-a-dead-member), if the others have a quorum",
        Kind::Line,
    ),
    row(
        "`failed to get all reachable pages`, `unexpected fault address`, `but self identifies as`",
        "the database, `member/snap/db`, is damaged inside",
        "look at the disk; then [replace the member](#replacing-a-dead-member), if the others have a quorum",
        Kind::Line,
    ),
    row(
        "`no space left on device`",
        "the disk is full; nothing is lost",
        "free some space, and start etcd; a file `0.tmp` beside the log is no leftover",
        Kind::Line,
    ),
    row(
        "`found data inconsistency with peers`",
        "this member has other data than the others at the same revision",
        "keep it stopped, and see whether the others agree: `{program} status` says what to do",
        Kind::Line,
    ),
    row(
        "`same compact revision then hashes must match`, `Detected compaction hash mismatch`, `etcdserver: corrupt cluster`",
        "members have different data at the same revision; once the alarm CORRUPT is on, every write is refused",
        "`{program} status` names the sides, and says what to do",
        Kind::Line,
    ),
    row(
        "`mvcc: required revision is a future revision`",
        "again and again, from the checks of `corrupt-check-time`: a member has a lower revision than others at the same place of the log",
        "`{program} status` compares them, and says what to do",
        Kind::Line,
    ),
    row(
        "`failed to publish local member to cluster through raft`",
        "there is no quorum, or the others do not take this member's messages: its data may be that of another, or a copy",
        "`{program} doctor` on this node, and `{program} status`",
        Kind::Line,
    ),
    row(
        "`ignored streaming request; ID mismatch`, `rejected Raft message to mismatch member`",
        "two processes have one member's data, as after a disk was cloned, or two members changed places",
        "stop etcd on the node of the copy before anything else: `{program} doctor` on each node says whose data it is",
        Kind::Line,
    ),
    row(
        "`prober found high clock drift`, `the clock difference against peer`",
        "the clocks of two nodes differ by a second and more",
        "`timedatectl` on both: let a service set them",
        Kind::Line,
    ),
    row(
        "`slow fdatasync`",
        "the disk took more than a second for a write",
        "`{program} doctor` measures it; `iostat -x 1` shows what else writes",
        Kind::Line,
    ),
    row(
        "`leader failed to send out heartbeat on time`",
        "the leader's disk or processor is too slow, or too much else runs on it",
        "`{program} doctor` measures the disk; give etcd a disk of its own, or raise `heartbeat-interval` and `election-timeout` on all members",
        Kind::Line,
    ),
    row(
        "`apply request took too long`, `waiting for ReadIndex response took too long`",
        "a request took longer than 100 ms: a large one, a slow disk, or an election",
        "one here and there is nothing; if they go on, `{program} doctor` on each node",
        Kind::Line,
    ),
    row(
        "`too many learner members in cluster`",
        "a learner is there already; or, at a start of 3.6, a promotion was lost by a release before 3.5.24",
        "promote or remove that learner first; at a start of 3.6, go back to the newest 3.5 on this node",
        Kind::Line,
    ),
    row(
        "`cannot fetch cluster info from peer urls`",
        "a member with `state = \"existing\"` reaches none of the others, or none trusts it",
        "start the others first; `{program} doctor` here says why each is not reached",
        Kind::Line,
    ),
    row(
        "`PeerURLs: no match found for existing member`",
        "the joining member's own peer URL is not the one with which it was added",
        "`member list`; make `cluster.toml` agree with it, or `member update`",
        Kind::Line,
    ),
    row(
        "`detected disallowed custom content in v2store`",
        "there is data of the v2 API, which 3.6 does not take",
        "go back to 3.5 on this node, and move that data first: `etcdutl check v2store` looks for it",
        Kind::Line,
    ),
    row(
        "`Removing zombie member from v3store`",
        "3.5 removes members that its older store does not list; from 3.4 data without a snapshot file they may be live ones",
        "do not go on to 3.6 before `{program} status` shows every member on all of them",
        Kind::Line,
    ),
    row(
        "`remote error: tls: bad certificate`",
        "the other side does not accept this one's certificate",
        "its log, on its node, says why: `journalctl -u etcd` there",
        Kind::Line,
    ),
    row(
        "`exist, but the permission is`",
        "the data folder is open to others",
        "`chmod 700 {data}`",
        Kind::Line,
    ),
    row(
        "`TLS handshake error`",
        "a connection ended before it was secure: the text behind it says why, often a scan or a check of a load balancer",
        "the row of that reason: `x509: …`, `tls: …`; `EOF` alone is one who only looked whether the port is open",
        Kind::Frame,
    ),
    row(
        "the unit is `activating` for minutes",
        "more than half of the members are not up yet",
        "[start the others](#5-start)",
        Kind::Silence,
    ),
];

//! The calls of the client port. Those for keys and leases are in `keys`; all go through a `session`.

mod keys;
mod session;

use crate::deadline::Deadline;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::grpc::Method;
use crate::messages::auth::{AuthStatusRequest, AuthStatusResponse};
use crate::messages::cluster::{
    MemberAddRequest, MemberAddResponse, MemberListRequest, MemberListResponse,
    MemberPromoteRequest, MemberPromoteResponse, MemberRemoveRequest, MemberRemoveResponse,
    MemberUpdateRequest, MemberUpdateResponse,
};
use crate::messages::maintenance::{
    AlarmAction, AlarmMember, AlarmRequest, AlarmResponse, AlarmType, DefragmentRequest,
    DefragmentResponse, DowngradeAction, DowngradeRequest, DowngradeResponse, HashKvRequest,
    HashKvResponse, MoveLeaderRequest, MoveLeaderResponse, SnapshotRequest, StatusRequest,
    StatusResponse,
};
use crate::snapshot::Snapshot;
use crate::user::User;
use session::Session;

/// A connection to the client port of one member.
///
/// A call is answered by that member, or refused: none is sent to another one.
pub struct Client(Session);

impl Client {
    /// Connects to a member.
    ///
    /// # Errors
    /// [`Error::Unreachable`], with the reason.
    pub async fn connect(endpoint: Endpoint<'_>, deadline: Deadline) -> Result<Self, Error> {
        Ok(Self(Session::open(endpoint, deadline).await?))
    }

    /// Makes later calls those of a user. It logs in by its password where the member refuses a call without, and
    /// again where its token has ended; a password that is refused is what such a call fails with.
    pub fn set_user(&mut self, user: Option<User>) {
        self.0.set_user(user);
    }

    /// Asks what the member knows of itself. It answers without a quorum, too.
    ///
    /// # Errors
    /// As [`Error`] has them, as of each call.
    pub async fn status(&mut self, deadline: Deadline) -> Result<StatusResponse, Error> {
        self.0
            .unary(Method::small("/etcdserverpb.Maintenance/Status"), &StatusRequest {}, deadline)
            .await
    }

    /// Asks for the list of members: as this one has it, or as a quorum has it (`linearizable`; a member of 3.4
    /// gives its own list all the same).
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn member_list(
        &mut self,
        linearizable: bool,
        deadline: Deadline,
    ) -> Result<MemberListResponse, Error> {
        let request = MemberListRequest { linearizable };
        self.0.unary(Method::small("/etcdserverpb.Cluster/MemberList"), &request, deadline).await
    }

    /// Adds a member, as a learner or as a voter.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn member_add(
        &mut self,
        peer_urls: Vec<String>,
        is_learner: bool,
        deadline: Deadline,
    ) -> Result<MemberAddResponse, Error> {
        let request = MemberAddRequest { peer_urls, is_learner };
        self.0.unary(Method::small("/etcdserverpb.Cluster/MemberAdd"), &request, deadline).await
    }

    /// Removes a member.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn member_remove(
        &mut self,
        id: u64,
        deadline: Deadline,
    ) -> Result<MemberRemoveResponse, Error> {
        let request = MemberRemoveRequest { id };
        self.0.unary(Method::small("/etcdserverpb.Cluster/MemberRemove"), &request, deadline).await
    }

    /// Gives a learner a vote.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn member_promote(
        &mut self,
        id: u64,
        deadline: Deadline,
    ) -> Result<MemberPromoteResponse, Error> {
        let request = MemberPromoteRequest { id };
        self.0.unary(Method::small("/etcdserverpb.Cluster/MemberPromote"), &request, deadline).await
    }

    /// Gives a member other peer URLs.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn member_update(
        &mut self,
        id: u64,
        peer_urls: Vec<String>,
        deadline: Deadline,
    ) -> Result<MemberUpdateResponse, Error> {
        let request = MemberUpdateRequest { id, peer_urls };
        self.0.unary(Method::small("/etcdserverpb.Cluster/MemberUpdate"), &request, deadline).await
    }

    /// Gives the leadership to another voter. The leader alone takes this.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn move_leader(&mut self, target: u64, deadline: Deadline) -> Result<(), Error> {
        let request = MoveLeaderRequest { target_id: target };
        let method = Method::small("/etcdserverpb.Maintenance/MoveLeader");
        let _: MoveLeaderResponse = self.0.unary(method, &request, deadline).await?;
        Ok(())
    }

    /// Asks for the alarms of all members.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn alarms(&mut self, deadline: Deadline) -> Result<Vec<AlarmMember>, Error> {
        let request = AlarmRequest {
            action: AlarmAction::Get.into(),
            member_id: 0,
            alarm: AlarmType::None.into(),
        };
        self.alarm(request, deadline).await
    }

    /// Switches an alarm of a member off, and returns those that were.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn disarm(
        &mut self,
        alarm: AlarmMember,
        deadline: Deadline,
    ) -> Result<Vec<AlarmMember>, Error> {
        let AlarmMember { member_id, alarm } = alarm;
        let request = AlarmRequest { action: AlarmAction::Deactivate.into(), member_id, alarm };
        self.alarm(request, deadline).await
    }

    async fn alarm(
        &mut self,
        request: AlarmRequest,
        deadline: Deadline,
    ) -> Result<Vec<AlarmMember>, Error> {
        let method = Method::small("/etcdserverpb.Maintenance/Alarm");
        let answer: AlarmResponse = self.0.unary(method, &request, deadline).await?;
        Ok(answer.alarms)
    }

    /// Asks for the hash of the member's keys at a revision; 0 for its latest.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn hash_kv(
        &mut self,
        revision: i64,
        deadline: Deadline,
    ) -> Result<HashKvResponse, Error> {
        let request = HashKvRequest { revision };
        self.0.unary(Method::small("/etcdserverpb.Maintenance/HashKV"), &request, deadline).await
    }

    /// Gives the space of what was compacted back to the file system. The member answers nothing else meanwhile.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn defragment(&mut self, deadline: Deadline) -> Result<(), Error> {
        let method = Method::small("/etcdserverpb.Maintenance/Defragment");
        let _: DefragmentResponse = self.0.unary(method, &DefragmentRequest {}, deadline).await?;
        Ok(())
    }

    /// Asks for all of the member's data; the deadline is for the first answer.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn snapshot(&mut self, deadline: Deadline) -> Result<Snapshot, Error> {
        let method = Method::large("/etcdserverpb.Maintenance/Snapshot");
        Ok(Snapshot::of(self.0.stream(method, &SnapshotRequest {}, deadline).await?))
    }

    /// Asks whether authentication is on. Where it is, some releases refuse to tell anyone without a token: `user
    /// name is empty`; 3.4 has no such call.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn auth_status(&mut self, deadline: Deadline) -> Result<AuthStatusResponse, Error> {
        self.0
            .unary(Method::small("/etcdserverpb.Auth/AuthStatus"), &AuthStatusRequest {}, deadline)
            .await
    }

    /// Asks what has to be true before the cluster can go to an older minor, tells it to, or tells it not to.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn downgrade(
        &mut self,
        action: DowngradeAction,
        version: &str,
        deadline: Deadline,
    ) -> Result<DowngradeResponse, Error> {
        let request = DowngradeRequest { action: action.into(), version: version.to_owned() };
        self.0.unary(Method::small("/etcdserverpb.Maintenance/Downgrade"), &request, deadline).await
    }
}

//! The calls for keys and leases.

use super::Client;
use crate::deadline::Deadline;
use crate::error::Error;
use crate::grpc::Method;
use crate::messages::kv::{
    CompactionRequest, CompactionResponse, PutRequest, PutResponse, RangeRequest, RangeResponse,
    TxnRequest, TxnResponse,
};
use crate::messages::lease::{
    LeaseGrantRequest, LeaseGrantResponse, LeaseKeepAliveRequest, LeaseKeepAliveResponse,
    LeaseRevokeRequest, LeaseRevokeResponse,
};

impl Client {
    /// Asks for keys.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn range(
        &mut self,
        request: &RangeRequest,
        deadline: Deadline,
    ) -> Result<RangeResponse, Error> {
        self.0.unary(Method::large("/etcdserverpb.KV/Range"), request, deadline).await
    }

    /// Writes a key.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn put(
        &mut self,
        request: &PutRequest,
        deadline: Deadline,
    ) -> Result<PutResponse, Error> {
        self.0.unary(Method::small("/etcdserverpb.KV/Put"), request, deadline).await
    }

    /// Does several things at one revision, if conditions hold.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn txn(
        &mut self,
        request: &TxnRequest,
        deadline: Deadline,
    ) -> Result<TxnResponse, Error> {
        self.0.unary(Method::large("/etcdserverpb.KV/Txn"), request, deadline).await
    }

    /// Takes the history up to a revision away. From 3.5 on, where authentication is on, that takes the role
    /// root.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn compact(
        &mut self,
        request: &CompactionRequest,
        deadline: Deadline,
    ) -> Result<CompactionResponse, Error> {
        self.0.unary(Method::small("/etcdserverpb.KV/Compact"), request, deadline).await
    }

    /// Asks for a lease of so many seconds, and returns its ID. Under NOSPACE there is none.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn lease_grant(&mut self, ttl: i64, deadline: Deadline) -> Result<i64, Error> {
        let request = LeaseGrantRequest { ttl, id: 0 };
        let method = Method::small("/etcdserverpb.Lease/LeaseGrant");
        let answer: LeaseGrantResponse = self.0.unary(method, &request, deadline).await?;
        if answer.error.is_empty() { Ok(answer.id) } else { Err(Error::Refused(answer.error)) }
    }

    /// Keeps a lease alive once, and returns for how many seconds; 0 where there is no such lease any more.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn lease_keep_alive(&mut self, id: i64, deadline: Deadline) -> Result<i64, Error> {
        // A stream in both directions; one question in it is answered once.
        let request = LeaseKeepAliveRequest { id };
        let method = Method::small("/etcdserverpb.Lease/LeaseKeepAlive");
        let mut answers = self.0.stream(method, &request, deadline).await?;
        let answer: Option<LeaseKeepAliveResponse> = answers.next(deadline).await?;
        let answer = answer.ok_or_else(|| Error::NotEtcd("a lease is not answered".to_owned()))?;
        Ok(answer.ttl)
    }

    /// Ends a lease, and all keys with it.
    ///
    /// # Errors
    /// As [`Error`] has them.
    pub async fn lease_revoke(&mut self, id: i64, deadline: Deadline) -> Result<(), Error> {
        let request = LeaseRevokeRequest { id };
        let method = Method::small("/etcdserverpb.Lease/LeaseRevoke");
        let _: LeaseRevokeResponse = self.0.unary(method, &request, deadline).await?;
        Ok(())
    }
}

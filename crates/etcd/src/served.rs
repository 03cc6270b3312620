//! The certificate that a port shows.

use crate::deadline::{Deadline, Passed};
use crate::dial::tcp;
use crate::error::{Error, Reach, of_handshake};
use crate::transport::server_name;
use bouquet_model::url::Url;
use std::sync::{Arc, Mutex, PoisonError};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{
    CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature,
};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{self, ClientConfig, DigitallySignedStruct, SignatureScheme};

/// Returns the chain that a port shows, in DER, its own certificate first, by any CA: it is looked at, and
/// nothing is sent.
///
/// No certificate is shown in turn, and a port that asks for one ends the connection: after it has shown its own.
///
/// # Errors
/// If it shows none.
pub async fn certificates(url: &Url, deadline: Deadline) -> Result<Vec<Vec<u8>>, Error> {
    let provider = Arc::new(ring::default_provider());
    let seen = Arc::new(Seen { chain: Mutex::default(), provider: Arc::clone(&provider) });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Unreachable(Reach::Other(error.to_string())))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(&seen) as Arc<dyn ServerCertVerifier>)
        .with_no_client_auth();
    let looking = async {
        let stream = tcp(url).await?;
        let connector = TlsConnector::from(Arc::new(config));
        let outcome = connector.connect(server_name(url)?, stream).await;
        outcome.map(|_| ()).map_err(|error| of_handshake(&error))
    };
    let outcome = match deadline.wait(looking).await {
        Ok(outcome) => outcome,
        Err(Passed) => Err(Reach::Silent),
    };
    let chain = std::mem::take(&mut *seen.chain.lock().unwrap_or_else(PoisonError::into_inner));
    match (chain.is_empty(), outcome) {
        (false, _) => Ok(chain),
        (true, Err(reach)) => Err(Error::Unreachable(reach)),
        (true, Ok(())) => Err(Error::NotEtcd("it shows no certificate".to_owned())),
    }
}

/// Keeps the certificates that a server shows, and accepts any.
#[derive(Debug)]
struct Seen {
    chain: Mutex<Vec<Vec<u8>>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let chain = std::iter::once(end_entity).chain(intermediates);
        let chain = chain.map(|certificate| certificate.to_vec()).collect();
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = chain;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

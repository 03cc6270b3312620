//! Whom a client trusts, and who it is.

use core::fmt;
use std::sync::Arc;
use tokio_rustls::rustls::client::{Resumption, WebPkiServerVerifier};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The CAs that are trusted, and the certificate that is shown with its key.
#[derive(Clone)]
pub struct Credentials {
    /// For gRPC, which is HTTP/2 and nothing else.
    pub(crate) grpc: Arc<ClientConfig>,
    /// For the peer port and for metrics.
    pub(crate) http: Arc<ClientConfig>,
}

/// Why credentials cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialsError {
    /// The file of CAs has none that can be trusted.
    Ca(String),
    /// The certificate, or the chain behind it, cannot be read.
    Certificate(String),
    /// The key cannot be read, or is not that of the certificate.
    Key(String),
}

impl Credentials {
    /// Reads credentials from what the files of a client hold: CAs in PEM, and, where a certificate is to be
    /// shown, its chain and its key.
    ///
    /// # Errors
    /// If one of them cannot be used. The text never has a part of a key in it.
    pub fn from_pem(ca: &[u8], own: Option<(&[u8], &[u8])>) -> Result<Self, CredentialsError> {
        let roots = roots(ca)?;
        let provider = Arc::new(ring::default_provider());
        let verifier =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let verifier = verifier.build().map_err(|error| CredentialsError::Ca(error.to_string()))?;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| CredentialsError::Key(error.to_string()))?
            .with_webpki_verifier(verifier);
        let mut http = match own {
            None => builder.with_no_client_auth(),
            Some((chain, key)) => {
                let (chain, key) = (certificates(chain)?, private_key(key)?);
                builder
                    .with_client_auth_cert(chain, key)
                    .map_err(|error| CredentialsError::Key(error.to_string()))?
            }
        };
        // Each call has a connection of its own: there is nothing to resume.
        http.resumption = Resumption::disabled();
        let mut grpc = http.clone();
        grpc.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Self { grpc: Arc::new(grpc), http: Arc::new(http) })
    }
}

/// Says nothing of what is in it.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").finish_non_exhaustive()
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ca(text) => write!(f, "the CA cannot be used: {text}"),
            Self::Certificate(text) => write!(f, "the certificate cannot be used: {text}"),
            Self::Key(text) => write!(f, "the key cannot be used: {text}"),
        }
    }
}

impl std::error::Error for CredentialsError {}

fn roots(pem: &[u8]) -> Result<RootCertStore, CredentialsError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let certificate = certificate.map_err(|error| CredentialsError::Ca(error.to_string()))?;
        roots.add(certificate).map_err(|error| CredentialsError::Ca(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(CredentialsError::Ca("it has no certificate in PEM".to_owned()));
    }
    Ok(roots)
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, CredentialsError> {
    let all: Result<Vec<_>, pem::Error> = CertificateDer::pem_slice_iter(pem).collect();
    match all {
        Ok(all) if all.is_empty() => {
            Err(CredentialsError::Certificate("it has no certificate in PEM".to_owned()))
        }
        Ok(all) => Ok(all),
        Err(error) => Err(CredentialsError::Certificate(error.to_string())),
    }
}

fn private_key(pem: &[u8]) -> Result<PrivateKeyDer<'static>, CredentialsError> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| match error {
        pem::Error::NoItemsFound => CredentialsError::Key("it has no key in PEM".to_owned()),
        // Others can quote what they have read.
        _ => CredentialsError::Key("it is not PEM".to_owned()),
    })
}

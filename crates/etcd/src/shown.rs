//! Whether a port asked for a client's certificate.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio_rustls::rustls::client::ResolvesClientCert;
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{ClientConfig, SignatureScheme};

/// Shows what a client has to show, and notes that it was asked for.
///
/// In TLS 1.2 one alert says that no cipher suite is in common, and that no certificate was shown: the latter comes
/// after the question.
#[derive(Debug)]
pub(crate) struct Shown {
    own: Arc<dyn ResolvesClientCert>,
    asked: AtomicBool,
}

impl Shown {
    /// Puts it into what one connection is made with.
    pub(crate) fn once(config: &ClientConfig) -> (Arc<Self>, Arc<ClientConfig>) {
        let own = Arc::clone(&config.client_auth_cert_resolver);
        let shown = Arc::new(Self { own, asked: AtomicBool::new(false) });
        let mut config = config.clone();
        config.client_auth_cert_resolver = Arc::clone(&shown) as Arc<dyn ResolvesClientCert>;
        (shown, Arc::new(config))
    }

    /// Tells whether the port asked.
    pub(crate) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }
}

impl ResolvesClientCert for Shown {
    fn resolve(
        &self,
        root_hint_subjects: &[&[u8]],
        schemes: &[SignatureScheme],
    ) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        self.own.resolve(root_hint_subjects, schemes)
    }

    fn has_certs(&self) -> bool {
        self.own.has_certs()
    }
}

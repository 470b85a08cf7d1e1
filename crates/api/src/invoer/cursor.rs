//! Cursors: ondoorzichtig, ondertekend, en gebonden aan lijst, filters en organisatie van de aanroeper.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

/// Sleutel voor cursors, afgeleid van de hoofdsleutel; elke node heeft dezelfde.
#[derive(Clone)]
pub struct CursorKey(Hmac<Sha256>);

impl std::fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CursorKey")
    }
}

impl CursorKey {
    /// Maakt de sleutel van 32 bytes.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        // Een HMAC-sleutel mag elke lengte hebben; 64 bytes is de blokmaat van SHA-256.
        let mut block = [0_u8; 64];
        for (target, source) in block.iter_mut().zip(secret) {
            *target = *source;
        }
        Self(<Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into()))
    }

    pub(crate) fn seal(&self, binding: &str, keyset: &Value) -> String {
        let payload = keyset.to_string();
        let mac = self.mac(binding, payload.as_bytes()).finalize().into_bytes();
        format!("{}.{}", URL_SAFE_NO_PAD.encode(payload), URL_SAFE_NO_PAD.encode(mac))
    }

    /// De sleutelwaarden in de cursor, of niets als hij niet van deze lijst is.
    pub(crate) fn open(&self, binding: &str, cursor: &str) -> Option<Value> {
        let (payload, mac) = cursor.split_once('.')?;
        let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
        let mac = URL_SAFE_NO_PAD.decode(mac).ok()?;
        self.mac(binding, &payload).verify_slice(&mac).ok()?;
        serde_json::from_slice(&payload).ok()
    }

    fn mac(&self, binding: &str, payload: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        mac.update(binding.as_bytes());
        mac.update(&[0]);
        mac.update(payload);
        mac
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CursorKey;

    #[test]
    fn een_cursor_werkt_alleen_bij_zijn_eigen_lijst_en_onveranderd() {
        let key = CursorKey::new(&[7; 32]);
        let cursor = key.seal("lijstOrganisaties|{}|org", &json!({"naam":"B"}));
        assert_eq!(key.open("lijstOrganisaties|{}|org", &cursor), Some(json!({"naam":"B"})));
        assert_eq!(key.open("lijstPersonen|{}|org", &cursor), None);
        assert_eq!(key.open("lijstOrganisaties|{}|org", &format!("A{cursor}")), None);
        assert_eq!(CursorKey::new(&[8; 32]).open("lijstOrganisaties|{}|org", &cursor), None);
        assert_eq!(key.open("x", "geen-punt"), None);
    }
}

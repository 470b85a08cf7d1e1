//! De hoofdsleutel van de instantie: versleutelt geheimen in de opslag en geeft afgeleide sleutels.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Rng;
use zeroize::{Zeroize as _, Zeroizing};

/// 32 bytes; verschijnt nooit in een logboek en wordt gewist als zij niet meer nodig is.
#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl Drop for MasterKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// Wat er met de hoofdsleutel mis kan zijn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MasterKeyError {
    /// Geen 32 bytes in base64 of hexadecimaal.
    #[error("de hoofdsleutel moet 32 bytes zijn, als base64 of als 64 hexadecimale tekens")]
    Form,
    /// Het geheim is niet met deze hoofdsleutel versleuteld, of beschadigd.
    #[error("een geheim in de opslag past niet bij deze hoofdsleutel of is beschadigd")]
    Open,
    /// De cryptografische bibliotheek weigerde.
    #[error("versleutelen mislukte")]
    Seal,
}

struct Lengte;
impl KeyType for Lengte {
    fn len(&self) -> usize {
        32
    }
}

impl MasterKey {
    /// Een hoofdsleutel uit bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Leest een hoofdsleutel uit base64 of hexadecimaal.
    ///
    /// # Errors
    /// [`MasterKeyError::Form`].
    pub fn parse(tekst: &str) -> Result<Self, MasterKeyError> {
        let tekst = tekst.trim();
        let bytes: Zeroizing<Vec<u8>> = Zeroizing::new(if tekst.len() == 64 && tekst.bytes().all(|b| b.is_ascii_hexdigit()) {
            (0..64).step_by(2).filter_map(|i| tekst.get(i..i + 2).and_then(|h| u8::from_str_radix(h, 16).ok())).collect()
        } else {
            STANDARD.decode(tekst).or_else(|_| URL_SAFE_NO_PAD.decode(tekst)).map_err(|_| MasterKeyError::Form)?
        });
        <[u8; 32]>::try_from(bytes.as_slice()).map(Self).map_err(|_| MasterKeyError::Form)
    }

    /// De sleutel als base64, om te bewaren.
    #[must_use]
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Een sleutel voor één doel (HKDF-SHA256).
    ///
    /// # Errors
    /// [`MasterKeyError::Seal`] als de bibliotheek weigert.
    pub fn derive(&self, doel: &str) -> Result<[u8; 32], MasterKeyError> {
        let prk = Salt::new(HKDF_SHA256, b"aansluitloket").extract(&self.0);
        let info = [doel.as_bytes()];
        let okm = prk.expand(&info, Lengte).map_err(|_| MasterKeyError::Seal)?;
        let mut uit = [0; 32];
        okm.fill(&mut uit).map_err(|_| MasterKeyError::Seal)?;
        Ok(uit)
    }

    fn aead(&self) -> Result<LessSafeKey, MasterKeyError> {
        let sleutel = Zeroizing::new(self.derive("opslag")?);
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, sleutel.as_slice()).map_err(|_| MasterKeyError::Seal)?))
    }

    /// Versleutelt een geheim (AES-256-GCM); `aad` bindt het aan zijn plaats.
    ///
    /// # Errors
    /// [`MasterKeyError::Seal`].
    pub fn seal(&self, aad: &str, geheim: &[u8], rng: &Rng) -> Result<Vec<u8>, MasterKeyError> {
        let mut nonce = [0; NONCE_LEN];
        rng.fill(&mut nonce);
        let mut inhoud = geheim.to_vec();
        self.aead()?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad.as_bytes()), &mut inhoud).map_err(|_| MasterKeyError::Seal)?;
        Ok([nonce.as_slice(), &inhoud].concat())
    }

    /// Ontsleutelt een geheim.
    ///
    /// # Errors
    /// [`MasterKeyError::Open`] bij een andere sleutel, andere plaats of beschadiging.
    pub fn open(&self, aad: &str, verzegeld: &[u8]) -> Result<Zeroizing<Vec<u8>>, MasterKeyError> {
        let (nonce, inhoud) = verzegeld.split_at_checked(NONCE_LEN).ok_or(MasterKeyError::Open)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| MasterKeyError::Open)?;
        let mut inhoud = Zeroizing::new(inhoud.to_vec());
        let lengte = self.aead()?.open_in_place(nonce, Aad::from(aad.as_bytes()), &mut inhoud).map_err(|_| MasterKeyError::Open)?.len();
        inhoud.truncate(lengte);
        Ok(inhoud)
    }
}

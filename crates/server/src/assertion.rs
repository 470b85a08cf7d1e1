//! De kant van een toepassing: een sleutelpaar, en een ondertekende client assertion (RFC 7523) om een token mee te halen.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Moment, Rng, nieuw_id};
use serde_json::{Value, json};

use crate::Stop;

/// Hoe lang een assertion geldt; de dienst neemt hoogstens vijf minuten aan.
const LIFETIME: i64 = 240;

/// Een nieuw sleutelpaar als private JWK (EC P-256).
pub(crate) fn generate() -> Result<Value, Stop> {
    let key = provider::SigningKey::generate().and_then(|key| key.private_jwk());
    key.map_err(|cause| Stop::fault(format!("Er is geen sleutelpaar te maken ({cause}).")))
}

/// Dezelfde JWK zonder het geheime deel.
pub(crate) fn public(private: &Value) -> Value {
    let mut public = private.clone();
    if let Some(members) = public.as_object_mut() {
        members.remove("d");
    }
    public
}

/// Een verse assertion: eenmaal te gebruiken, binnen enkele minuten.
pub(crate) fn sign(private: &Value, client_id: &str, audience: &str, now: Moment, rng: &Rng) -> Result<String, Stop> {
    let member = |name: &str| {
        let text = private.get(name).and_then(Value::as_str).ok_or_else(|| broken(&format!("de JWK mist `{name}`")))?;
        URL_SAFE_NO_PAD.decode(text).map_err(|_| broken(&format!("`{name}` in de JWK is geen base64url")))
    };
    let point = [vec![4], member("x")?, member("y")?].concat();
    let pair = EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &member("d")?, &point)
        .map_err(|_| broken("de JWK is geen sleutelpaar op P-256"))?;
    let header = json!({ "alg": "ES256", "typ": "JWT", "kid": private.get("kid") });
    let issued = now.timestamp();
    let claims = json!({
        "iss": client_id, "sub": client_id, "aud": audience, "iat": issued, "nbf": issued, "exp": issued + LIFETIME,
        "jti": nieuw_id(now, rng).to_string(),
    });
    let input = format!("{}.{}", URL_SAFE_NO_PAD.encode(header.to_string()), URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = pair.sign(&SystemRandom::new(), input.as_bytes()).map_err(|_| broken("ondertekenen mislukt"))?;
    Ok(format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref())))
}

fn broken(why: &str) -> Stop {
    Stop::config(format!("De assertion is niet te maken: {why}; geef het demo.json van de voorbeelddienst of een private JWK (EC P-256)."))
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::Value;

    use super::{generate, public, sign};

    #[test]
    fn een_assertion_is_te_controleren_met_de_publieke_sleutel() {
        let private = generate().unwrap();
        let public = public(&private);
        assert!(public.get("d").is_none());
        let now = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let token = sign(&private, "client", "https://aansluitloket.example", now, &crate::system::rng()).unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let member = |name: &str| URL_SAFE_NO_PAD.decode(public[name].as_str().unwrap()).unwrap();
        let point = [vec![4], member("x"), member("y")].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(input.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(input.split_once('.').unwrap().1).unwrap()).unwrap();
        assert_eq!((claims["iss"].clone(), claims["sub"].clone()), ("client".into(), "client".into()));
        assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 240);
    }
}

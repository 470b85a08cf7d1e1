//! De publieke sleutels van een client.

use crate::invoer::Veldfout;

const GEHEIME_DELEN: [&str; 7] = ["d", "p", "q", "dp", "dq", "qi", "k"];

/// Keurt een JWK Set: alleen publieke sleutels; die om te ondertekenen sterk genoeg, ieder met een eigen `kid`.
pub(super) fn controleer_jwks(fouten: &mut Vec<Veldfout>, jwks: &serde_json::Value) {
    let Some(sleutels) = jwks.get("keys").and_then(serde_json::Value::as_array) else {
        fouten.push(Veldfout::new("/jwks", "jwks-ongeldig", "Geef een JWK Set: een object met een lijst 'keys'."));
        return;
    };
    if sleutels.is_empty() || sleutels.len() > 10 {
        fouten.push(Veldfout::new("/jwks/keys", "jwks-aantal", "Geef één tot tien publieke sleutels."));
    }
    for (plek, sleutel) in sleutels.iter().enumerate() {
        let plaats = format!("/jwks/keys/{plek}");
        if GEHEIME_DELEN.iter().any(|deel| sleutel.get(deel).is_some()) {
            fouten.push(Veldfout::new(
                &plaats,
                "jwk-prive",
                "Deze sleutel bevat een geheim deel. Stuur alleen de publieke sleutel en vervang dit sleutelpaar.",
            ));
            continue;
        }
        // Een sleutel voor versleutelen mag erbij staan (RFC 7517, 4.2); wij gebruiken haar nergens.
        if !ondertekent(sleutel) {
            continue;
        }
        let tekst = |naam: &str| sleutel.get(naam).and_then(serde_json::Value::as_str).unwrap_or_default();
        let goed = match tekst("kty") {
            "EC" => tekst("crv") == "P-256" && tekst("x").len() == 43 && tekst("y").len() == 43,
            "OKP" => tekst("crv") == "Ed25519" && tekst("x").len() == 43,
            "RSA" => tekst("n").len() >= 342 && !tekst("e").is_empty(),
            _ => false,
        };
        if !goed {
            fouten.push(Veldfout::new(&plaats, "jwk-ongeldig", "Alleen EC P-256, Ed25519 en RSA vanaf 2048 bits zijn toegestaan."));
        }
        if tekst("kid").is_empty() {
            fouten.push(Veldfout::new(format!("{plaats}/kid"), "verplicht", "Geef iedere sleutel een eigen 'kid'."));
        } else if sleutels.iter().take(plek).any(|eerder| eerder.get("kid") == sleutel.get("kid")) {
            fouten.push(Veldfout::new(format!("{plaats}/kid"), "dubbel", "Deze 'kid' komt al voor in de verzameling."));
        }
    }
    if !sleutels.is_empty() && !sleutels.iter().any(ondertekent) {
        fouten.push(Veldfout::new("/jwks/keys", "jwk-gebruik", "Geef ten minste één sleutel voor ondertekenen ('use' is 'sig', of ontbreekt)."));
    }
}

fn ondertekent(sleutel: &serde_json::Value) -> bool {
    sleutel.get("use").is_none_or(|gebruik| gebruik == "sig")
}

/// Of geen van de sleutels iets anders dan RS256 kan tekenen.
pub(super) fn alleen_rs256(jwks: &serde_json::Value) -> bool {
    let sleutels = jwks.get("keys").and_then(serde_json::Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut eigen = sleutels.iter().filter(|sleutel| ondertekent(sleutel)).peekable();
    eigen.peek().is_some() && eigen.all(|sleutel| sleutel.get("alg").is_some_and(|alg| alg == "RS256"))
}

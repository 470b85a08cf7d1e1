//! Een ingepakt antwoord: klein op de lijn, en na uitpakken nooit groter dan 1 MiB.

use std::io::Write;

use domain::diagnose::{Diagnose, DiagnoseCode as C};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::idp::{Idp, Proef, Stand, Zegt, discovery, json_van};

fn ingepakt(zegt: Zegt) -> Zegt {
    let mut inpakker = GzEncoder::new(Vec::new(), Compression::best());
    inpakker.write_all(&zegt.inhoud).unwrap();
    Zegt { inhoud: inpakker.finish().unwrap(), verpakking: "gzip", ..zegt }
}

/// Hetzelfde antwoord, met zoveel vulling.
fn gevuld(mut antwoord: Value, bytes: usize) -> Zegt {
    antwoord["vulling"] = json!("x".repeat(bytes));
    json_van(&antwoord)
}

const MIB: usize = 1024 * 1024;

/// Zet een antwoord op zijn adres.
type Zet = fn(&mut Stand, Zegt);

/// De antwoorden van een IdP die wij lezen (discovery, sleutels, token en userinfo), met hoe een proef ze vervangt.
fn antwoorden(p: &Proef) -> [(Value, Zet); 4] {
    let token = json!({ "access_token": "a", "token_type": "Bearer", "id_token": p.sleutel.sign("JWT", &zonder_email(p)).unwrap() });
    [
        (discovery(&p.idp.adres), |s, zegt| s.discovery = zegt),
        (json!({ "keys": [p.sleutel.public_jwk()] }), |s, zegt| s.jwks = zegt),
        (token, |s, zegt| s.token = vec![zegt]),
        (json!({ "sub": "p-1", "email": "noor@voorbeeld.example" }), |s, zegt| s.userinfo = zegt),
    ]
}

/// De code van een antwoord dat er wel is maar niet te lezen, in dezelfde volgorde.
const ONLEESBAAR: [C; 4] = [C::DiscoveryOnjuist, C::SleutelsOnjuist, C::IdpOnbereikbaar, C::IdpOnbereikbaar];

/// Zonder e-mailadres in het ID-token is userinfo nodig.
fn zonder_email(p: &Proef) -> Value {
    p.claims_met(json!({ "email": null, "email_verified": null }))
}

/// Meldt aan terwijl één antwoord anders is; geeft wat er mis ging, ook als dat alleen userinfo was.
async fn gebrek(welk: usize, vorm: impl FnOnce(Value) -> Zegt) -> Option<Diagnose> {
    let p = Proef::start();
    let antwoorden = antwoorden(&p);
    for (antwoord, zet) in &antwoorden {
        p.idp.met(|s| zet(s, json_van(antwoord)));
    }
    let (antwoord, zet) = &antwoorden[welk];
    p.idp.met(|s| zet(s, vorm(antwoord.clone())));
    match p.terug().await {
        Ok(wie) if wie.gemist().is_some() => wie.gemist().cloned(),
        Ok(wie) => {
            assert_eq!(wie.email(), Some("noor@voorbeeld.example"));
            None
        }
        Err(diagnose) => Some(diagnose),
    }
}

#[tokio::test]
async fn een_ingepakt_antwoord_wordt_uitgepakt_en_is_daarna_nooit_groter_dan_een_mebibyte() {
    for (welk, onleesbaar) in ONLEESBAAR.into_iter().enumerate() {
        assert_eq!(gebrek(welk, |a| ingepakt(json_van(&a))).await, None, "{welk}");
        assert_eq!(gebrek(welk, |a| ingepakt(gevuld(a, MIB / 2))).await, None, "{welk}: groot, maar binnen de grens");
        let groot = gebrek(welk, |a| {
            let zegt = ingepakt(gevuld(a, 8 * MIB));
            assert!(zegt.inhoud.len() < 64 * 1024, "klein op de lijn: {}", zegt.inhoud.len());
            zegt
        });
        let diagnose = groot.await.expect("geweigerd");
        assert_eq!(diagnose.code, onleesbaar, "{welk}");
        assert!(diagnose.gezien.as_deref().unwrap_or_default().contains("groter dan 1 MiB"), "{welk}: {diagnose}");
    }
}

#[tokio::test]
async fn wij_vragen_gzip_en_zeggen_het_als_een_idp_iets_anders_stuurt() {
    let p = Proef::start();
    p.meld_aan(&zonder_email(&p)).await.unwrap();
    for pad in ["/.well-known/openid-configuration", "/jwks", "/token", "/userinfo"] {
        assert_eq!(p.idp.laatste(pad).kop("accept-encoding"), Some("gzip"), "{pad}");
    }
    for (verpakking, inhoud) in [("br", b"\x0b\x02\x80{}\x03".to_vec()), ("gzip", b"{}".to_vec()), ("gzip, gzip", b"{}".to_vec())] {
        for (welk, onleesbaar) in ONLEESBAAR.into_iter().enumerate() {
            let anders = |a: Value| Zegt { inhoud: inhoud.clone(), verpakking, ..json_van(&a) };
            let diagnose = gebrek(welk, anders).await.expect("geweigerd");
            assert_eq!(diagnose.code, onleesbaar, "{verpakking} {welk}");
            assert!(diagnose.gezien.as_deref().unwrap_or_default().contains(&format!("ingepakt als '{verpakking}'")), "{diagnose}");
        }
    }
}

#[tokio::test]
async fn een_afgebroken_pakket_telt_niet_als_een_kort_antwoord() {
    let half = |a: Value| {
        let heel = ingepakt(json_van(&a));
        Zegt { inhoud: heel.inhoud[..heel.inhoud.len() / 2].to_vec(), ..heel }
    };
    for (welk, onleesbaar) in ONLEESBAAR.into_iter().enumerate() {
        assert_eq!(gebrek(welk, half).await.expect("geweigerd").code, onleesbaar, "{welk}");
    }
}

#[tokio::test]
async fn een_mededeling_dat_er_niets_verpakt_is_verandert_niets() {
    let idp: Idp = Idp::start();
    let egress = super::idp::egress();
    idp.met(|s| s.discovery = Zegt { verpakking: "identity", ..json_van(&discovery(&idp.adres)) });
    let gelezen = egress.get_json(&format!("{}/.well-known/openid-configuration", idp.adres)).await.unwrap();
    assert_eq!(gelezen["issuer"], json!(idp.adres));
}

//! Een losse handtekening staat over canonieke JSON, en iedere verandering maakt haar ongeldig.
#![cfg(test)]

use proptest::prelude::*;
use provider::{SigningKey, canonical, sign_detached, verify_detached};
use serde_json::{Value, json};

#[test]
fn canonieke_json_volgt_de_voorbeelden_van_rfc_8785() {
    // RFC 8785, 3.2.2 en 3.2.3: getallen, ontsnappingen en de volgorde van namen op UTF-16.
    let invoer: Value = serde_json::from_str(
        r#"{ "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }"#,
    )
    .unwrap();
    let verwacht = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
    assert_eq!(canonical(&invoer).unwrap(), verwacht);
    let namen: Value = serde_json::from_str(
        r#"{ "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis" }"#,
    )
    .unwrap();
    let volgorde = ["Carriage Return", "One", "Control", "Latin Small", "Euro Sign", "Emoji", "Hebrew"];
    let tekst = canonical(&namen).unwrap();
    let plaatsen: Vec<_> = volgorde.iter().map(|naam| tekst.find(naam).unwrap()).collect();
    assert!(plaatsen.is_sorted(), "{tekst}");
}

#[test]
fn alleen_de_eigen_sleutel_en_de_eigen_vorm_kloppen() {
    let (key, ander) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
    let jws = sign_detached(&key, b"inhoud").unwrap();
    verify_detached(&jws, b"inhoud", key.public_jwk()).unwrap();
    assert!(verify_detached(&jws, b"inhoud", ander.public_jwk()).is_err());
    // Met de kid van de ander in de sleutel klopt de handtekening nog steeds niet.
    let mut vermomd = ander.public_jwk().clone();
    vermomd["kid"] = json!(key.kid());
    assert!(verify_detached(&jws, b"inhoud", &vermomd).is_err());
    for krom in [jws.replace("..", ".aW5ob3Vk."), jws.replace("..", "."), format!("{jws}."), format!("x{jws}"), jws[..jws.len() - 2].to_owned(), String::new()]
    {
        assert!(verify_detached(&krom, b"inhoud", key.public_jwk()).is_err(), "{krom}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn een_andere_byte_in_de_inhoud_of_de_handtekening_klopt_niet(tekst in "[a-z]{1,40}", plek in 0_usize..200, bit in 0_u8..8) {
        let key = SigningKey::generate().unwrap();
        let payload = canonical(&json!({ "tekst": tekst })).unwrap().into_bytes();
        let jws = sign_detached(&key, &payload).unwrap();
        let mut anders = payload.clone();
        let hier = plek % anders.len();
        anders[hier] ^= 1 << bit;
        prop_assert!(verify_detached(&jws, &anders, key.public_jwk()).is_err());
        let mut teken = jws.into_bytes();
        let hier = plek % teken.len();
        teken[hier] = if teken[hier] == b'A' { b'B' } else { b'A' };
        // Het laatste teken van base64url draagt ongebruikte bits; de rest telt voluit.
        if hier + 1 < teken.len() {
            prop_assert!(verify_detached(std::str::from_utf8(&teken).unwrap(), &payload, key.public_jwk()).is_err());
        }
    }
}

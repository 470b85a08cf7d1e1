//! Wat er in de instellingen van een identiteitsprovider mag staan, en hoe oude instellingen te lezen blijven.

use domain::identiteitsproviders::{BeweringBestemming, IdpInstellingen, NieuweInstellingen};
use serde_json::{Value, json};

fn instellingen(erbij: Value) -> NieuweInstellingen {
    let mut body = json!({
        "issuer": "https://idp.voorbeeld.example", "clientId": "c", "clientauthenticatie": "private-key-jwt", "mfa": { "preset": "amr" },
    });
    body.as_object_mut().unwrap().extend(erbij.as_object().unwrap().clone());
    serde_json::from_value(body).unwrap()
}

fn gekeurd(erbij: Value) -> IdpInstellingen {
    instellingen(erbij).keur(&|_| false).unwrap()
}

#[test]
fn zonder_opgave_is_er_geen_extra_bestemming_en_is_een_bewering_voor_het_tokenadres() {
    let gewoon = gekeurd(json!({}));
    assert_eq!((gewoon.extra_bestemmingen.len(), gewoon.bewering_bestemming), (0, BeweringBestemming::Tokenadres));
    let anders = gekeurd(json!({ "extraBestemmingen": ["287654321098765432"], "beweringBestemming": "uitgever" }));
    assert_eq!((anders.extra_bestemmingen, anders.bewering_bestemming), (vec!["287654321098765432".to_owned()], BeweringBestemming::Uitgever));
}

#[test]
fn een_registratie_van_voor_deze_instellingen_blijft_te_lezen() {
    let mut bewaard = serde_json::to_value(gekeurd(json!({}))).unwrap();
    assert!(bewaard.get("extraBestemmingen").is_none(), "een lege lijst wordt niet bewaard");
    bewaard.as_object_mut().unwrap().remove("beweringBestemming").unwrap();
    assert_eq!(serde_json::from_value::<IdpInstellingen>(bewaard).unwrap(), gekeurd(json!({})));
}

#[test]
fn er_zijn_hoogstens_tien_extra_bestemmingen_van_hoogstens_tweehonderd_tekens() {
    let fouten = |lijst: Vec<String>| -> Vec<(String, String)> {
        let fouten = instellingen(json!({ "extraBestemmingen": lijst })).keur(&|_| false).err().unwrap_or_default();
        fouten.into_iter().map(|fout| (fout.location, fout.code)).collect()
    };
    let fout = |plaats: &str, code: &str| vec![(plaats.to_owned(), code.to_owned())];
    assert_eq!(fouten(vec!["é".repeat(200); 10]), []);
    assert_eq!(fouten(vec!["x".to_owned(); 11]), fout("/extraBestemmingen", "te-veel"));
    assert_eq!(fouten(vec!["x".to_owned(), "x".repeat(201)]), fout("/extraBestemmingen/1", "te-lang"));
    assert_eq!(fouten(vec![" ".to_owned()]), fout("/extraBestemmingen/0", "leeg"));
}

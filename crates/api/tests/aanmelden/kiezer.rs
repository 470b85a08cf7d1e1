//! De kiezer: zoeken, bladeren, onthouden en vergeten; een e-maildomein is een aanwijzing en geen keuze.

use crate::huis::{Browser, Huis};

#[actix_web::test]
async fn de_lijst_is_te_doorzoeken_en_staat_nooit_in_zijn_geheel_op_een_bladzijde() {
    let huis = Huis::nieuw().await;
    huis.meer_organisaties(25).await;
    let mut browser = Browser::default();
    let kiezer = browser.get(huis.app(), &huis.vraag(&[])).await.locatie();
    let mut pad = Some(kiezer.clone());
    let (mut bladen, mut gezien) = (0, Vec::new());
    while let Some(adres) = pad {
        let blad = browser.get(huis.app(), &adres).await;
        let namen: Vec<String> =
            blad.body.split("<a id=\"organisatie-").skip(1).map(|stuk| stuk.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()).collect();
        assert!(namen.len() <= 10);
        gezien.extend(namen);
        bladen += 1;
        pad =
            blad.body.split("id=\"volgende-bladzijde\" href=\"").nth(1).map(|stuk| stuk.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&"));
    }
    assert_eq!((bladen, gezien.len()), (3, 27));
    assert!(gezien.is_sorted());
    let gevonden = browser.get(huis.app(), &format!("{kiezer}&zoek=waterschap")).await;
    assert_eq!(gevonden.body.matches("<a id=\"organisatie-").count(), 1);
    assert!(browser.get(huis.app(), &format!("{kiezer}&zoek=%25")).await.body.contains("geen organisatie gevonden"), "een procentteken is geen jokerteken");
    assert!(browser.get(huis.app(), &format!("{kiezer}&zoek=%3Cscript%3E")).await.body.contains("&#60;script&#62;"), "wat iemand typt, blijft tekst");
}

#[actix_web::test]
async fn een_keuze_wordt_onthouden_per_portaal_en_is_te_vergeten() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let kiezer = browser.get(huis.app(), &huis.vraag(&[])).await.locatie();
    let poging = browser.get(huis.app(), &kiezer).await.veld("poging");
    browser.get(huis.app(), &format!("/oidc/aanmelden/heen?poging={poging}&organisatie={}", huis.organisatie.id)).await.locatie();
    let weer = browser.get(huis.app(), &huis.vraag(&[])).await.locatie();
    assert!(browser.get(huis.app(), &weer).await.body.contains("id=\"eerdere-organisatie\""));
    let ander = browser.get(huis.app(), &huis.vraag_van(huis.portaal_2, crate::huis::TERUG_2, &[])).await.locatie();
    assert!(!browser.get(huis.app(), &ander).await.body.contains("id=\"eerdere-organisatie\""));
    let gewist = browser.get(huis.app(), &weer.replace("kiezen", "keuze-wissen")).await.locatie();
    assert!(!browser.get(huis.app(), &gewist).await.body.contains("id=\"eerdere-organisatie\""));
}

#[actix_web::test]
async fn een_e_maildomein_wijst_alleen_de_weg_als_het_bij_een_organisatie_hoort() {
    let huis = Huis::nieuw().await;
    let gaat = |hint: &'static str| {
        let huis = &huis;
        async move { Browser::default().get(huis.app(), &huis.vraag(&[("login_hint", hint)])).await.locatie() }
    };
    assert!(gaat("pien@waterschap.example").await.starts_with(huis.idp.adres()));
    assert!(gaat("pien@waterschap.example").await.contains("login_hint=pien%40waterschap.example"));
    for onbekend in ["pien@elders.example", "pien", "pien@schap.example", "pien@%.example"] {
        assert!(gaat(onbekend).await.starts_with("/oidc/aanmelden/kiezen?"), "{onbekend}");
    }
}

#[actix_web::test]
async fn de_bladzijden_zijn_er_in_het_engels() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    let kiezer = browser.get(huis.app(), &huis.vraag(&[])).await.locatie();
    assert!(browser.get(huis.app(), &kiezer).await.body.contains("Kies uw organisatie"));
    let engels = browser.get(huis.app(), &format!("{kiezer}&taal=en")).await;
    assert!(engels.body.contains("Choose your organisation") && engels.body.contains("<html lang=\"en\""));
    assert!(browser.get(huis.app(), &kiezer).await.body.contains("Choose your organisation"), "de keuze blijft");
    let gevraagd = Browser::default().get(huis.app(), &huis.vraag(&[("ui_locales", "fr en")])).await;
    assert!(gevraagd.kop("set-cookie").contains("taal=en") || gevraagd.koppen.get_all("set-cookie").any(|kop| kop.to_str().unwrap().contains("taal=en")));
}

#[actix_web::test]
async fn heeft_een_organisatie_meer_aanmelddiensten_dan_kiest_de_persoon_er_een() {
    let huis = Huis::nieuw().await;
    let tweede = huis.tweede_idp().await;
    let organisatie = huis.organisatie.id.to_string();
    let mut browser = Browser::default();
    // Welke weg ook naar de organisatie leidt: het portaal noemt haar, het e-maildomein wijst haar aan, of de lijst.
    let genoemd = browser.get(huis.app(), &huis.vraag(&[("organisatie", &organisatie)])).await.locatie();
    assert!(genoemd.starts_with("/oidc/aanmelden/kiezen?") && genoemd.ends_with(&format!("organisatie={organisatie}")), "{genoemd}");
    let hint = browser.get(huis.app(), &huis.vraag(&[("login_hint", "pien@waterschap.example")])).await.locatie();
    assert!(hint.ends_with(&format!("organisatie={organisatie}")), "{hint}");
    let lijst = browser.get(huis.app(), &huis.vraag(&[])).await.locatie();
    let poging = browser.get(huis.app(), &lijst).await.veld("poging");
    let welke = browser.get(huis.app(), &format!("/oidc/aanmelden/heen?poging={poging}&organisatie={organisatie}")).await.locatie();
    let blad = browser.get(huis.app(), &welke).await;
    assert!(blad.body.contains("Vrijwilligers") && blad.body.contains(&format!("id=\"aanmelddienst-{}\"", huis.idp_id)), "{}", blad.body);
    // De keuze gaat naar die ene dienst, en van een vreemde organisatie is er niets te kiezen.
    let heen = |idp: String| format!("/oidc/aanmelden/heen?poging={poging}&organisatie={organisatie}&idp={idp}");
    assert!(browser.get(huis.app(), &heen(tweede.to_string())).await.locatie().starts_with(huis.ander_idp.adres()));
    assert!(browser.get(huis.app(), &heen(huis.idp_id.to_string())).await.locatie().starts_with(huis.idp.adres()));
    browser.get(huis.app(), &heen(huis.portaal.to_string())).await.weigert(403, "idp-niet-actief");
}

#[actix_web::test]
async fn wie_zich_opnieuw_moet_aanmelden_gaat_terug_naar_de_eigen_aanmelddienst() {
    let huis = Huis::nieuw().await;
    let mut browser = Browser::default();
    huis.aangemeld(&mut browser, "sub-1", "pien@waterschap.example").await;
    huis.tweede_idp().await;
    assert!(browser.get(huis.app(), &huis.vraag(&[("prompt", "login")])).await.locatie().starts_with(huis.idp.adres()));
}

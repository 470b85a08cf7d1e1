//! Activiteiten van Bijlage 1 en 2.

use domain::personen::{NieuwePersoon, Persoon, Rol};
use domain::trajecten::activiteiten::{keur_personen, overgezet, uit_stappenplan};
use domain::trajecten::{Actiehouder, Activiteit, ActiviteitStatus, ActiviteitWijziging, Partijsoort};

use super::{id, inhoud, nu, traject};

fn lijst() -> Vec<Activiteit> {
    let mut nummer = 1_000;
    uit_stappenplan(&inhoud(), id(100), || {
        nummer += 1;
        id(nummer)
    })
}

fn actie(code: &str) -> Activiteit {
    lijst().into_iter().find(|a| a.code == code).unwrap()
}

#[test]
fn een_traject_krijgt_de_zeventien_onderdelen_en_vijftien_acties_van_de_bron() {
    let alles = lijst();
    assert_eq!(alles.iter().filter(|a| a.bijlage == 1).count(), 17);
    assert_eq!(alles.iter().filter(|a| a.bijlage == 2).count(), 15);
    assert_eq!(actie("techniek-15").houders(), [Partijsoort::Crisispartner, Partijsoort::Implementatiepartner, Partijsoort::Adoptiepartner, Partijsoort::Nipv]);
    assert_eq!(actie("techniek-5").houders(), [Partijsoort::Crisispartner]);
}

#[test]
fn alleen_een_actiehouder_wijzigt_de_stand() {
    let mag = |code: &str, als, rollen: &[Rol]| actie(code).mag_stand_wijzigen(&[als], rollen).map_err(|w| w.code);
    assert_eq!(mag("techniek-2", Partijsoort::Crisispartner, &[Rol::Projectleider]), Ok(()));
    assert_eq!(mag("techniek-2", Partijsoort::Implementatiepartner, &[Rol::Implementatieadviseur]), Err("geen-actiehouder"));
    assert_eq!(mag("opzet-1", Partijsoort::Nipv, &[Rol::Lfb]), Err("geen-actiehouder"));
    assert_eq!(mag("opzet-1", Partijsoort::Implementatiepartner, &[]), Ok(()), "ook een script van de implementatiepartner");
}

#[test]
fn bij_nipv_wijzigt_alleen_wie_de_functie_heeft_die_bijlage_twee_noemt() {
    use Rol::{Adviseur, Lfb, ProductmanagerDiginetwerk, ProductmanagerLcms, ProductmanagerTgv};
    let nipv = [Lfb, Adviseur, ProductmanagerLcms, ProductmanagerTgv, ProductmanagerDiginetwerk];
    for (nummer, verwacht) in [
        (1, vec![ProductmanagerLcms]),
        (2, vec![ProductmanagerLcms]),
        (3, vec![Lfb, Adviseur, ProductmanagerTgv]),
        (4, vec![Adviseur, ProductmanagerDiginetwerk]),
        (5, vec![]),
        (6, vec![Lfb]),
        // 'NIPV adviseert over NCW-werkwijze': wie adviseert, doet de actie niet.
        (7, vec![]),
        (8, vec![Lfb]),
        (11, vec![Lfb]),
        (12, vec![ProductmanagerLcms]),
        (13, vec![Lfb]),
        (14, vec![]),
        // 'waarneming netcentrisch werken' is geen functie: iedere rol bij NIPV.
        (15, nipv.to_vec()),
    ] {
        let activiteit = actie(&format!("techniek-{nummer}"));
        let mogen: Vec<Rol> = nipv.into_iter().filter(|rol| activiteit.mag_stand_wijzigen(&[Partijsoort::Nipv], &[*rol]).is_ok()).collect();
        assert_eq!(mogen, verwacht, "actie {nummer}");
    }
}

#[test]
fn de_weigering_noemt_de_actiehouders_met_hun_functie() {
    let detail = |code: &str| actie(code).mag_stand_wijzigen(&[Partijsoort::Nipv], &[Rol::Adviseur]).unwrap_err().detail;
    assert!(detail("techniek-2").ends_with("crisispartner, nipv (productmanager LCMS)."), "{}", detail("techniek-2"));
    assert!(detail("techniek-7").ends_with("nipv (adviseert over NCW-werkwijze). Wie adviseert, wijzigt haar niet."), "{}", detail("techniek-7"));
}

#[test]
fn wie_bij_een_actiehouder_wordt_aangewezen_werkt_bij_die_partij() {
    let persoon = |nummer, van| -> Persoon {
        let kaal = serde_json::json!({ "organisatieId": id(van), "naam": "Lotte Voorbeeld", "email": format!("l{nummer}@voorbeeld.example") });
        serde_json::from_value::<NieuwePersoon>(kaal).unwrap().maak(id(nummer), nu()).unwrap()
    };
    // 11 en 12 bij de crisispartner (1), 21 bij NIPV (2).
    let personen = [persoon(11, 1), persoon(12, 1).blokkeren(nu()).unwrap(), persoon(21, 2)];
    let keur = |partij, wie| {
        let houders =
            [Actiehouder { partij: Partijsoort::Crisispartner, rol: None, persoon_id: None }, Actiehouder { partij, rol: None, persoon_id: Some(id(wie)) }];
        keur_personen(&houders, &personen, |partij| traject().organisatie_van(partij, id(2), nu().date_naive())).map_err(|fouten| fouten[0].location.clone())
    };
    let fout = Err("/actiehouders/1/persoonId".to_owned());
    assert_eq!(keur(Partijsoort::Crisispartner, 11), Ok(()));
    assert_eq!(keur(Partijsoort::Nipv, 21), Ok(()));
    assert_eq!(keur(Partijsoort::Crisispartner, 12), fout, "geblokkeerd");
    assert_eq!(keur(Partijsoort::Crisispartner, 21), fout, "van een andere partij");
    assert_eq!(keur(Partijsoort::Nipv, 99), fout, "bestaat niet");
    assert_eq!(keur(Partijsoort::Adoptiepartner, 11), fout, "er is nog geen adoptiepartner");
}

#[test]
fn wat_uit_een_ander_onderdeel_volgt_is_niet_met_de_hand_te_zetten() {
    use ActiviteitStatus::{Bezig, Gereed, NietVanToepassing, Open};
    for (code, bron) in [
        ("techniek-5", "organisatiebeheerder-registraties"),
        ("techniek-6", "organisatiebeheerder-registraties"),
        ("techniek-8", "trainingen"),
        ("techniek-9", "gebruikerslijst"),
        ("techniek-10", "autorisatieplannen"),
        ("techniek-11", "autorisatieplannen"),
    ] {
        for stand in [Bezig, Gereed] {
            let weigering = actie(code).stand_met_de_hand(stand).unwrap_err();
            assert_eq!(weigering.code, "activiteit-volgt-vanzelf");
            assert!(weigering.detail.contains(bron), "de weigering noemt wat de stand wel verandert: {}", weigering.detail);
        }
        assert!(actie(code).stand_met_de_hand(Open).is_ok(), "dezelfde stand nog eens is geen wijziging");
        assert!(actie(code).stand_met_de_hand(NietVanToepassing).is_ok());
        let niet = Activiteit { status: NietVanToepassing, ..actie(code) };
        assert!(niet.stand_met_de_hand(Open).is_ok() && niet.stand_met_de_hand(Gereed).is_err());
    }
    for code in ["opzet-1", "techniek-2", "techniek-7", "techniek-15"] {
        assert!(actie(code).stand_met_de_hand(Gereed).is_ok(), "{code}");
    }
}

#[test]
fn niet_van_toepassing_vraagt_een_reden() {
    let mut w = ActiviteitWijziging { status: Some(ActiviteitStatus::NietVanToepassing), ..Default::default() };
    assert_eq!(actie("opzet-2").gewijzigd(&w, id(1), nu()).unwrap_err()[0].code, "reden-verplicht");
    w.reden = Some(Some("Er is al een project".into()));
    assert!(actie("opzet-2").gewijzigd(&w, id(1), nu()).is_ok());
}

#[test]
fn gereed_melden_onthoudt_wie_en_wanneer_en_heropenen_wist_dat() {
    let zet = |a: &Activiteit, s| a.gewijzigd(&ActiviteitWijziging { status: Some(s), ..Default::default() }, id(7), nu()).unwrap();
    let klaar = zet(&actie("opzet-1"), ActiviteitStatus::Gereed);
    assert_eq!((klaar.gereed_door, klaar.gereed_op), (Some(id(7)), Some(nu())));
    assert_eq!(zet(&klaar, ActiviteitStatus::Bezig).gereed_op, None);
}

#[test]
fn actiehouders_van_het_stappenplan_blijven_staan() {
    let w = ActiviteitWijziging { actiehouders: Some(vec![]), ..Default::default() };
    assert_eq!(actie("techniek-1").gewijzigd(&w, id(1), nu()).unwrap_err().len(), 2);
}

#[test]
fn bewijs_is_een_verwijzing() {
    for (tekst, goed) in [
        ("https://archief.example/1", true),
        ("/v1/documenten/1", true),
        ("javascript:alert(1)", false),
        ("http://archief.example", false),
        ("https://a b", false),
    ] {
        let w = ActiviteitWijziging { bewijs: Some(vec![tekst.into()]), ..Default::default() };
        assert_eq!(actie("opzet-1").gewijzigd(&w, id(1), nu()).is_ok(), goed, "{tekst}");
    }
}

#[test]
fn overzetten_naar_een_nieuw_stappenplan_bewaart_wat_gedaan_is() {
    let mut oud = lijst();
    oud[0].status = ActiviteitStatus::Gereed;
    oud[1].notities = Some("onthouden".into());
    let mut plan = inhoud();
    let weg = plan.processchema[0].items.remove(1);
    plan.processchema[0].items[0].titel = "Nieuwe titel".into();
    let nieuw = overgezet(&oud, uit_stappenplan(&plan, id(100), || id(5_000)));
    assert_eq!((nieuw[0].status, nieuw[0].titel.as_str(), nieuw[0].id), (ActiviteitStatus::Gereed, "Nieuwe titel", oud[0].id));
    let bewaard = nieuw.iter().find(|a| a.code == weg.code).unwrap();
    assert_eq!(bewaard.notities.as_deref(), Some("onthouden"));
}

#[test]
fn wie_niet_in_bijlage_twee_staat_zet_zichzelf_er_niet_bij() {
    let dvo = actie("techniek-2");
    let erbij = Actiehouder { partij: Partijsoort::Implementatiepartner, rol: None, persoon_id: None };
    let houders = dvo.actiehouders.iter().cloned().chain([erbij]).collect();
    let fouten = dvo.gewijzigd(&ActiviteitWijziging { actiehouders: Some(houders), ..Default::default() }, id(1), nu()).unwrap_err();
    assert_eq!((fouten[0].location.as_str(), fouten[0].code.as_str()), ("/actiehouders/2", "actiehouder-onbekend"));
}

#[test]
fn bij_een_actiehouder_is_een_persoon_aan_te_wijzen_die_bij_overzetten_blijft() {
    let mut oud = lijst();
    let plek = oud.iter().position(|a| a.code == "techniek-2").unwrap();
    let mut houders = oud[plek].actiehouders.clone();
    houders[0].persoon_id = Some(id(77));
    let w = ActiviteitWijziging { actiehouders: Some(houders.clone()), ..Default::default() };
    oud[plek] = oud[plek].gewijzigd(&w, id(1), nu()).unwrap();
    let nieuw = overgezet(&oud, uit_stappenplan(&inhoud(), id(100), || id(5_000)));
    assert_eq!(nieuw[plek].actiehouders, houders);
}

#[test]
fn in_bijlage_een_zijn_actiehouders_te_kiezen_en_weer_weg_te_halen() {
    let zet = |a: &Activiteit, houders: Vec<Actiehouder>| a.gewijzigd(&ActiviteitWijziging { actiehouders: Some(houders), ..Default::default() }, id(1), nu());
    let een = Actiehouder { partij: Partijsoort::Crisispartner, rol: None, persoon_id: Some(id(77)) };
    let gekozen = zet(&actie("opzet-1"), vec![een.clone()]).unwrap();
    assert_eq!(gekozen.houders(), [Partijsoort::Crisispartner]);
    assert!(zet(&gekozen, vec![]).unwrap().actiehouders.is_empty());
    assert_eq!(zet(&gekozen, vec![een.clone(), een]).unwrap_err()[0].code, "dubbel");
}

#[test]
fn de_reden_verdwijnt_als_een_activiteit_weer_van_toepassing_is() {
    let w = ActiviteitWijziging { status: Some(ActiviteitStatus::NietVanToepassing), reden: Some(Some("is er al".into())), ..Default::default() };
    let nvt = actie("opzet-2").gewijzigd(&w, id(1), nu()).unwrap();
    let weer = nvt.gewijzigd(&ActiviteitWijziging { status: Some(ActiviteitStatus::Bezig), ..Default::default() }, id(1), nu()).unwrap();
    assert_eq!(weer.reden, None);
}

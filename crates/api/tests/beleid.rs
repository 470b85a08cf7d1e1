//! Het beleid leest als regels: gegeven wie en in welke verhouding, wat mag.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::str::FromStr;

use api::beleid::{Action, Beleid, Handelaar, Relaties, SCHEMA, TEKST, matrix};
use api::contract::{Contract, EXAMPLE_BASE_URL};
use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use domain::personen::Rol;
use serde_json::Value;

use Action::*;

fn beleid() -> std::sync::Arc<Beleid> {
    Beleid::gedeeld().expect("het beleid is leesbaar")
}

fn mag(rol: Rol, relatie: Relaties, actie: Action) -> bool {
    beleid().mag(actie, Handelaar::persoon(&[rol]), relatie, "")
}

fn elke_relatie() -> [Relaties; 8] {
    [
        Relaties::GEEN,
        Relaties::EIGEN,
        Relaties::EIGEN.en(Relaties::ZELF),
        Relaties::CRISISPARTNER,
        Relaties::IMPLEMENTATIEPARTNER,
        Relaties::ADOPTIEPARTNER,
        Relaties::CONTACTPERSOON,
        Relaties::WAARNEMER,
    ]
}

const SCHRIJVEN: &[Action] = &[
    OrganisatieAanmaken,
    OrganisatieWijzigen,
    CertificeringBeheren,
    NetwerkaansluitingBeheren,
    PersoonBeheren,
    PersoonRolBeheren,
    ReferentieBeheren,
    TrajectBeginnen,
    TrajectWijzigen,
    TrajectAansluitvormKiezen,
    TrajectPartijenBeheren,
    TrajectStapZetten,
    TrajectLiveVerlaten,
    TrajectAfwijkingVerlenen,
    TrajectPauzeren,
    TrajectBeeindigen,
    TrajectHeropenen,
    TrajectBorgen,
    ActiviteitWijzigen,
    ToepassingBeheren,
    RegistratieOpstellen,
    RegistratieOndertekenen,
    RegistratieIntrekken,
    BeheerderVerwijderen,
    BeheerderOpleiden,
    BeheerafsprakenVaststellen,
    VragenlijstBeheren,
    AfnameBeheren,
    AfnameHeropenen,
    GebruikerBeheren,
    InrichtingWensen,
    InrichtingInrichten,
    SjabloonBeheren,
    AutorisatieplanOpstellen,
    AutorisatieplanIndienen,
    AutorisatieplanBeoordelen,
    AutorisatieplanVaststellen,
    AutorisatieplanUitvoeren,
    SamenwerkingsprofielAanvragen,
    SamenwerkingsprofielBesluiten,
];

#[test]
fn het_beleid_past_bij_het_schema() {
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA).expect("schema");
    let uitkomst = Validator::new(schema).validate(&PolicySet::from_str(TEKST).expect("beleid"), ValidationMode::default());
    assert!(uitkomst.validation_passed(), "{uitkomst}");
    assert_eq!(uitkomst.validation_warnings().count(), 0, "{uitkomst}");
}

#[test]
fn elke_regel_heeft_een_naam_en_een_toelichting() {
    let mut namen = BTreeSet::new();
    let mut vorige = "";
    for regel in TEKST.lines() {
        if let Some(naam) = regel.strip_prefix("@id(") {
            assert!(vorige.starts_with("//"), "{naam}: zeg waarom, met de plaats in de bron");
            assert!(namen.insert(naam), "{naam} komt dubbel voor");
        }
        vorige = regel;
    }
    assert_eq!(namen.len(), PolicySet::from_str(TEKST).expect("beleid").policies().count());
}

#[test]
fn het_schema_kent_precies_de_handelingen_van_de_code() {
    for actie in Action::ALLE {
        assert!(SCHEMA.contains(&format!("\"{}\"", actie.as_str())), "{}", actie.as_str());
    }
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA).expect("schema");
    assert_eq!(schema.actions().count(), Action::ALLE.len());
}

#[test]
fn wie_geen_rol_heeft_schrijft_niets() {
    for actie in SCHRIJVEN {
        for relatie in elke_relatie().into_iter().chain([Relaties::NIPV]) {
            assert!(!beleid().mag(*actie, Handelaar::Persoon(0), relatie, ""), "{} {relatie:?}", actie.as_str());
        }
    }
}

#[test]
fn zonder_verhouding_bestaat_een_traject_niet() {
    for rol in Rol::ALLE {
        for relatie in [Relaties::GEEN, Relaties::EIGEN, Relaties::CONTACTPERSOON] {
            assert!(!mag(*rol, relatie, TrajectLezen), "{rol}");
        }
    }
    assert!(!beleid().mag(TrajectLezen, Handelaar::Toepassing, Relaties::NIPV, ""));
}

#[test]
fn wie_een_zaak_niet_mag_lezen_mag_er_ook_niets_aan_doen() {
    for actie in Action::ALLE {
        for rol in Rol::ALLE {
            for relatie in elke_relatie().into_iter().chain([Relaties::NIPV, Relaties::NIPV.en(Relaties::EIGEN)]) {
                assert!(!mag(*rol, relatie, *actie) || mag(*rol, relatie, actie.lezen()), "{} door {rol} {relatie:?}", actie.as_str());
            }
        }
    }
}

#[test]
fn een_rol_van_nipv_telt_alleen_bij_nipv() {
    for actie in SCHRIJVEN {
        for rol in Rol::ALLE.iter().filter(|rol| rol.is_van_nipv()) {
            for relatie in elke_relatie() {
                assert!(!mag(*rol, relatie, *actie), "{} door {rol} {relatie:?}", actie.as_str());
            }
        }
    }
}

#[test]
fn een_rol_van_een_crisispartner_telt_niet_bij_nipv() {
    for actie in SCHRIJVEN {
        for rol in Rol::ALLE.iter().filter(|rol| !rol.is_van_nipv()) {
            assert!(!mag(*rol, Relaties::NIPV, *actie), "{} door {rol}", actie.as_str());
        }
    }
}

#[test]
fn alleen_nipv_certificeert_en_beheert_de_referentiegegevens() {
    for actie in [CertificeringBeheren, ReferentieBeheren, ToepassingBeheren, TrajectAfwijkingVerlenen, TrajectHeropenen, TrajectLiveVerlaten] {
        for rol in Rol::ALLE {
            for relatie in elke_relatie() {
                assert!(!mag(*rol, relatie, actie), "{} door {rol} {relatie:?}", actie.as_str());
            }
        }
    }
    assert!(mag(Rol::Lfb, Relaties::NIPV, CertificeringBeheren));
}

#[test]
fn alleen_de_adviseur_verleent_een_afwijking() {
    for rol in Rol::ALLE {
        assert_eq!(mag(*rol, Relaties::NIPV, TrajectAfwijkingVerlenen), *rol == Rol::Adviseur, "{rol}");
    }
}

#[test]
fn alleen_de_adviseur_haalt_een_traject_uit_live() {
    for rol in Rol::ALLE {
        assert_eq!(mag(*rol, Relaties::NIPV, TrajectLiveVerlaten), *rol == Rol::Adviseur, "{rol}");
        assert!(!mag(*rol, Relaties::CRISISPARTNER, TrajectLiveVerlaten), "{rol}");
    }
}

#[test]
fn de_projectleider_beslist_over_het_eigen_traject_en_de_partners_niet() {
    for actie in [TrajectStapZetten, TrajectAansluitvormKiezen, TrajectPartijenBeheren, TrajectPauzeren, TrajectBeeindigen] {
        assert!(mag(Rol::Projectleider, Relaties::CRISISPARTNER, actie), "{}", actie.as_str());
        for relatie in [Relaties::IMPLEMENTATIEPARTNER, Relaties::ADOPTIEPARTNER] {
            for rol in Rol::ALLE {
                assert!(!mag(*rol, relatie, actie), "{} door {rol} {relatie:?}", actie.as_str());
            }
        }
    }
}

#[test]
fn niemand_beheert_zichzelf() {
    for rol in Rol::ALLE {
        for basis in [Relaties::EIGEN, Relaties::NIPV, Relaties::NIPV.en(Relaties::EIGEN)] {
            for actie in [PersoonBeheren, PersoonRolBeheren] {
                assert!(!mag(*rol, basis.en(Relaties::ZELF), actie), "{rol}");
            }
        }
    }
}

#[test]
fn een_persoon_is_zichtbaar_voor_zichzelf_de_eigen_organisatie_en_nipv_en_als_contactpersoon() {
    for relatie in [Relaties::CRISISPARTNER, Relaties::IMPLEMENTATIEPARTNER, Relaties::ADOPTIEPARTNER, Relaties::GEEN] {
        for rol in Rol::ALLE {
            assert!(!mag(*rol, relatie, PersoonLezen), "{rol} {relatie:?}");
        }
    }
    assert!(beleid().mag(PersoonLezen, Handelaar::Persoon(0), Relaties::ZELF, ""));
    assert!(mag(Rol::Implementatieadviseur, Relaties::CONTACTPERSOON, PersoonLezen));
    assert!(!mag(Rol::Implementatieadviseur, Relaties::CONTACTPERSOON, PersoonBeheren));
    assert!(!beleid().mag(PersoonLezen, Handelaar::Toepassing, Relaties::EIGEN.en(Relaties::CONTACTPERSOON), ""));
}

#[test]
fn het_auditlogboek_is_voor_lfb_en_voor_de_organisatiebeheerder_over_de_eigen_organisatie() {
    for rol in Rol::ALLE {
        assert_eq!(mag(*rol, Relaties::NIPV, AuditLezen), *rol == Rol::Lfb, "{rol}");
        assert_eq!(mag(*rol, Relaties::EIGEN, AuditLezen), *rol == Rol::Organisatiebeheerder, "{rol}");
        assert!(!mag(*rol, Relaties::GEEN, AuditLezen), "{rol}");
    }
}

#[test]
fn een_toepassing_beslist_verleent_benoemt_en_tekent_nooit() {
    let toegestaan: BTreeSet<&str> = SCHRIJVEN
        .iter()
        .filter(|actie| elke_relatie().into_iter().chain([Relaties::NIPV]).any(|relatie| beleid().mag(**actie, Handelaar::Toepassing, relatie, "")))
        .map(|actie| actie.as_str())
        .collect();
    assert_eq!(toegestaan, BTreeSet::from(["activiteit.wijzigen", "traject.wijzigen"]));
    for relatie in elke_relatie().into_iter().filter(|relatie| *relatie != Relaties::IMPLEMENTATIEPARTNER) {
        assert!(!beleid().mag(ActiviteitWijzigen, Handelaar::Toepassing, relatie, ""), "{relatie:?}");
    }
}

#[test]
fn in_een_beeindigd_traject_wijzigt_niemand_een_activiteit() {
    for rol in Rol::ALLE {
        for relatie in elke_relatie().into_iter().chain([Relaties::NIPV]) {
            assert!(!beleid().mag(ActiviteitWijzigen, Handelaar::persoon(&[*rol]), relatie, "beeindigd"), "{rol}");
        }
    }
}

#[test]
fn wie_geen_rol_heeft_leest_de_gids_en_zichzelf() {
    for actie in Action::ALLE {
        let mag = elke_relatie()
            .into_iter()
            .filter(|r| *r != Relaties::EIGEN.en(Relaties::ZELF))
            .any(|relatie| beleid().mag(*actie, Handelaar::Persoon(0), relatie, ""));
        assert_eq!(mag, [OrganisatieLezen, CertificeringLezen, ReferentieLezen, GebeurtenisLezen, IkLezen, TaakLezen].contains(actie), "{}", actie.as_str());
    }
}

/// Daarom is het filter op een lijst dezelfde regel als die voor één zaak: het beoordeelt elke verhouding apart, zonder stand.
#[test]
fn lezen_hangt_niet_af_van_de_stand_en_verhoudingen_tellen_op() {
    let relaties = [Relaties::NIPV, Relaties::EIGEN, Relaties::CRISISPARTNER, Relaties::IMPLEMENTATIEPARTNER, Relaties::ADOPTIEPARTNER];
    let wie = Rol::ALLE.iter().map(|rol| Handelaar::persoon(&[*rol])).chain([Handelaar::Persoon(0), Handelaar::Toepassing]);
    for wie in wie {
        for actie in Action::ALLE.iter().filter(|actie| actie.lezen() == **actie) {
            for een in relaties {
                let los = beleid().mag(*actie, wie, een, "");
                for stand in ["lopend", "gepauzeerd", "beeindigd", "live"] {
                    assert_eq!(beleid().mag(*actie, wie, een, stand), los, "{} {een:?} {stand}", actie.as_str());
                }
                for ander in relaties {
                    let samen = beleid().mag(*actie, wie, een.en(ander), "");
                    assert_eq!(samen, los || beleid().mag(*actie, wie, ander, ""), "{} {een:?} {ander:?}", actie.as_str());
                }
            }
        }
    }
}

#[test]
fn meer_rollen_geven_samen_wat_zij_elk_geven() {
    let samen = Handelaar::persoon(&[Rol::Projectleider, Rol::IdpBeheerder]);
    for actie in Action::ALLE {
        for relatie in elke_relatie() {
            let los = mag(Rol::Projectleider, relatie, *actie) || mag(Rol::IdpBeheerder, relatie, *actie);
            assert_eq!(beleid().mag(*actie, samen, relatie, ""), los, "{} {relatie:?}", actie.as_str());
        }
    }
}

/// Elke operatie van het document, met haar handeling en scopes.
fn operaties() -> Vec<(String, String, String)> {
    let document = Contract::build(EXAMPLE_BASE_URL).expect("het document klopt").value();
    let mut rijen = Vec::new();
    for (pad, item) in document["paths"].as_object().expect("paths") {
        for (methode, operatie) in item.as_object().expect("pad") {
            let scopes: Vec<&str> =
                operatie["security"].as_array().into_iter().flatten().filter_map(|s| s["toegang"].as_array()).flatten().filter_map(Value::as_str).collect();
            rijen.push((format!("{} {pad}", methode.to_uppercase()), operatie["x-actie"].as_str().unwrap_or_default().to_owned(), scopes.join(" ")));
        }
    }
    rijen
}

#[test]
fn elke_operatie_noemt_een_handeling_en_elke_handeling_heeft_een_operatie() {
    let mut gebruikt = BTreeSet::new();
    for (operatie, actie, _) in
        operaties().into_iter().filter(|(operatie, ..)| !["GET /openapi.json", "GET /handtekeningsleutels"].contains(&operatie.as_str()))
    {
        let gevonden = Action::ALLE.iter().find(|a| a.as_str() == actie);
        gebruikt.insert(gevonden.unwrap_or_else(|| panic!("{operatie}: handeling '{actie}' bestaat niet")).as_str());
    }
    // Deelhandelingen: één operatie die voor sommige velden of standen meer vraagt.
    gebruikt.insert(TrajectAansluitvormKiezen.as_str());
    gebruikt.insert(TrajectLiveVerlaten.as_str());
    gebruikt.insert(ResultaatOpmerkingenLezen.as_str());
    gebruikt.insert(StaatLopendLezen.as_str());
    let ongebruikt: Vec<&str> = Action::ALLE.iter().map(|a| a.as_str()).filter(|a| !gebruikt.contains(a)).collect();
    assert!(ongebruikt.is_empty(), "{ongebruikt:?}");
}

fn tabel() -> String {
    let mut tekst = matrix(&beleid());
    tekst.push_str("\n## Operaties\n\nElke operatie vraagt één handeling uit de tabel hierboven, en een token met de scope.\n\n| operatie | handeling | scope |\n|---|---|---|\n");
    for (operatie, actie, scopes) in operaties() {
        let actie = if actie.is_empty() { "zonder token".to_owned() } else { format!("`{actie}`") };
        let scopes = if scopes.is_empty() { String::new() } else { format!("`{scopes}`") };
        let _ = writeln!(tekst, "| `{operatie}` | {actie} | {scopes} |");
    }
    tekst
}

/// Elke rol maal elke handeling staat leesbaar in docs/rechten.md; vernieuwen met `UPDATE=1 cargo test -p api --test beleid`.
#[test]
fn de_tabel_in_de_documentatie_is_het_beleid() {
    let bestand = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/rechten.md");
    let nu = tabel();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&bestand, &nu).expect("docs/rechten.md geschreven");
    }
    let vastgelegd = std::fs::read_to_string(&bestand).unwrap_or_default();
    assert!(vastgelegd == nu, "docs/rechten.md loopt achter: bekijk het verschil en vernieuw met UPDATE=1 cargo test -p api --test beleid");
}

#[test]
fn alleen_wie_is_uitgenodigd_vult_in_en_een_toepassing_nooit() {
    for rol in Rol::ALLE {
        for relatie in elke_relatie().into_iter().chain([Relaties::NIPV]) {
            assert_eq!(mag(*rol, relatie, AfnameInvullen), relatie == Relaties::WAARNEMER, "{rol} {relatie:?}");
        }
    }
    for relatie in elke_relatie() {
        assert!(!beleid().mag(AfnameInvullen, Handelaar::Toepassing, relatie, "open"), "{relatie:?}");
    }
}

#[test]
fn een_waarnemer_van_buiten_ziet_het_resultaat_pas_na_sluiten_en_nooit_de_opmerkingen() {
    for rol in Rol::ALLE {
        let ziet = |actie, stand| beleid().mag(actie, Handelaar::persoon(&[*rol]), Relaties::WAARNEMER, stand);
        assert!(!ziet(ResultaatLezen, "open") && ziet(ResultaatLezen, "gesloten"), "{rol}");
        assert!(!ziet(ResultaatOpmerkingenLezen, "gesloten") && !ziet(AfnameBeheren, "open") && !ziet(AfnameAntwoordenLezen, "gesloten"), "{rol}");
    }
}

#[test]
fn het_lopende_jaar_en_de_deelname_zijn_voor_nipv_alleen() {
    for rol in Rol::ALLE {
        for relatie in elke_relatie() {
            assert!(!mag(*rol, relatie, StaatLopendLezen) && !mag(*rol, relatie, StaatDeelnameLezen), "{rol} {relatie:?}");
        }
        assert_eq!(mag(*rol, Relaties::NIPV, StaatDeelnameLezen), matches!(rol, Rol::Lfb | Rol::Adviseur), "{rol}");
    }
}

#[test]
fn de_gebruikerslijst_lezen_alleen_de_eigen_organisatie_en_lfb() {
    for rol in Rol::ALLE {
        let eigen = matches!(rol, Rol::Organisatiebeheerder | Rol::Projectleider | Rol::Tekenbevoegde);
        assert_eq!(mag(*rol, Relaties::EIGEN, GebruikerLezen), eigen, "{rol}");
        assert_eq!(mag(*rol, Relaties::NIPV, GebruikerLezen), *rol == Rol::Lfb, "{rol}");
        for partner in [Relaties::IMPLEMENTATIEPARTNER, Relaties::ADOPTIEPARTNER, Relaties::CRISISPARTNER] {
            assert!(!mag(*rol, partner, GebruikerLezen), "{rol}");
        }
        assert!(!mag(*rol, Relaties::EIGEN.en(Relaties::ZELF), GebruikerBeheren), "{rol}: niemand beheert zichzelf als gebruiker");
    }
}

#[test]
fn opstellen_beoordelen_en_vaststellen_van_een_autorisatieplan_zijn_drie_verschillende_rollen() {
    for rol in Rol::ALLE {
        let acties = [AutorisatieplanIndienen, AutorisatieplanBeoordelen, AutorisatieplanVaststellen];
        let mogen = acties.iter().filter(|a| mag(*rol, Relaties::EIGEN, **a) || mag(*rol, Relaties::NIPV, **a)).count();
        assert!(mogen <= 1, "{rol}");
        assert_eq!(mag(*rol, Relaties::NIPV, InrichtingInrichten), *rol == Rol::Lfb, "{rol}");
        assert!(!mag(*rol, Relaties::EIGEN, InrichtingInrichten), "{rol}");
    }
}

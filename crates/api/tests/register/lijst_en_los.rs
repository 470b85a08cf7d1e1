//! Een lijst toont precies wat los te lezen is.

use std::collections::BTreeSet;

use crate::huis::{Beller, Huis};

async fn ids(huis: &Huis, wie: &Beller, pad: &str) -> BTreeSet<String> {
    huis.get(wie, &format!("{pad}?limit=200")).await.items().iter().map(|item| item["id"].as_str().unwrap_or_default().to_owned()).collect()
}

#[actix_web::test]
async fn wat_in_de_lijst_staat_is_wat_los_te_lezen_is() {
    let huis = Huis::nieuw().await;
    huis.traject().await;
    let script = huis.toepassing(&huis.implementatieadviseur).await;
    let zonder_rol = huis.persoon(&huis.projectleider, "Zoë").await;
    let bellers =
        [&huis.lfb, &huis.adviseur, &huis.projectleider, &huis.organisatiebeheerder, &huis.buitenstaander, &huis.implementatieadviseur, &script, &zonder_rol];
    for pad in ["/trajecten", "/personen", "/toepassingen", "/organisaties"] {
        let alles = ids(&huis, &huis.lfb, pad).await;
        assert!(!alles.is_empty(), "{pad}");
        for wie in bellers {
            let lijst = ids(&huis, wie, pad).await;
            for id in &alles {
                // Jezelf mag je altijd lezen; zonder rol sta je niet in een lijst.
                if *id == wie.id.to_string() {
                    continue;
                }
                let los = huis.get(wie, &format!("{pad}/{id}")).await.status;
                assert_eq!(los == 200, lijst.contains(id), "{pad}/{id}: los {los}");
                assert!(los == 200 || los == 404, "{pad}/{id}: {los}");
            }
        }
    }
}

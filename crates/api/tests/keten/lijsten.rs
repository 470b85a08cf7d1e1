//! Lijsten komen in bladen met een cursor die bij die lijst hoort.

use crate::common::{app, call, request};

#[actix_web::test]
async fn een_lijst_verwijst_naar_het_volgende_blad_tot_het_einde() {
    let app = app(|_| {});
    let mut uri = "/v1/proeven?limit=2&kleur=blauw".to_owned();
    let mut found = Vec::new();
    loop {
        let seen = call(&app, request("GET", &uri)).await;
        assert_eq!(seen.status, 200, "{}", seen.text);
        assert_eq!(seen.body["_links"]["self"]["href"], uri.as_str());
        found.extend(seen.body["items"].as_array().unwrap().iter().map(|item| item["versie"].as_i64().unwrap()));
        let Some(next) = seen.body["_links"]["next"]["href"].as_str() else {
            assert!(seen.header("link").is_empty());
            break;
        };
        assert_eq!(seen.header("link"), format!("<{next}>; rel=\"next\""));
        uri = next.to_owned();
    }
    assert_eq!(found, [1, 2, 3, 4, 5, 6]);
}

#[actix_web::test]
async fn een_cursor_van_een_andere_lijst_of_met_andere_filters_of_veranderd_is_400() {
    let app = app(|_| {});
    let seen = call(&app, request("GET", "/v1/proeven?limit=2&kleur=blauw")).await;
    let next = seen.body["_links"]["next"]["href"].as_str().unwrap().to_owned();
    let cursor = next.split("cursor=").nth(1).unwrap().to_owned();
    let changed = format!("A{cursor}");
    for uri in [
        format!("/v1/andere-proeven?cursor={cursor}"),
        format!("/v1/proeven?limit=2&kleur=rood&cursor={cursor}"),
        format!("/v1/proeven?limit=2&cursor={cursor}"),
        format!("/v1/proeven?limit=2&kleur=blauw&cursor={changed}"),
        "/v1/proeven?cursor=x".to_owned(),
    ] {
        let seen = call(&app, request("GET", &uri)).await;
        assert_eq!((seen.status, seen.body["errors"][0]["code"].as_str()), (400, Some("cursor-ongeldig")), "{uri}");
    }
    assert_eq!(call(&app, request("GET", &format!("/v1/proeven?kleur=blauw&limit=1&cursor={cursor}"))).await.status, 200, "een andere limit mag");
}

//! Wie te vaak belt, wacht.

use crate::common::{app, call, request};

#[actix_web::test]
async fn te_veel_verzoeken_van_een_adres_is_429_met_wachttijd() {
    let app = app(|settings| {
        settings.rate.address_burst = 2;
        settings.rate.address_per_second = 1;
    });
    let from = |last: u8| request("GET", "/v1/proeven").peer_addr(([192, 0, 2, last], 1000).into());
    assert_eq!(call(&app, from(1)).await.status, 200);
    assert_eq!(call(&app, from(1)).await.status, 200);
    let seen = call(&app, from(1)).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (429, Some("te-veel-verzoeken")));
    assert_eq!(seen.header("retry-after"), "1");
    assert!(seen.header("ratelimit").contains("r=0") && seen.header("ratelimit-policy").contains("q=2"));
    assert_eq!(call(&app, from(2)).await.status, 200);
}

#[actix_web::test]
async fn een_kop_met_het_adres_telt_alleen_van_een_vertrouwde_proxy() {
    let app = app(|settings| {
        settings.rate.address_burst = 1;
        settings.rate.address_per_second = 1;
        settings.proxy = Some(api::app::Proxy {
            header: actix_web::http::header::HeaderName::from_static("x-forwarded-for"),
            trusted: std::sync::Arc::new(|address| address.is_loopback()),
        });
    });
    let via = |peer: [u8; 4], client: &'static str| request("GET", "/v1/proeven").peer_addr((peer, 1000).into()).insert_header(("x-forwarded-for", client));
    assert_eq!(call(&app, via([127, 0, 0, 1], "198.51.100.1")).await.status, 200);
    assert_eq!(call(&app, via([127, 0, 0, 1], "verzonnen, 198.51.100.1")).await.status, 429);
    assert_eq!(call(&app, via([127, 0, 0, 1], "198.51.100.2")).await.status, 200);
    assert_eq!(call(&app, via([203, 0, 113, 9], "198.51.100.7")).await.status, 200);
    assert_eq!(call(&app, via([203, 0, 113, 9], "198.51.100.8")).await.status, 429, "een vreemde kan zich geen ander adres geven");
}

#[actix_web::test]
async fn wie_met_een_browser_te_vaak_komt_krijgt_een_bladzijde_en_een_programma_een_probleem() {
    let app = app(|settings| {
        settings.rate.address_burst = 1;
        settings.rate.address_per_second = 1;
    });
    let from =
        |accept: &'static str| request("GET", "/oidc/aanmelden/kiezen?taal=en").peer_addr(([192, 0, 2, 9], 1000).into()).insert_header(("accept", accept));
    call(&app, from("text/html")).await;
    let page = call(&app, from("text/html,application/xhtml+xml")).await;
    assert_eq!((page.status, page.header("retry-after")), (429, "1"));
    assert!(page.header("content-type").starts_with("text/html") && page.header("content-security-policy").contains("frame-ancestors 'none'"));
    assert!(page.text.contains("Too many requests") && page.text.contains("id=\"foutcode\">te-veel-verzoeken<"), "{}", page.text);
    let seen = call(&app, from("application/json")).await;
    assert_eq!((seen.status, seen.body["code"].as_str()), (429, Some("te-veel-verzoeken")));
}

fn parts(settings: api::Settings) -> api::Parts {
    api::Parts {
        store: store::Store,
        clock: domain::Clock::new(|| chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("moment")),
        rng: domain::Rng::new(|buffer| buffer.fill(7)),
        settings,
        issuers: api::toegang::Issuers,
        keys: api::oidc::KeyManager,
        cursor_secret: [1; 32],
    }
}

//! Wat voor client een toepassing is: keuzelijsten met de namen van OAuth en OpenID Connect.

use crate::keuze::keuze;

keuze! {
    /// Soort client; iedere soort heeft precies één grant (NL GOV, OAuth 3.1.1).
    ToepassingSoort { /// Een script of dienst: `client_credentials`.
        Machine = "machine", /// Een portaal waar mensen zich aanmelden: `authorization_code`.
        Portaal = "portaal" }
}
keuze! {
    /// Welke eisen voor deze client gelden.
    Profiel { /// Het NL GOV-profiel: `private_key_jwt` of mTLS, nonce verplicht.
        NlGov = "nl-gov", /// FAPI 2.0 Security Profile: ook PAR en tokens die aan een sleutel gebonden zijn.
        Fapi2 = "fapi2", /// Gewoon OpenID Connect, voor standaardsoftware; alleen met een reden.
        Oidc = "oidc" }
}
keuze! {
    /// Hoe de client zich bij ons aanmeldt (`token_endpoint_auth_method`).
    ClientAuthenticatie { /// Een ondertekende bewering (RFC 7523).
        PrivateKeyJwt = "private_key_jwt", /// Een clientcertificaat (RFC 8705).
        TlsClientAuth = "tls_client_auth", /// Een geheim in `Authorization: Basic`.
        ClientSecretBasic = "client_secret_basic", /// Een geheim in het formulier.
        ClientSecretPost = "client_secret_post" }
}
keuze! {
    /// Algoritme waarmee wij voor deze client tekenen.
    Algoritme { /// ECDSA op P-256.
        Es256 = "ES256", /// RSA-PSS.
        Ps256 = "PS256", /// RSA met PKCS#1 v1.5.
        Rs256 = "RS256" }
}
keuze! {
    /// Of alle clients dezelfde `sub` zien, of ieder een eigen.
    SubSoort { /// Voor iedereen dezelfde.
        Public = "public", /// Per sector (de host van de redirect-URI's) een andere.
        Pairwise = "pairwise" }
}

impl ClientAuthenticatie {
    /// Of de client zich met een geheim aanmeldt.
    #[must_use]
    pub const fn met_geheim(self) -> bool {
        matches!(self, Self::ClientSecretBasic | Self::ClientSecretPost)
    }
}

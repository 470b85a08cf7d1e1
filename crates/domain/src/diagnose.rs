//! Waarom een aanmelding niet lukt, van wie dat is en wat diegene nu kan doen: één vaste code per oorzaak.
//!
//! De uitleg is voor de gebruiker, `verwacht` en `gezien` zijn voor wie het oplost. Een geheim of een heel token staat
//! hier nooit in: wie een diagnose maakt, geeft alleen de ene waarde die niet klopte, en die wordt ingekort.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::keuze::keuze;

keuze! {
    /// Wie de oorzaak kan wegnemen.
    Eigenaar { /// Degene die zich aanmeldt.
        Gebruiker = "gebruiker", /// De IdP-beheerder van de organisatie.
        OrganisatieIdp = "organisatie-idp", /// De beheerder van het portaal.
        Portaal = "portaal", /// NIPV.
        Nipv = "nipv" }
}

macro_rules! codes {
    ($($(#[$meta:meta])* $naam:ident = $tekst:tt, $eigenaar:ident, $uitleg:literal, $wat_nu:literal;)+) => {
        keuze! {
            /// De oorzaak; blijft in iedere versie hetzelfde betekenen.
            DiagnoseCode { $($(#[$meta])* $naam = $tekst),+ }
        }

        impl DiagnoseCode {
            /// Wie deze oorzaak kan wegnemen.
            #[must_use]
            pub const fn eigenaar(self) -> Eigenaar {
                match self { $(Self::$naam => Eigenaar::$eigenaar),+ }
            }

            /// Wat er aan de hand is.
            #[must_use]
            pub const fn uitleg(self) -> &'static str {
                match self { $(Self::$naam => $uitleg),+ }
            }

            /// Wat de eigenaar nu kan doen.
            #[must_use]
            pub const fn wat_nu(self) -> &'static str {
                match self { $(Self::$naam => $wat_nu),+ }
            }
        }
    };
}

codes! {
    /// De IdP antwoordt niet of niet op tijd.
    IdpOnbereikbaar = "idp-onbereikbaar", OrganisatieIdp, "De aanmelddienst van uw organisatie antwoordt niet, of met een storing.", "Controleer of de aanmelddienst vanaf het internet (of het besloten netwerk) bereikbaar is en een geldig certificaat heeft. Noemt de diagnose een status vanaf 500, dan staat de oorzaak in het logboek van de aanmelddienst.";
    /// Een adres van de IdP mag niet.
    AdresNietToegestaan = "adres-niet-toegestaan", OrganisatieIdp, "Een adres van de aanmelddienst van uw organisatie is niet toegestaan.", "Gebruik https-adressen die van buiten bereikbaar zijn. Staat de aanmelddienst op een besloten netwerk, vraag NIPV dan om de host op de lijst van toegestane hosts te zetten.";
    /// Het discoverydocument klopt niet.
    DiscoveryOnjuist = "discovery-onjuist", OrganisatieIdp, "De gegevens die de aanmelddienst van uw organisatie over zichzelf publiceert, kloppen niet.", "Controleer 'issuer' in de registratie, open dat adres met '/.well-known/openid-configuration' erachter en herstel wat ontbreekt. Omleidingen volgen wij niet.";
    /// De uitgever is een andere dan geregistreerd.
    IssuerMismatch = "issuer-mismatch", OrganisatieIdp, "De aanmelddienst noemt een andere uitgever dan er geregistreerd is.", "Zet in de registratie bij 'issuer' precies de waarde die de aanmelddienst zelf noemt, ook een schuine streep aan het einde telt.";
    /// De sleutels van de IdP zijn niet te lezen.
    SleutelsOnjuist = "sleutels-onjuist", OrganisatieIdp, "De sleutels van de aanmelddienst van uw organisatie zijn niet te gebruiken.", "Controleer het adres in 'jwks_uri': het moet een JWK Set geven met ten minste één sleutel om mee te ondertekenen, met haar getallen in base64url.";
    /// De sleutel van de handtekening is niet gepubliceerd.
    SleutelOnbekend = "sleutel-onbekend", OrganisatieIdp, "Het bewijs van aanmelding is getekend met een sleutel die de aanmelddienst niet publiceert.", "Publiceer een nieuwe sleutel voordat de aanmelddienst ermee tekent, en probeer het over een minuut opnieuw.";
    /// De handtekening klopt niet.
    HandtekeningOnjuist = "handtekening-onjuist", OrganisatieIdp, "De handtekening onder het bewijs van aanmelding klopt niet.", "Controleer of de aanmelddienst tekent met de sleutel die zij publiceert.";
    /// Een algoritme dat niet mag.
    AlgoritmeNietToegestaan = "algoritme-niet-toegestaan", OrganisatieIdp, "Het bewijs van aanmelding is getekend met een algoritme dat niet is toegestaan.", "Stel de aanmelddienst in op een van de geregistreerde asymmetrische algoritmen, bijvoorbeeld RS256 of ES256, of zet het hare erbij in 'algoritmen'. HS256, HS384 en HS512 kunnen niet.";
    /// Een kop die niet mag.
    TokenkopNietToegestaan = "tokenkop-niet-toegestaan", OrganisatieIdp, "Het bewijs van aanmelding bevat een kop die niet is toegestaan.", "Laat de aanmelddienst tekenen zonder 'crit', 'jku', 'jwk' of 'x5u' in de kop.";
    /// Geen ID-token.
    IdTokenOntbreekt = "id-token-ontbreekt", OrganisatieIdp, "De aanmelddienst gaf geen ID-token.", "Zet voor deze client OpenID Connect aan, met de scope 'openid'.";
    /// Het ID-token is niet te lezen.
    IdTokenOnleesbaar = "id-token-onleesbaar", OrganisatieIdp, "Het ID-token is niet te lezen.", "Een ID-token is een ondertekende JWT van drie delen in base64url. Zijn het er vijf, zet dan versleuteling van ID-tokens uit voor deze client; zij worden over een beveiligde verbinding opgehaald.";
    /// Een ander soort token.
    TokenSoortOnjuist = "token-soort-onjuist", OrganisatieIdp, "De aanmelddienst gaf een ander soort token dan een ID-token.", "Controleer wat de aanmelddienst op het tokenadres in 'id_token' zet.";
    /// Niet voor ons bedoeld.
    BestemmingOnjuist = "bestemming-onjuist", OrganisatieIdp, "Het bewijs van aanmelding is voor een andere client bedoeld.", "Controleer of 'clientId' in de registratie gelijk is aan de client bij de aanmelddienst, en dat zij geen andere bestemmingen toevoegt. Kan zij die niet weglaten (Zitadel), noem ze dan in 'extraBestemmingen'; zij geeft dan 'azp' mee.";
    /// Verlopen.
    TokenVerlopen = "token-verlopen", OrganisatieIdp, "Het bewijs van aanmelding is verlopen.", "Probeer het opnieuw; blijft dit gebeuren, controleer dan de levensduur van ID-tokens bij de aanmelddienst.";
    /// De klok loopt uit de pas.
    KlokLooptUit = "klok-loopt-uit", OrganisatieIdp, "De klok van de aanmelddienst loopt niet gelijk met de onze.", "Zet op de server van de aanmelddienst tijdsynchronisatie (NTP) aan, of verhoog 'klokverschilSeconden' in de registratie (ten hoogste 300).";
    /// De nonce klopt niet.
    NonceOnjuist = "nonce-onjuist", OrganisatieIdp, "Het bewijs van aanmelding hoort niet bij deze aanmelding.", "Probeer het opnieuw; blijft dit gebeuren, controleer dan of de aanmelddienst 'nonce' ongewijzigd teruggeeft.";
    /// De state klopt niet.
    StateOnjuist = "state-onjuist", Gebruiker, "Deze aanmelding hoort niet bij dit venster, of duurde te lang.", "Begin opnieuw vanuit het portaal en gebruik de knop 'vorige' niet.";
    /// De iss-parameter klopt niet.
    IssParameterOnjuist = "iss-parameter-onjuist", OrganisatieIdp, "Het antwoord komt niet van de aanmelddienst waar u naartoe ging, of noemt haar niet.", "Begin opnieuw; blijft dit gebeuren, controleer dan de uitgever in de registratie, en of de aanmelddienst de parameter 'iss' meegeeft als zij die aankondigt (RFC 9207).";
    /// De verwijzing terug klopt niet.
    TerugkeerOnjuist = "terugkeer-onjuist", OrganisatieIdp, "Het antwoord van de aanmelddienst heeft niet de goede vorm.", "Controleer of de aanmelddienst met 'response_type=code' antwoordt en iedere parameter één keer geeft.";
    /// De hash van het toegangstoken klopt niet.
    AtHashOnjuist = "at-hash-onjuist", OrganisatieIdp, "Het ID-token en het toegangstoken horen niet bij elkaar.", "Controleer of de aanmelddienst 'at_hash' berekent over het toegangstoken dat zij meegeeft.";
    /// Een verplichte claim ontbreekt of heeft het verkeerde type.
    ClaimOntbreekt = "claim-ontbreekt", OrganisatieIdp, "In het bewijs van aanmelding ontbreekt een verplicht gegeven, of het heeft een verkeerde vorm.", "Laat de aanmelddienst deze claim opnemen in het ID-token.";
    /// Het moment van aanmelden ontbreekt of klopt niet.
    AuthTimeOntbreekt = "auth-time-ontbreekt", OrganisatieIdp, "De aanmelddienst zegt niet wanneer u zich hebt aangemeld, terwijl het portaal een verse aanmelding vraagt.", "Laat de aanmelddienst in 'auth_time' van het ID-token zetten wanneer u zich echt hebt aangemeld, als getal in seconden, zodra daarom met 'max_age' wordt gevraagd.";
    /// De aanmelding is te oud.
    AanmeldingTeOud = "aanmelding-te-oud", OrganisatieIdp, "De aanmelddienst liet u door op een eerdere aanmelding, terwijl het portaal een verse vraagt.", "Laat de aanmelddienst 'max_age' en 'prompt=login' volgen; zij mag dan niet stil op een lopende sessie doorgaan.";
    /// MFA niet bewezen.
    MfaNietBewezen = "mfa-niet-bewezen", OrganisatieIdp, "De aanmelddienst van uw organisatie bewijst niet dat u zich met een tweede factor hebt aangemeld.", "Dwing bij de aanmelddienst meervoudige authenticatie af voor deze client, en laat haar dat in het ID-token zeggen zoals de registratie verwacht. Noemt zij de factoren anders, kies dan de preset 'vrij' met haar eigen waarden.";
    /// De claim acr ontbreekt.
    AcrClaimOntbreekt = "acr-claim-ontbreekt", OrganisatieIdp, "De aanmelddienst zegt niet hoe sterk u zich hebt aangemeld: de claim 'acr' ontbreekt.", "Laat de aanmelddienst 'acr' opnemen in het ID-token (Keycloak: client scope 'acr' en een 'ACR to LoA Mapping').";
    /// De claim amr ontbreekt.
    AmrClaimOntbreekt = "amr-claim-ontbreekt", OrganisatieIdp, "De aanmelddienst zegt niet waarmee u zich hebt aangemeld: de claim 'amr' ontbreekt.", "Laat de aanmelddienst 'amr' opnemen in het ID-token. Entra ID versie 2 geeft deze claim nooit: kies daar de preset 'entra-v2' met een authentication context, of neem als issuer https://sts.windows.net/<tenant-id>/ (met de schuine streep aan het einde), met de preset 'amr' en 'claims.email' op 'upn'.";
    /// De claim acrs ontbreekt.
    AcrsClaimOntbreekt = "acrs-claim-ontbreekt", OrganisatieIdp, "Entra ID zegt niet aan welke authentication context is voldaan: de claim 'acrs' ontbreekt.", "Twee wegen: neem 'acrs' op als optional claim in het ID-token en koppel een Conditional Access-beleid met MFA aan de authentication context; of neem de tokens van versie 1, met als issuer https://sts.windows.net/<tenant-id>/ (met de schuine streep aan het einde), de preset 'amr' en 'claims.email' op 'upn'.";
    /// Een andere claim die MFA moet bewijzen ontbreekt.
    MfaClaimOntbreekt = "mfa-claim-ontbreekt", OrganisatieIdp, "De claim die een tweede factor moet bewijzen ontbreekt in het ID-token.", "Laat de aanmelddienst deze claim opnemen in het ID-token; in userinfo telt zij niet.";
    /// De claim heeft de verkeerde vorm.
    MfaClaimVormOnjuist = "mfa-claim-vorm-onjuist", OrganisatieIdp, "De claim die een tweede factor moet bewijzen heeft niet de afgesproken vorm.", "Volgens de standaard is 'acr' één tekst, en zijn 'amr' en 'acrs' een lijst van teksten. Geeft de aanmelddienst 'amr' als één tekst, zet dan 'tekstToegestaan' aan in de MFA-regel van de registratie.";
    /// De IdP spreekt voor een andere organisatie.
    AndereOrganisatie = "andere-organisatie", OrganisatieIdp, "Deze aanmelddienst gaf een identiteit van een andere organisatie.", "Meld u aan met het account van de organisatie die u koos; de IdP-beheerder controleert de onderscheidende claim in de registratie.";
    /// De IdP zegt dat het e-mailadres niet gecontroleerd is, en de persoon moet er nog mee geregistreerd worden.
    EMailNietBevestigd = "e-mail-niet-bevestigd", OrganisatieIdp, "De aanmelddienst zegt dat het e-mailadres van uw account niet gecontroleerd is.", "Laat de aanmelddienst 'email_verified' op true zetten voor adressen die de organisatie zelf uitgeeft, of laat de organisatiebeheerder de persoon registreren.";
    /// Het e-mailadres hoort niet bij de organisatie.
    EMailBuitenDomein = "e-mail-buiten-domein", OrganisatieIdp, "Het e-mailadres van uw account hoort niet bij de domeinen van uw organisatie.", "Laat de aanmelddienst het zakelijke adres geven, of laat de organisatiebeheerder het domein registreren.";
    /// Het e-mailadres ontbreekt.
    EMailOntbreekt = "e-mail-ontbreekt", OrganisatieIdp, "De aanmelddienst gaf geen e-mailadres, en dat is bij de eerste aanmelding nodig.", "Laat de aanmelddienst de claim voor het e-mailadres meegeven in het ID-token of in userinfo.";
    /// De persoon is niet geregistreerd.
    PersoonNietGeregistreerd = "persoon-niet-geregistreerd", Gebruiker, "U bent aangemeld bij uw organisatie, maar uw organisatie heeft u hier niet geregistreerd.", "Vraag de organisatiebeheerder van uw organisatie om u te registreren.";
    /// De persoon is geblokkeerd.
    PersoonGeblokkeerd = "persoon-geblokkeerd", Gebruiker, "Uw registratie is geblokkeerd.", "Neem contact op met de organisatiebeheerder van uw organisatie.";
    /// De IdP weigerde de gebruiker.
    AfgebrokenBijIdp = "afgebroken-bij-idp", Gebruiker, "U bent bij uw organisatie niet aangemeld: de aanmelding is afgebroken of geweigerd.", "Probeer het opnieuw. Mag u deze toepassing bij uw organisatie niet gebruiken, vraag dan de IdP-beheerder om toegang.";
    /// De IdP kon niet stil aanmelden.
    AanmeldingNodig = "aanmelding-nodig", Gebruiker, "Uw organisatie wil dat u zich opnieuw aanmeldt.", "Meld u aan in het venster van uw organisatie.";
    /// De IdP gaf een foutmelding.
    IdpFoutmelding = "idp-foutmelding", OrganisatieIdp, "De aanmelddienst van uw organisatie gaf een foutmelding.", "Zoek de foutcode op in de documentatie van de aanmelddienst en in haar logboek op dit tijdstip.";
    /// De code is geweigerd.
    CodeGeweigerd = "code-geweigerd", OrganisatieIdp, "De aanmelddienst van uw organisatie nam de inwisselcode niet aan.", "Begin opnieuw; blijft dit gebeuren, controleer dan de redirect URI bij de aanmelddienst.";
    /// De client is geweigerd.
    ClientGeweigerd = "client-geweigerd", OrganisatieIdp, "De aanmelddienst van uw organisatie herkent ons niet als client.", "Controleer 'clientId', de redirect URI en de wijze van aanmelden, en of het geheim niet verlopen is; zet een nieuw geheim met POST .../geheimen. Neemt de aanmelddienst bij 'private-key-jwt' de bewering niet aan, zet 'beweringBestemming' dan op de andere waarde ('uitgever' of 'tokenadres').";
    /// Er is geen bruikbaar geheim.
    GeheimOntbreekt = "geheim-ontbreekt", OrganisatieIdp, "Er is geen geldig geheim om ons bij de aanmelddienst van uw organisatie bekend te maken.", "Zet een nieuw geheim met POST .../geheimen.";
    /// Het tokenadres antwoordt met iets onbegrijpelijks.
    TokenantwoordOnjuist = "tokenantwoord-onjuist", OrganisatieIdp, "Het antwoord van de aanmelddienst op het tokenadres is niet te begrijpen.", "Controleer het tokenadres in de gegevens van de aanmelddienst; het moet JSON geven met 'access_token', 'token_type' en 'id_token'.";
    /// Userinfo van een ander.
    UserinfoAndereSub = "userinfo-andere-sub", OrganisatieIdp, "De aanmelddienst gaf gegevens van een andere persoon dan zich aanmeldde.", "Controleer de koppeling van 'sub' in het ID-token en in userinfo; zij moeten gelijk zijn.";
    /// Userinfo is niet te gebruiken.
    UserinfoOnjuist = "userinfo-onjuist", OrganisatieIdp, "De gegevens die de aanmelddienst over u geeft (userinfo) zijn niet te gebruiken.", "Laat userinfo JSON of een ondertekende JWT geven voor het toegangstoken van de aanmelding.";
    /// De persoon heeft bij deze uitgever al een andere identiteit.
    IdentiteitGewijzigd = "identiteit-gewijzigd", OrganisatieIdp, "De aanmelddienst van uw organisatie kent u onder een andere identiteit dan eerst.", "Is de aanmelddienst vervangen of opnieuw ingericht, of is het account opnieuw gemaakt, laat de identiteiten dan opnieuw koppelen (POST .../herkoppelingen); wie zich daarna aanmeldt, bewijst zich één keer met een code per e-mail.";
    /// Er zijn te veel codes naar dit adres gestuurd.
    TeVeelCodes = "te-veel-codes", Gebruiker, "Er zijn vandaag te veel eenmalige codes naar uw adres gestuurd.", "Probeer het morgen opnieuw. Vroeg u er zelf geen aan, meld dit dan bij uw organisatiebeheerder.";
    /// De aanmelding is niet zo sterk als het portaal eist.
    SterkteNietBewezen = "sterkte-niet-bewezen", OrganisatieIdp, "Het portaal vraagt een sterkere aanmelding dan de aanmelddienst van uw organisatie bewijst.", "Laat de aanmelddienst het gevraagde niveau bewijzen; voor een eIDAS-niveau legt NIPV eerst een beoordeling vast.";
    /// Het verzoek van een portaal klopt niet.
    PortaalVerzoekOnjuist = "portaal-verzoek-onjuist", Portaal, "Het verzoek waarmee het portaal u hierheen stuurde, klopt niet.", "Begin opnieuw vanuit het portaal. Blijft dit gebeuren, geef de gegevens hieronder dan door aan de beheerder van het portaal.";
    /// De registratie is opgeschort of niet actief.
    IdpNietActief = "idp-niet-actief", Nipv, "Aanmelden met het account van deze organisatie staat niet aan.", "Neem contact op met de IdP-beheerder van uw organisatie of met NIPV.";
}

/// Langste waarde die in een diagnose staat.
const LANGSTE: usize = 200;

/// De diagnose van een aanmelding die niet lukte.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Diagnose {
    /// De oorzaak.
    pub code: DiagnoseCode,
    /// Wie haar kan wegnemen.
    pub eigenaar: Eigenaar,
    /// Wat er aan de hand is, voor de gebruiker.
    #[schema(example = "De aanmelddienst noemt een andere uitgever dan er geregistreerd is.")]
    pub uitleg: String,
    /// Wat de eigenaar nu kan doen.
    #[schema(example = "Zet in de registratie bij 'issuer' precies de waarde die de aanmelddienst zelf noemt.")]
    pub wat_nu: String,
    /// Wat er had moeten staan; voor wie het oplost.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://idp.voorbeeld.example")]
    pub verwacht: Option<String>,
    /// Wat er stond; voor wie het oplost.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://idp.voorbeeld.example/")]
    pub gezien: Option<String>,
}

fn kort(tekst: &str) -> String {
    tekst.chars().map(|teken| if teken.is_control() { ' ' } else { teken }).take(LANGSTE).collect()
}

impl Diagnose {
    /// Een diagnose zonder waarden.
    #[must_use]
    pub fn new(code: DiagnoseCode) -> Self {
        Self { code, eigenaar: code.eigenaar(), uitleg: code.uitleg().to_owned(), wat_nu: code.wat_nu().to_owned(), verwacht: None, gezien: None }
    }

    /// Met wat er had moeten staan; ingekort.
    #[must_use]
    pub fn verwacht(mut self, tekst: impl AsRef<str>) -> Self {
        self.verwacht = Some(kort(tekst.as_ref()));
        self
    }

    /// Met wat er stond; ingekort. Nooit een geheim of een heel token.
    #[must_use]
    pub fn gezien(mut self, tekst: impl AsRef<str>) -> Self {
        self.gezien = Some(kort(tekst.as_ref()));
        self
    }
}

impl From<DiagnoseCode> for Diagnose {
    fn from(code: DiagnoseCode) -> Self {
        Self::new(code)
    }
}

impl std::fmt::Display for Diagnose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.uitleg)?;
        if let Some(verwacht) = &self.verwacht {
            write!(f, " Verwacht: {verwacht}.")?;
        }
        if let Some(gezien) = &self.gezien {
            write!(f, " Gezien: {gezien}.")?;
        }
        Ok(())
    }
}

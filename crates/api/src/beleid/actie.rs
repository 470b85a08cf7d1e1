//! De handelingen waarover het beleid oordeelt.

macro_rules! acties {
    ($($(#[$meta:meta])* $naam:ident = $tekst:literal, $lees:ident;)+) => {
        /// Een handeling.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$meta])* $naam),+ }

        impl Action {
            /// Alle handelingen.
            pub const ALLE: &'static [Self] = &[$(Self::$naam),+];

            /// De naam in het beleid en in `x-actie`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$naam => $tekst),+ }
            }

            /// De leeshandeling op dezelfde zaak: wie die niet mag, krijgt 404.
            #[must_use]
            pub const fn lezen(self) -> Self {
                match self { $(Self::$naam => Self::$lees),+ }
            }
        }
    };
}

acties! {
    /// Organisaties lezen.
    OrganisatieLezen = "organisatie.lezen", OrganisatieLezen;
    /// Een organisatie aanmaken.
    OrganisatieAanmaken = "organisatie.aanmaken", OrganisatieLezen;
    /// Een organisatie wijzigen.
    OrganisatieWijzigen = "organisatie.wijzigen", OrganisatieLezen;
    /// Certificeringen lezen.
    CertificeringLezen = "certificering.lezen", CertificeringLezen;
    /// Certificeren en intrekken.
    CertificeringBeheren = "certificering.beheren", CertificeringLezen;
    /// Netwerkaansluitingen lezen.
    NetwerkaansluitingLezen = "netwerkaansluiting.lezen", NetwerkaansluitingLezen;
    /// Netwerkaansluitingen bijhouden.
    NetwerkaansluitingBeheren = "netwerkaansluiting.beheren", NetwerkaansluitingLezen;
    /// Personen lezen.
    PersoonLezen = "persoon.lezen", PersoonLezen;
    /// Personen registreren, wijzigen, blokkeren en verwijderen.
    PersoonBeheren = "persoon.beheren", PersoonLezen;
    /// Rollen geven en terugnemen.
    PersoonRolBeheren = "persoon.rol-beheren", PersoonLezen;
    /// Referentiegegevens lezen.
    ReferentieLezen = "referentie.lezen", ReferentieLezen;
    /// Referentiegegevens beheren en publiceren.
    ReferentieBeheren = "referentie.beheren", ReferentieLezen;
    /// Een traject lezen, met alles wat eronder hangt.
    TrajectLezen = "traject.lezen", TrajectLezen;
    /// Een traject beginnen.
    TrajectBeginnen = "traject.beginnen", OrganisatieLezen;
    /// Gegevens van een traject bijhouden.
    TrajectWijzigen = "traject.wijzigen", TrajectLezen;
    /// De aansluitvorm kiezen.
    TrajectAansluitvormKiezen = "traject.aansluitvorm-kiezen", TrajectLezen;
    /// Partijen betrekken en beëindigen.
    TrajectPartijenBeheren = "traject.partijen-beheren", TrajectLezen;
    /// Een stap vooruit of terug zetten.
    TrajectStapZetten = "traject.stap-zetten", TrajectLezen;
    /// Een traject dat live is een stap terug zetten.
    TrajectLiveVerlaten = "traject.live-verlaten", TrajectLezen;
    /// Een afwijking verlenen.
    TrajectAfwijkingVerlenen = "traject.afwijking-verlenen", TrajectLezen;
    /// Pauzeren en hervatten.
    TrajectPauzeren = "traject.pauzeren", TrajectLezen;
    /// Beëindigen.
    TrajectBeeindigen = "traject.beeindigen", TrajectLezen;
    /// Heropenen.
    TrajectHeropenen = "traject.heropenen", TrajectLezen;
    /// Vastleggen wat gedaan is om de werkwijze te borgen, en dat intrekken.
    TrajectBorgen = "traject.borgen", TrajectLezen;
    /// Een activiteit bijwerken.
    ActiviteitWijzigen = "activiteit.wijzigen", TrajectLezen;
    /// Registraties van organisatiebeheerders lezen.
    RegistratieLezen = "registratie.lezen", RegistratieLezen;
    /// Een registratie opstellen, wijzigen en indienen.
    RegistratieOpstellen = "registratie.opstellen", RegistratieLezen;
    /// Een registratie ondertekenen of teruggeven.
    RegistratieOndertekenen = "registratie.ondertekenen", RegistratieLezen;
    /// Een registratie intrekken.
    RegistratieIntrekken = "registratie.intrekken", RegistratieLezen;
    /// Een organisatiebeheerder uit de registratie verwijderen.
    BeheerderVerwijderen = "beheerder.verwijderen", RegistratieLezen;
    /// Trainingen en SharePoint-toegang van beheerders vastleggen.
    BeheerderOpleiden = "beheerder.opleiden", RegistratieLezen;
    /// De tekst van de afspraken over beheer en controle vaststellen.
    BeheerafsprakenVaststellen = "beheerafspraken.vaststellen", ReferentieLezen;
    /// Eigen taken lezen.
    TaakLezen = "taak.lezen", TaakLezen;
    /// Toepassingen lezen.
    ToepassingLezen = "toepassing.lezen", ToepassingLezen;
    /// Toepassingen registreren, wijzigen, blokkeren en intrekken.
    ToepassingBeheren = "toepassing.beheren", ToepassingLezen;
    /// Identiteitsproviders lezen.
    IdentiteitsproviderLezen = "identiteitsprovider.lezen", IdentiteitsproviderLezen;
    /// Identiteitsproviders registreren, testen, activeren en intrekken.
    IdentiteitsproviderBeheren = "identiteitsprovider.beheren", IdentiteitsproviderLezen;
    /// Identiteitsproviders opschorten, hervatten en beoordelen.
    IdentiteitsproviderOpschorten = "identiteitsprovider.opschorten", IdentiteitsproviderLezen;
    /// Auditregels lezen.
    AuditLezen = "audit.lezen", AuditLezen;
    /// De wijzigingenstroom lezen.
    GebeurtenisLezen = "gebeurtenis.lezen", GebeurtenisLezen;
    /// Vragenlijsten lezen.
    VragenlijstLezen = "vragenlijst.lezen", VragenlijstLezen;
    /// Vragenlijsten laden, publiceren en intrekken.
    VragenlijstBeheren = "vragenlijst.beheren", VragenlijstLezen;
    /// Een afname lezen.
    AfnameLezen = "afname.lezen", AfnameLezen;
    /// Een afname voorbereiden, openen en sluiten, en waarnemers uitnodigen.
    AfnameBeheren = "afname.beheren", AfnameLezen;
    /// Een gesloten afname heropenen.
    AfnameHeropenen = "afname.heropenen", AfnameLezen;
    /// Als uitgenodigde waarnemer invullen en indienen.
    AfnameInvullen = "afname.invullen", AfnameLezen;
    /// De antwoorden van een gesloten afname uitlezen.
    AfnameAntwoordenLezen = "afname.antwoorden-lezen", AfnameLezen;
    /// Het resultaat van een afname lezen.
    ResultaatLezen = "resultaat.lezen", AfnameLezen;
    /// De opmerkingen van waarnemers lezen.
    ResultaatOpmerkingenLezen = "resultaat.opmerkingen-lezen", AfnameLezen;
    /// De Staat van Netcentrisch Werken lezen, over jaren die voorbij zijn.
    StaatLezen = "staat.lezen", StaatLezen;
    /// De Staat van het lopende jaar lezen.
    StaatLopendLezen = "staat.lopend-lezen", StaatLezen;
    /// Lezen wie meedeed en wie te laat is.
    StaatDeelnameLezen = "staat.deelname-lezen", StaatLezen;
    /// Sessies lezen.
    SessieLezen = "sessie.lezen", SessieLezen;
    /// Een sessie beëindigen.
    SessieBeeindigen = "sessie.beeindigen", SessieLezen;
    /// Alle sessies van een organisatie beëindigen.
    SessieOrganisatieBeeindigen = "sessie.organisatie-beeindigen", OrganisatieLezen;
    /// Het logboek van aanmeldingen lezen.
    AanmeldingLezen = "aanmelding.lezen", AanmeldingLezen;
    /// Uitgaande post lezen.
    BerichtLezen = "bericht.lezen", BerichtLezen;
    /// De gebruikerslijst lezen.
    GebruikerLezen = "gebruiker.lezen", GebruikerLezen;
    /// Gebruikers toevoegen, wijzigen, blokkeren, verwijderen en importeren.
    GebruikerBeheren = "gebruiker.beheren", GebruikerLezen;
    /// Teams, disciplines en functies lezen.
    InrichtingLezen = "inrichting.lezen", InrichtingLezen;
    /// Teams, disciplines en functies wensen.
    InrichtingWensen = "inrichting.wensen", InrichtingLezen;
    /// Een wens inrichten.
    InrichtingInrichten = "inrichting.inrichten", InrichtingLezen;
    /// Sjablonen lezen.
    SjabloonLezen = "sjabloon.lezen", SjabloonLezen;
    /// Sjablonen maken, wijzigen en verwijderen.
    SjabloonBeheren = "sjabloon.beheren", SjabloonLezen;
    /// Autorisatieplannen lezen.
    AutorisatieplanLezen = "autorisatieplan.lezen", AutorisatieplanLezen;
    /// Een autorisatieplan opstellen.
    AutorisatieplanOpstellen = "autorisatieplan.opstellen", AutorisatieplanLezen;
    /// Een autorisatieplan indienen of intrekken.
    AutorisatieplanIndienen = "autorisatieplan.indienen", AutorisatieplanLezen;
    /// Een ingediend autorisatieplan beoordelen.
    AutorisatieplanBeoordelen = "autorisatieplan.beoordelen", AutorisatieplanLezen;
    /// Een autorisatieplan vaststellen.
    AutorisatieplanVaststellen = "autorisatieplan.vaststellen", AutorisatieplanLezen;
    /// Regels van een autorisatieplan uitvoeren.
    AutorisatieplanUitvoeren = "autorisatieplan.uitvoeren", AutorisatieplanLezen;
    /// Samenwerkingsprofielen lezen.
    SamenwerkingsprofielLezen = "samenwerkingsprofiel.lezen", SamenwerkingsprofielLezen;
    /// Een samenwerkingsprofiel aanvragen of beëindigen.
    SamenwerkingsprofielAanvragen = "samenwerkingsprofiel.aanvragen", SamenwerkingsprofielLezen;
    /// Als eigenaar over een samenwerkingsprofiel beslissen.
    SamenwerkingsprofielBesluiten = "samenwerkingsprofiel.besluiten", SamenwerkingsprofielLezen;
    /// Zien wie je bent.
    IkLezen = "ik.lezen", IkLezen;
}

//! De tabellen, gelijk in beide databases (een proef vergelijkt ze met de migraties).

diesel::table! { sector (code) { code -> Text, naam -> Text, vervallen -> Bool, versie -> BigInt, } }
diesel::table! { aansluitvorm (code) { code -> Text, naam -> Text, omschrijving -> Text, vervallen -> Bool, versie -> BigInt, } }
diesel::table! {
    organisatie (id) {
        id -> Text, naam -> Text, afkorting -> Nullable<Text>, oin -> Nullable<Text>, soort -> Text, sector_code -> Nullable<Text>,
        emaildomeinen -> Text, aansluitstatus -> Text, onderdeel_van -> Nullable<Text>, zoek -> Text,
        aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt, aanmaken_bij_eerste_aanmelding -> Bool,
    }
}
diesel::table! {
    certificering (id) {
        id -> Text, organisatie_id -> Text, soort -> Text, geldig_van -> Date, geldig_tot -> Date,
        ingetrokken_op -> Nullable<Timestamp>, intrekkingsreden -> Nullable<Text>, aangemaakt_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! {
    netwerkaansluiting (id) {
        id -> Text, organisatie_id -> Text, soort -> Text, status -> Text, laatst_getest_op -> Nullable<Timestamp>,
        testresultaat -> Nullable<Text>, toelichting -> Nullable<Text>, versie -> BigInt,
    }
}
diesel::table! {
    persoon (id) {
        id -> Text, organisatie_id -> Text, naam -> Text, email -> Text, telefoon -> Nullable<Text>, functie -> Nullable<Text>,
        status -> Text, aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! { persoon_rol (persoon_id, rol) { persoon_id -> Text, rol -> Text, } }
diesel::table! {
    persoon_identiteit_vervallen (id) {
        id -> Text, issuer -> Text, sub -> Text, persoon_id -> Text, gekoppeld_op -> Timestamp, vervallen_op -> Timestamp,
    }
}
diesel::table! { persoon_identiteit (issuer, sub) { issuer -> Text, sub -> Text, persoon_id -> Text, gekoppeld_op -> Timestamp, } }
diesel::table! {
    stappenplan (id) {
        id -> Text, code -> Text, titel -> Text, status -> Text, inhoud -> Text, gepubliceerd_op -> Nullable<Timestamp>,
        aangemaakt_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! {
    traject (id) {
        id -> Text, kenmerk -> Text, organisatie_id -> Text, stappenplan_id -> Text, status -> Text, stap -> Integer,
        aansluitvorm_code -> Nullable<Text>, aansluitvorm_motivatie -> Nullable<Text>, contactpersonen -> Text, planning -> Text,
        deadline -> Nullable<Date>, aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! { trajectnummer (jaar) { jaar -> Integer, laatste -> BigInt, } }
diesel::table! {
    partij (id) {
        id -> Text, traject_id -> Text, organisatie_id -> Text, rol -> Text, van -> Date, tot -> Nullable<Date>,
        contactpersoon_id -> Nullable<Text>,
    }
}
diesel::table! {
    activiteit (id) {
        id -> Text, traject_id -> Text, code -> Text, bijlage -> Integer, groep -> Text, titel -> Text, volgorde -> Integer,
        status -> Text, reden -> Nullable<Text>, actiehouders -> Text, deadline -> Nullable<Date>, notities -> Nullable<Text>,
        bewijs -> Text, gereed_op -> Nullable<Timestamp>, gereed_door -> Nullable<Text>, versie -> BigInt,
    }
}
diesel::table! { trajectverloop (id) { id -> Text, traject_id -> Text, soort -> Text, voorwaarde -> Nullable<Text>, inhoud -> Text, } }
diesel::table! {
    borgingsmoment (id) {
        id -> Text, traject_id -> Text, punt -> Text, gedaan_datum -> Date, ontvanger -> Nullable<Text>, toelichting -> Nullable<Text>,
        op -> Timestamp, door -> Text, ingetrokken_op -> Nullable<Timestamp>, intrekkingsreden -> Nullable<Text>,
    }
}
diesel::table! {
    toepassing (id) {
        id -> Text, naam -> Text, organisatie_id -> Text, scopes -> Text, jwks -> Text, status -> Text,
        aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt, soort -> Text, profiel -> Text, instellingen -> Text,
    }
}
diesel::table! {
    ondertekensleutel (kid) {
        kid -> Text, publiek -> Text, geheim -> Binary, aangemaakt_op -> Timestamp, actief_vanaf -> Timestamp,
        actief_tot -> Timestamp, publiceren_tot -> Timestamp, alg -> Text, doel -> Text,
    }
}
diesel::table! { jti_gebruikt (client_id, jti) { client_id -> Text, jti -> Text, verloopt_op -> Timestamp, } }
diesel::table! {
    idempotentie (eigenaar, sleutel) { eigenaar -> Text, sleutel -> Text, vingerafdruk -> Text, antwoord -> Text, verloopt_op -> Timestamp, }
}
diesel::table! {
    auditregel (id) {
        id -> Text, volgnummer -> Nullable<BigInt>, op -> Timestamp, handeling -> Text, onderwerp_soort -> Text, onderwerp_id -> Text,
        traject_id -> Nullable<Text>, organisatie_id -> Nullable<Text>, door_persoon_id -> Nullable<Text>,
        door_toepassing_id -> Nullable<Text>, door_organisatie_id -> Nullable<Text>, traceparent -> Nullable<Text>,
        voor -> Nullable<Text>, na -> Nullable<Text>, mac -> Text, keten -> Nullable<Text>,
    }
}
diesel::table! { auditketen (naam) { naam -> Text, volgnummer -> BigInt, keten -> Text, mac -> Text, } }

diesel::joinable!(persoon_rol -> persoon (persoon_id));
diesel::joinable!(persoon_identiteit -> persoon (persoon_id));
diesel::joinable!(partij -> traject (traject_id));
diesel::joinable!(partij -> organisatie (organisatie_id));
diesel::allow_tables_to_appear_in_same_query!(auditregel, traject, partij, organisatie, persoon, persoon_rol, persoon_identiteit);

// Aanmelden: sessies, pogingen, eenmalige codes, het logboek van aanmeldingen en de uitgaande post.
diesel::table! {
    sessie (id) {
        id -> Text, geheim_hash -> Text, persoon_id -> Text, organisatie_id -> Text, identiteitsprovider_id -> Nullable<Text>, issuer -> Text,
        upstream_sub -> Text, upstream_sid -> Nullable<Text>, acr -> Nullable<Text>, amr -> Text, upstream_acr -> Nullable<Text>,
        upstream_amr -> Text, auth_time -> Timestamp, gestart_op -> Timestamp, laatst_gebruikt_op -> Timestamp, verloopt_op -> Timestamp,
        beeindigd_op -> Nullable<Timestamp>, einde_reden -> Nullable<Text>, id_token -> Nullable<Text>, end_session_endpoint -> Nullable<Text>,
    }
}
diesel::table! {
    aanmeldpoging (id) {
        id -> Text, browser_hash -> Text, stand -> Text, toepassing_id -> Nullable<Text>, verzoek -> Text, organisatie_id -> Nullable<Text>,
        identiteitsprovider_id -> Nullable<Text>, state_hash -> Nullable<Text>, heenweg -> Nullable<Text>, bewijs -> Nullable<Text>,
        persoon_id -> Nullable<Text>, begonnen_op -> Timestamp, verloopt_op -> Timestamp,
    }
}
diesel::table! {
    eenmalige_code (persoon_id) { persoon_id -> Text, poging_id -> Text, code_hash -> Text, pogingen -> BigInt, verloopt_op -> Timestamp, }
}
diesel::table! { code_verzending (id) { id -> Text, adres_hash -> Text, op -> Timestamp, } }
diesel::table! {
    aanmelding (id) {
        id -> Text, op -> Timestamp, uitkomst -> Text, organisatie_id -> Nullable<Text>, identiteitsprovider_id -> Nullable<Text>,
        toepassing_id -> Nullable<Text>, persoon_id -> Nullable<Text>, sessie_id -> Nullable<Text>, code -> Nullable<Text>,
        diagnose -> Nullable<Text>, acr -> Nullable<Text>, upstream_acr -> Nullable<Text>, upstream_amr -> Text, trace_id -> Text,
    }
}
diesel::table! {
    post (id) {
        id -> Text, aan -> Text, onderwerp -> Text, tekst -> Text, status -> Text, pogingen -> BigInt, volgende_poging_op -> Timestamp,
        verloopt_op -> Nullable<Timestamp>, laatste_fout -> Nullable<Text>, aangemaakt_op -> Timestamp, verzonden_op -> Nullable<Timestamp>,
    }
}
// registraties organisatiebeheerders
diesel::table! { beheerafspraken (id) { id -> Text, versie -> Integer, titel -> Text, artikelen -> Text, vastgesteld_op -> Timestamp, } }
diesel::table! {
    registratie (id) {
        id -> Text, organisatie_id -> Text, nummer -> Integer, status -> Text, vervangt_id -> Nullable<Text>, afspraken_id -> Text,
        afspraken_versie -> Integer, ronde -> Integer, opmerkingen -> Nullable<Text>, einde_reden -> Nullable<Text>,
        ingediend_op -> Nullable<Timestamp>, actief_op -> Nullable<Timestamp>, beeindigd_op -> Nullable<Timestamp>,
        aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! {
    registratie_beheerder (registratie_id, persoon_id) {
        registratie_id -> Text, persoon_id -> Text, volgorde -> Integer, naam -> Text, functie -> Nullable<Text>, email -> Text,
        telefoon -> Nullable<Text>, vervanger_van -> Nullable<Text>, verwijderd_op -> Nullable<Timestamp>,
    }
}
diesel::table! {
    registratie_ondertekening (id) {
        id -> Text, registratie_id -> Text, ronde -> Integer, partij -> Text, persoon_id -> Text, kid -> Text, inhoud -> Text, jws -> Text,
        ondertekend_op -> Timestamp,
    }
}
diesel::table! {
    beheerderstraining (id) {
        id -> Text, organisatie_id -> Text, persoon_id -> Text, gepland -> Nullable<Date>, gevolgd -> Nullable<Date>,
        toelichting -> Nullable<Text>, vastgelegd_op -> Timestamp,
    }
}
diesel::table! { sharepointtoegang (organisatie_id, persoon_id) { organisatie_id -> Text, persoon_id -> Text, stand -> Text, gewijzigd_op -> Timestamp, } }
diesel::table! { handtekeningsleutel (kid) { kid -> Text, publiek -> Text, geheim -> Binary, aangemaakt_op -> Timestamp, } }
diesel::allow_tables_to_appear_in_same_query!(registratie, registratie_beheerder, sharepointtoegang);
// Vragenlijsten, afnames en de Staat.
diesel::table! {
    vragenlijst (id) {
        id -> Text, code -> Text, uitgave -> Text, status -> Text, inhoud -> Text, vorige_id -> Nullable<Text>,
        gepubliceerd_op -> Nullable<Timestamp>, aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! { regiotype (code) { code -> Text, naam -> Text, versie -> BigInt, } }
diesel::table! { organisatie_regiotype (organisatie_id) { organisatie_id -> Text, regiotype_code -> Text, } }
diesel::table! {
    afname (id) {
        id -> Text, organisatie_id -> Text, vragenlijst_id -> Text, vragenlijst_code -> Text, traject_id -> Nullable<Text>,
        oefening_id -> Nullable<Text>, aanleiding -> Text, titel -> Text, team -> Nullable<Text>, coordinatieniveau -> Nullable<Text>,
        begin_datum -> Date, eind_datum -> Date, status -> Text, gesloten_op -> Nullable<Timestamp>, aangemaakt_op -> Timestamp,
        gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! { afnameovergang (id) { id -> Text, afname_id -> Text, soort -> Text, inhoud -> Text, } }
diesel::table! {
    waarnemer (id) {
        id -> Text, afname_id -> Text, persoon_id -> Text, organisatie_id -> Text, hoedanigheid -> Text,
        ingediend_op -> Nullable<Timestamp>, ingetrokken_op -> Nullable<Timestamp>, uitgenodigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! {
    antwoord (invulling_id, vraag, gegeven_op, apparaat) {
        invulling_id -> Text, vraag -> Integer, gegeven_op -> Timestamp, apparaat -> Text, waarde -> Text, opmerking -> Nullable<Text>,
        gezien_op -> Nullable<Timestamp>, ontvangen_op -> Timestamp,
    }
}
diesel::table! {
    staatbijdrage (organisatie_id, vragenlijst_code, jaar) {
        organisatie_id -> Text, vragenlijst_code -> Text, jaar -> Integer, vragenlijst_id -> Text, afname_id -> Text, sector -> Text,
        regiotype -> Text, scores -> Text,
    }
}
diesel::table! { staatcel (vragenlijst_id, jaar, sector, regiotype) { vragenlijst_id -> Text, jaar -> Integer, sector -> Text, regiotype -> Text, som -> Text, } }
diesel::table! { afnameherinnering (sleutel) { sleutel -> Text, verstuurd_op -> Timestamp, } }
diesel::joinable!(waarnemer -> afname (afname_id));
diesel::joinable!(antwoord -> waarnemer (invulling_id));
diesel::allow_tables_to_appear_in_same_query!(afname, waarnemer, antwoord, partij, staatbijdrage);

// clients van de uitgever, en wat hun is uitgegeven
diesel::table! {
    toepassing_geheim (id) {
        id -> Text, toepassing_id -> Text, hash -> Text, aangemaakt_op -> Timestamp, verloopt_op -> Timestamp,
        laatst_gebruikt_op -> Nullable<Timestamp>,
    }
}
diesel::table! { autorisatieverzoek (hash) { hash -> Text, toepassing_id -> Text, inhoud -> Text, verloopt_op -> Timestamp, } }
diesel::table! {
    autorisatie (id) {
        id -> Text, toepassing_id -> Text, sessie_id -> Text, persoon_id -> Text, inhoud -> Text, code_hash -> Text,
        code_verloopt_op -> Timestamp, code_ingewisseld_op -> Nullable<Timestamp>, aangemaakt_op -> Timestamp,
        verloopt_op -> Timestamp, ingetrokken_op -> Nullable<Timestamp>, intrekkingsreden -> Nullable<Text>,
    }
}
diesel::table! {
    verversingstoken (hash) {
        hash -> Text, autorisatie_id -> Text, aangemaakt_op -> Timestamp, verloopt_op -> Timestamp, gebruikt_op -> Nullable<Timestamp>,
    }
}
diesel::table! { ingetrokken_token (jti) { jti -> Text, verloopt_op -> Timestamp, } }

// Identiteitsproviders.
diesel::table! {
    identiteitsprovider (id) {
        id -> Text, organisatie_id -> Text, naam -> Text, status -> Text, actieve_versie -> Nullable<Integer>, nieuwste_versie -> Integer,
        beoordeling -> Nullable<Text>, aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! {
    identiteitsprovider_versie (identiteitsprovider_id, nummer) {
        identiteitsprovider_id -> Text, nummer -> Integer, status -> Text, issuer -> Text, instellingen -> Text, aangemaakt_op -> Timestamp,
    }
}
diesel::table! {
    identiteitsprovider_geheim (id) {
        id -> Text, identiteitsprovider_id -> Text, soort -> Text, geheim -> Binary, publiek -> Nullable<Text>, vervalt_op -> Nullable<Timestamp>,
        gewaarschuwd -> Nullable<BigInt>, laatst_gebruikt_op -> Nullable<Timestamp>, aangemaakt_op -> Timestamp,
    }
}
diesel::table! {
    identiteitsprovider_test (id) {
        id -> Text, identiteitsprovider_id -> Text, versienummer -> Integer, soort -> Text, geslaagd -> Bool, controles -> Text, getest_op -> Timestamp,
    }
}
diesel::table! {
    identiteitsprovider_gezondheid (identiteitsprovider_id) {
        identiteitsprovider_id -> Text, stand -> Text, gemeten_op -> Timestamp, laatst_goed_op -> Nullable<Timestamp>, diagnose -> Nullable<Text>,
        waarschuwingen -> Text,
    }
}
diesel::joinable!(identiteitsprovider_versie -> identiteitsprovider (identiteitsprovider_id));
diesel::allow_tables_to_appear_in_same_query!(identiteitsprovider, identiteitsprovider_versie);
diesel::allow_tables_to_appear_in_same_query!(verversingstoken, autorisatie);
diesel::allow_tables_to_appear_in_same_query!(identiteitsprovider, organisatie);
// Gebruikers, inrichting en autorisatieplannen.
diesel::table! {
    gebruiker (id) {
        id -> Text, organisatie_id -> Text, naam -> Text, email -> Text, telefoon -> Nullable<Text>, functie -> Nullable<Text>,
        beoogd_profiel -> Nullable<Text>, status -> Text, aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! {
    gebruikersimport (id) {
        id -> Text, organisatie_id -> Text, status -> Text, proef -> Bool, sha256 -> Text, gelezen -> BigInt, nieuw -> BigInt,
        gewijzigd -> BigInt, ongewijzigd -> BigInt, aantal_fouten -> BigInt, fouten -> Text, door_persoon_id -> Nullable<Text>,
        aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp,
    }
}
diesel::table! {
    inrichting (id) {
        id -> Text, organisatie_id -> Text, soort -> Text, code -> Text, naam -> Text, coordinatieniveau -> Nullable<Text>,
        status -> Text, ingericht_op -> Nullable<Timestamp>, aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! {
    sjabloon (id) {
        id -> Text, organisatie_id -> Text, naam -> Text, voorbeeld -> Bool, kopie_van -> Nullable<Text>, inhoud -> Text,
        aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! {
    autorisatieplan (id) {
        id -> Text, organisatie_id -> Text, volgnummer -> Integer, status -> Text, gebaseerd_op -> Nullable<Text>,
        aantal_profielen -> Integer, aantal_toewijzingen -> Integer, besluiten -> Text, inhoud -> Text,
        aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}
diesel::table! {
    autorisatieplan_revisie (plan_id, versie) {
        plan_id -> Text, versie -> BigInt, verschillen -> Text, door_persoon_id -> Nullable<Text>, gewijzigd_op -> Timestamp,
    }
}
diesel::table! { vastlegging (id) { id -> Text, onderwerp_id -> Text, soort -> Text, inhoud -> Text, } }
diesel::table! {
    uitvoeringsregel (id) {
        id -> Text, plan_id -> Text, volgorde -> Integer, soort -> Text, bewerking -> Text, code -> Text, gebruiker_id -> Nullable<Text>,
        uitvoerder -> Text, stand -> Text, reden -> Nullable<Text>, door_persoon_id -> Nullable<Text>, uitgevoerd_op -> Nullable<Timestamp>,
    }
}
diesel::table! {
    samenwerkingsprofiel (id) {
        id -> Text, eigenaar_id -> Text, organisatie_id -> Text, gebruiker_id -> Text, profiel -> Text, motivatie -> Text,
        tot_datum -> Date, status -> Text, aangevraagd_door -> Nullable<Text>, besloten_door -> Nullable<Text>,
        besloten_op -> Nullable<Timestamp>, toelichting -> Nullable<Text>, aangemaakt_op -> Timestamp, gewijzigd_op -> Timestamp, versie -> BigInt,
    }
}

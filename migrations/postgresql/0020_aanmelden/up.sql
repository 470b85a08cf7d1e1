CREATE TABLE sessie (
    id TEXT NOT NULL PRIMARY KEY,
    geheim_hash TEXT NOT NULL,
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    identiteitsprovider_id TEXT,
    issuer TEXT NOT NULL,
    upstream_sub TEXT NOT NULL,
    upstream_sid TEXT,
    acr TEXT,
    amr TEXT NOT NULL,
    upstream_acr TEXT,
    upstream_amr TEXT NOT NULL,
    auth_time TIMESTAMP NOT NULL,
    gestart_op TIMESTAMP NOT NULL,
    laatst_gebruikt_op TIMESTAMP NOT NULL,
    verloopt_op TIMESTAMP NOT NULL,
    beeindigd_op TIMESTAMP,
    einde_reden TEXT CHECK (einde_reden IN ('afgemeld', 'vervangen', 'ingetrokken', 'persoon-geblokkeerd', 'idp')),
    id_token TEXT,
    end_session_endpoint TEXT
);
CREATE UNIQUE INDEX sessie_geheim_uniek ON sessie (geheim_hash);
CREATE INDEX sessie_persoon ON sessie (persoon_id, id);
CREATE INDEX sessie_organisatie ON sessie (organisatie_id, id);
CREATE INDEX sessie_upstream ON sessie (issuer, upstream_sid);

CREATE TABLE aanmeldpoging (
    id TEXT NOT NULL PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    stand TEXT NOT NULL CHECK (stand IN ('kiezen', 'onderweg', 'code', 'klaar')),
    toepassing_id TEXT,
    verzoek TEXT NOT NULL,
    organisatie_id TEXT,
    identiteitsprovider_id TEXT,
    state_hash TEXT,
    heenweg TEXT,
    bewijs TEXT,
    persoon_id TEXT,
    begonnen_op TIMESTAMP NOT NULL,
    verloopt_op TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX aanmeldpoging_state_uniek ON aanmeldpoging (state_hash);
CREATE INDEX aanmeldpoging_verloopt ON aanmeldpoging (verloopt_op);

CREATE TABLE eenmalige_code (
    persoon_id TEXT NOT NULL PRIMARY KEY REFERENCES persoon (id),
    poging_id TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    pogingen BIGINT NOT NULL,
    verloopt_op TIMESTAMP NOT NULL
);
CREATE INDEX eenmalige_code_verloopt ON eenmalige_code (verloopt_op);

CREATE TABLE code_verzending (
    id TEXT NOT NULL PRIMARY KEY,
    adres_hash TEXT NOT NULL,
    op TIMESTAMP NOT NULL
);
CREATE INDEX code_verzending_adres ON code_verzending (adres_hash, op);
CREATE INDEX code_verzending_op ON code_verzending (op);

CREATE TABLE aanmelding (
    id TEXT NOT NULL PRIMARY KEY,
    op TIMESTAMP NOT NULL,
    uitkomst TEXT NOT NULL CHECK (uitkomst IN ('geslaagd', 'geweigerd')),
    organisatie_id TEXT,
    identiteitsprovider_id TEXT,
    toepassing_id TEXT,
    persoon_id TEXT,
    sessie_id TEXT,
    code TEXT,
    diagnose TEXT,
    acr TEXT,
    upstream_acr TEXT,
    upstream_amr TEXT NOT NULL,
    trace_id TEXT NOT NULL
);
CREATE INDEX aanmelding_organisatie ON aanmelding (organisatie_id, id);
CREATE INDEX aanmelding_persoon ON aanmelding (persoon_id, id);
CREATE INDEX aanmelding_op ON aanmelding (op);

CREATE TABLE post (
    id TEXT NOT NULL PRIMARY KEY,
    aan TEXT NOT NULL,
    onderwerp TEXT NOT NULL,
    tekst TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('wachtend', 'verzonden', 'opgegeven')),
    pogingen BIGINT NOT NULL,
    volgende_poging_op TIMESTAMP NOT NULL,
    verloopt_op TIMESTAMP,
    laatste_fout TEXT,
    aangemaakt_op TIMESTAMP NOT NULL,
    verzonden_op TIMESTAMP
);
CREATE INDEX post_wachtend ON post (status, volgende_poging_op);

CREATE TABLE sector (
    code TEXT NOT NULL PRIMARY KEY,
    naam TEXT NOT NULL,
    vervallen BOOLEAN NOT NULL,
    versie BIGINT NOT NULL
);

CREATE TABLE aansluitvorm (
    code TEXT NOT NULL PRIMARY KEY,
    naam TEXT NOT NULL,
    omschrijving TEXT NOT NULL,
    vervallen BOOLEAN NOT NULL,
    versie BIGINT NOT NULL
);

CREATE TABLE organisatie (
    id TEXT NOT NULL PRIMARY KEY,
    naam TEXT NOT NULL,
    afkorting TEXT,
    oin TEXT,
    soort TEXT NOT NULL CHECK (soort IN ('nipv', 'crisispartner')),
    sector_code TEXT REFERENCES sector (code),
    emaildomeinen TEXT NOT NULL,
    aansluitstatus TEXT NOT NULL CHECK (aansluitstatus IN ('geen', 'in-traject', 'live')),
    onderdeel_van TEXT REFERENCES organisatie (id),
    zoek TEXT NOT NULL,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX organisatie_oin_uniek ON organisatie (oin) WHERE oin IS NOT NULL;
CREATE UNIQUE INDEX organisatie_nipv_uniek ON organisatie (soort) WHERE soort = 'nipv';
CREATE INDEX organisatie_sector ON organisatie (sector_code, id);
CREATE INDEX organisatie_onderdeel_van ON organisatie (onderdeel_van);

CREATE TABLE certificering (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    soort TEXT NOT NULL CHECK (soort IN ('implementatiepartner', 'opleidingspartner')),
    geldig_van DATE NOT NULL,
    geldig_tot DATE NOT NULL,
    ingetrokken_op TIMESTAMP,
    intrekkingsreden TEXT,
    aangemaakt_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL,
    CHECK (geldig_tot >= geldig_van)
);
CREATE INDEX certificering_organisatie ON certificering (organisatie_id, id);

CREATE TABLE netwerkaansluiting (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    soort TEXT NOT NULL CHECK (soort IN ('internet', 'ict-verkeersplein', 'diginetwerk')),
    status TEXT NOT NULL CHECK (status IN ('gewenst', 'in-aanvraag', 'actief', 'beeindigd')),
    laatst_getest_op TIMESTAMP,
    testresultaat TEXT CHECK (testresultaat IN ('geslaagd', 'mislukt')),
    toelichting TEXT,
    versie BIGINT NOT NULL
);
CREATE INDEX netwerkaansluiting_organisatie ON netwerkaansluiting (organisatie_id, id);

CREATE TABLE persoon (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    naam TEXT NOT NULL,
    email TEXT NOT NULL,
    telefoon TEXT,
    functie TEXT,
    status TEXT NOT NULL CHECK (status IN ('uitgenodigd', 'actief', 'geblokkeerd', 'verwijderd')),
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX persoon_organisatie_email_uniek ON persoon (organisatie_id, email);
CREATE INDEX persoon_email ON persoon (email);
CREATE INDEX persoon_organisatie ON persoon (organisatie_id, id);

CREATE TABLE persoon_rol (
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    rol TEXT NOT NULL,
    PRIMARY KEY (persoon_id, rol)
);
CREATE INDEX persoon_rol_rol ON persoon_rol (rol, persoon_id);

CREATE TABLE persoon_identiteit (
    issuer TEXT NOT NULL,
    sub TEXT NOT NULL,
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    gekoppeld_op TIMESTAMP NOT NULL,
    PRIMARY KEY (issuer, sub)
);
CREATE UNIQUE INDEX persoon_identiteit_persoon_uniek ON persoon_identiteit (persoon_id, issuer);

CREATE TABLE stappenplan (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    titel TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('concept', 'gepubliceerd', 'ingetrokken')),
    inhoud TEXT NOT NULL,
    gepubliceerd_op TIMESTAMP,
    aangemaakt_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX stappenplan_code_uniek ON stappenplan (code);

CREATE TABLE traject (
    id TEXT NOT NULL PRIMARY KEY,
    kenmerk TEXT NOT NULL,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    stappenplan_id TEXT NOT NULL REFERENCES stappenplan (id),
    status TEXT NOT NULL CHECK (status IN ('lopend', 'gepauzeerd', 'beeindigd', 'live')),
    stap INTEGER NOT NULL CHECK (stap BETWEEN 1 AND 6),
    aansluitvorm_code TEXT REFERENCES aansluitvorm (code),
    aansluitvorm_motivatie TEXT,
    contactpersonen TEXT NOT NULL,
    planning TEXT NOT NULL,
    deadline DATE,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX traject_kenmerk_uniek ON traject (kenmerk);
CREATE UNIQUE INDEX traject_een_open_per_organisatie ON traject (organisatie_id) WHERE status IN ('lopend', 'gepauzeerd');
CREATE INDEX traject_organisatie ON traject (organisatie_id, id);
CREATE INDEX traject_stappenplan ON traject (stappenplan_id);
CREATE INDEX traject_aansluitvorm ON traject (aansluitvorm_code);
CREATE INDEX traject_status ON traject (status, id);
CREATE INDEX traject_stap ON traject (stap, id);
CREATE INDEX traject_deadline ON traject (deadline, id);

CREATE TABLE trajectnummer (
    jaar INTEGER NOT NULL PRIMARY KEY,
    laatste BIGINT NOT NULL
);

CREATE TABLE partij (
    id TEXT NOT NULL PRIMARY KEY,
    traject_id TEXT NOT NULL REFERENCES traject (id),
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    rol TEXT NOT NULL CHECK (rol IN ('crisispartner', 'implementatiepartner', 'adoptiepartner')),
    van DATE NOT NULL,
    tot DATE,
    contactpersoon_id TEXT REFERENCES persoon (id)
);
CREATE UNIQUE INDEX partij_een_actief_per_rol ON partij (traject_id, rol) WHERE tot IS NULL;
CREATE INDEX partij_traject ON partij (traject_id, id);
CREATE INDEX partij_organisatie ON partij (organisatie_id, traject_id);
CREATE INDEX partij_contactpersoon ON partij (contactpersoon_id);

CREATE TABLE activiteit (
    id TEXT NOT NULL PRIMARY KEY,
    traject_id TEXT NOT NULL REFERENCES traject (id),
    code TEXT NOT NULL,
    bijlage INTEGER NOT NULL,
    groep TEXT NOT NULL,
    titel TEXT NOT NULL,
    volgorde INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'bezig', 'gereed', 'niet-van-toepassing')),
    reden TEXT,
    actiehouders TEXT NOT NULL,
    deadline DATE,
    notities TEXT,
    bewijs TEXT NOT NULL,
    gereed_op TIMESTAMP,
    gereed_door TEXT,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX activiteit_traject_code_uniek ON activiteit (traject_id, code);
CREATE INDEX activiteit_traject_volgorde ON activiteit (traject_id, volgorde);

CREATE TABLE trajectverloop (
    id TEXT NOT NULL PRIMARY KEY,
    traject_id TEXT NOT NULL REFERENCES traject (id),
    soort TEXT NOT NULL CHECK (soort IN ('stapovergang', 'afwijking', 'pauzering', 'hervatting', 'beeindiging', 'heropening')),
    voorwaarde TEXT,
    inhoud TEXT NOT NULL
);
CREATE UNIQUE INDEX trajectverloop_voorwaarde_uniek ON trajectverloop (traject_id, voorwaarde) WHERE voorwaarde IS NOT NULL;
CREATE INDEX trajectverloop_traject ON trajectverloop (traject_id, soort, id);

CREATE TABLE toepassing (
    id TEXT NOT NULL PRIMARY KEY,
    naam TEXT NOT NULL,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    scopes TEXT NOT NULL,
    jwks TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('actief', 'geblokkeerd', 'ingetrokken')),
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE INDEX toepassing_organisatie ON toepassing (organisatie_id, id);

CREATE TABLE ondertekensleutel (
    kid TEXT NOT NULL PRIMARY KEY,
    publiek TEXT NOT NULL,
    geheim BLOB NOT NULL,
    aangemaakt_op TIMESTAMP NOT NULL,
    actief_vanaf TIMESTAMP NOT NULL,
    actief_tot TIMESTAMP NOT NULL,
    publiceren_tot TIMESTAMP NOT NULL
);

CREATE TABLE jti_gebruikt (
    client_id TEXT NOT NULL,
    jti TEXT NOT NULL,
    verloopt_op TIMESTAMP NOT NULL,
    PRIMARY KEY (client_id, jti)
);
CREATE INDEX jti_gebruikt_verloopt_op ON jti_gebruikt (verloopt_op);

CREATE TABLE idempotentie (
    eigenaar TEXT NOT NULL,
    sleutel TEXT NOT NULL,
    vingerafdruk TEXT NOT NULL,
    antwoord TEXT NOT NULL,
    verloopt_op TIMESTAMP NOT NULL,
    PRIMARY KEY (eigenaar, sleutel)
);
CREATE INDEX idempotentie_verloopt_op ON idempotentie (verloopt_op);

CREATE TABLE auditregel (
    id TEXT NOT NULL PRIMARY KEY,
    volgnummer BIGINT,
    op TIMESTAMP NOT NULL,
    handeling TEXT NOT NULL,
    onderwerp_soort TEXT NOT NULL,
    onderwerp_id TEXT NOT NULL,
    traject_id TEXT,
    organisatie_id TEXT,
    door_persoon_id TEXT,
    door_toepassing_id TEXT,
    door_organisatie_id TEXT,
    traceparent TEXT,
    voor TEXT,
    na TEXT,
    mac TEXT NOT NULL,
    keten TEXT
);
CREATE UNIQUE INDEX auditregel_volgnummer_uniek ON auditregel (volgnummer);
CREATE INDEX auditregel_onverzegeld ON auditregel (id) WHERE volgnummer IS NULL;
CREATE INDEX auditregel_traject ON auditregel (traject_id, volgnummer);
CREATE INDEX auditregel_organisatie ON auditregel (organisatie_id, volgnummer);
CREATE INDEX auditregel_onderwerp ON auditregel (onderwerp_id, volgnummer);

CREATE TABLE auditketen (
    naam TEXT NOT NULL PRIMARY KEY,
    volgnummer BIGINT NOT NULL,
    keten TEXT NOT NULL,
    mac TEXT NOT NULL
);

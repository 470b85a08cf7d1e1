CREATE TABLE identiteitsprovider (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    naam TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('concept', 'getest', 'actief', 'opgeschort', 'ingetrokken')),
    actieve_versie INTEGER,
    nieuwste_versie INTEGER NOT NULL,
    beoordeling TEXT,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE INDEX identiteitsprovider_organisatie ON identiteitsprovider (organisatie_id, id);
CREATE INDEX identiteitsprovider_status ON identiteitsprovider (status, id);

CREATE TABLE identiteitsprovider_versie (
    identiteitsprovider_id TEXT NOT NULL REFERENCES identiteitsprovider (id),
    nummer INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('concept', 'getest', 'actief', 'vervangen')),
    issuer TEXT NOT NULL,
    instellingen TEXT NOT NULL,
    aangemaakt_op TIMESTAMP NOT NULL,
    PRIMARY KEY (identiteitsprovider_id, nummer)
);
CREATE INDEX identiteitsprovider_versie_issuer ON identiteitsprovider_versie (issuer, status);

CREATE TABLE identiteitsprovider_geheim (
    id TEXT NOT NULL PRIMARY KEY,
    identiteitsprovider_id TEXT NOT NULL REFERENCES identiteitsprovider (id),
    soort TEXT NOT NULL CHECK (soort IN ('client-secret', 'sleutel')),
    geheim BYTEA NOT NULL,
    publiek TEXT,
    vervalt_op TIMESTAMP,
    gewaarschuwd BIGINT,
    laatst_gebruikt_op TIMESTAMP,
    aangemaakt_op TIMESTAMP NOT NULL
);
CREATE INDEX identiteitsprovider_geheim_idp ON identiteitsprovider_geheim (identiteitsprovider_id, id);
CREATE INDEX identiteitsprovider_geheim_vervalt ON identiteitsprovider_geheim (vervalt_op);

CREATE TABLE identiteitsprovider_test (
    id TEXT NOT NULL PRIMARY KEY,
    identiteitsprovider_id TEXT NOT NULL REFERENCES identiteitsprovider (id),
    versienummer INTEGER NOT NULL,
    soort TEXT NOT NULL CHECK (soort IN ('verbinding', 'aanmelding')),
    geslaagd BOOLEAN NOT NULL,
    controles TEXT NOT NULL,
    getest_op TIMESTAMP NOT NULL
);
CREATE INDEX identiteitsprovider_test_idp ON identiteitsprovider_test (identiteitsprovider_id, versienummer, id);

CREATE TABLE identiteitsprovider_gezondheid (
    identiteitsprovider_id TEXT NOT NULL PRIMARY KEY REFERENCES identiteitsprovider (id),
    stand TEXT NOT NULL CHECK (stand IN ('onbekend', 'goed', 'waarschuwing', 'fout')),
    gemeten_op TIMESTAMP NOT NULL,
    laatst_goed_op TIMESTAMP,
    diagnose TEXT,
    waarschuwingen TEXT NOT NULL
);
CREATE INDEX identiteitsprovider_gezondheid_gemeten ON identiteitsprovider_gezondheid (gemeten_op);

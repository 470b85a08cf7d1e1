CREATE TABLE vragenlijst (
    id TEXT NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    uitgave TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('concept', 'gepubliceerd', 'ingetrokken')),
    inhoud TEXT NOT NULL,
    vorige_id TEXT REFERENCES vragenlijst (id),
    gepubliceerd_op TIMESTAMP,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX vragenlijst_code_uitgave_uniek ON vragenlijst (code, uitgave);
CREATE INDEX vragenlijst_vorige ON vragenlijst (vorige_id);

CREATE TABLE regiotype (
    code TEXT NOT NULL PRIMARY KEY,
    naam TEXT NOT NULL,
    versie BIGINT NOT NULL
);

CREATE TABLE organisatie_regiotype (
    organisatie_id TEXT NOT NULL PRIMARY KEY REFERENCES organisatie (id),
    regiotype_code TEXT NOT NULL REFERENCES regiotype (code)
);
CREATE INDEX organisatie_regiotype_code ON organisatie_regiotype (regiotype_code, organisatie_id);

CREATE TABLE afname (
    id TEXT NOT NULL PRIMARY KEY,
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    vragenlijst_id TEXT NOT NULL REFERENCES vragenlijst (id),
    vragenlijst_code TEXT NOT NULL,
    traject_id TEXT REFERENCES traject (id),
    oefening_id TEXT,
    aanleiding TEXT NOT NULL CHECK (aanleiding IN ('go-live', 'oefening', 'inzet', 'jaarlijks')),
    titel TEXT NOT NULL,
    team TEXT,
    coordinatieniveau TEXT CHECK (coordinatieniveau IN ('strategisch', 'tactisch', 'operationeel')),
    begin_datum DATE NOT NULL,
    eind_datum DATE NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('voorbereiding', 'open', 'gesloten')),
    gesloten_op TIMESTAMP,
    aangemaakt_op TIMESTAMP NOT NULL,
    gewijzigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL,
    CHECK (eind_datum >= begin_datum)
);
CREATE INDEX afname_organisatie ON afname (organisatie_id, id);
CREATE INDEX afname_vorige ON afname (organisatie_id, vragenlijst_code, gesloten_op);
CREATE INDEX afname_vragenlijst ON afname (vragenlijst_id);
CREATE INDEX afname_traject ON afname (traject_id, id);
CREATE INDEX afname_oefening ON afname (oefening_id);
CREATE INDEX afname_status ON afname (status, eind_datum);

CREATE TABLE afnameovergang (
    id TEXT NOT NULL PRIMARY KEY,
    afname_id TEXT NOT NULL REFERENCES afname (id),
    soort TEXT NOT NULL CHECK (soort IN ('opening', 'sluiting', 'heropening')),
    inhoud TEXT NOT NULL
);
CREATE INDEX afnameovergang_afname ON afnameovergang (afname_id, soort, id);

CREATE TABLE waarnemer (
    id TEXT NOT NULL PRIMARY KEY,
    afname_id TEXT NOT NULL REFERENCES afname (id),
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    hoedanigheid TEXT NOT NULL CHECK (hoedanigheid IN ('eigen-organisatie', 'buurorganisatie', 'adoptiepartner', 'nipv')),
    ingediend_op TIMESTAMP,
    ingetrokken_op TIMESTAMP,
    uitgenodigd_op TIMESTAMP NOT NULL,
    versie BIGINT NOT NULL
);
CREATE UNIQUE INDEX waarnemer_afname_persoon_uniek ON waarnemer (afname_id, persoon_id) WHERE ingetrokken_op IS NULL;
CREATE INDEX waarnemer_afname ON waarnemer (afname_id, id);
CREATE INDEX waarnemer_persoon ON waarnemer (persoon_id, id);
CREATE INDEX waarnemer_organisatie ON waarnemer (organisatie_id);

CREATE TABLE antwoord (
    invulling_id TEXT NOT NULL REFERENCES waarnemer (id),
    vraag INTEGER NOT NULL,
    gegeven_op TIMESTAMP NOT NULL,
    apparaat TEXT NOT NULL,
    waarde TEXT NOT NULL,
    opmerking TEXT,
    gezien_op TIMESTAMP,
    ontvangen_op TIMESTAMP NOT NULL,
    PRIMARY KEY (invulling_id, vraag, gegeven_op, apparaat)
);

CREATE TABLE staatbijdrage (
    organisatie_id TEXT NOT NULL REFERENCES organisatie (id),
    vragenlijst_code TEXT NOT NULL,
    jaar INTEGER NOT NULL,
    vragenlijst_id TEXT NOT NULL REFERENCES vragenlijst (id),
    afname_id TEXT NOT NULL REFERENCES afname (id),
    sector TEXT NOT NULL,
    regiotype TEXT NOT NULL,
    scores TEXT NOT NULL,
    PRIMARY KEY (organisatie_id, vragenlijst_code, jaar)
);
CREATE INDEX staatbijdrage_vragenlijst ON staatbijdrage (vragenlijst_id, jaar);
CREATE INDEX staatbijdrage_afname ON staatbijdrage (afname_id);
CREATE INDEX staatbijdrage_code ON staatbijdrage (vragenlijst_code, jaar);

CREATE TABLE staatcel (
    vragenlijst_id TEXT NOT NULL REFERENCES vragenlijst (id),
    jaar INTEGER NOT NULL,
    sector TEXT NOT NULL,
    regiotype TEXT NOT NULL,
    som TEXT NOT NULL,
    PRIMARY KEY (vragenlijst_id, jaar, sector, regiotype)
);

CREATE TABLE afnameherinnering (
    sleutel TEXT NOT NULL PRIMARY KEY,
    verstuurd_op TIMESTAMP NOT NULL
);

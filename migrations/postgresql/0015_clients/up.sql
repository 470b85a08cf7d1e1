ALTER TABLE toepassing ADD COLUMN soort TEXT NOT NULL DEFAULT 'machine' CHECK (soort IN ('machine', 'portaal'));
ALTER TABLE toepassing ADD COLUMN profiel TEXT NOT NULL DEFAULT 'nl-gov' CHECK (profiel IN ('nl-gov', 'fapi2', 'oidc'));
ALTER TABLE toepassing ADD COLUMN instellingen TEXT NOT NULL DEFAULT '{"clientAuthenticatie":"private_key_jwt","redirectUris":[],"postLogoutRedirectUris":[],"idTokenAlgoritme":"ES256","parVerplicht":false,"dpopVerplicht":false,"amrInIdToken":false,"acrWaarden":[],"offlineToegang":false,"subSoort":"public"}';

ALTER TABLE ondertekensleutel ADD COLUMN alg TEXT NOT NULL DEFAULT 'ES256';
ALTER TABLE ondertekensleutel ADD COLUMN doel TEXT NOT NULL DEFAULT 'tokens';

CREATE TABLE toepassing_geheim (
    id TEXT NOT NULL PRIMARY KEY,
    toepassing_id TEXT NOT NULL REFERENCES toepassing (id),
    hash TEXT NOT NULL,
    aangemaakt_op TIMESTAMP NOT NULL,
    verloopt_op TIMESTAMP NOT NULL,
    laatst_gebruikt_op TIMESTAMP
);
CREATE INDEX toepassing_geheim_toepassing ON toepassing_geheim (toepassing_id, id);

CREATE TABLE autorisatieverzoek (
    hash TEXT NOT NULL PRIMARY KEY,
    toepassing_id TEXT NOT NULL REFERENCES toepassing (id),
    inhoud TEXT NOT NULL,
    verloopt_op TIMESTAMP NOT NULL
);
CREATE INDEX autorisatieverzoek_verloopt_op ON autorisatieverzoek (verloopt_op);

CREATE TABLE autorisatie (
    id TEXT NOT NULL PRIMARY KEY,
    toepassing_id TEXT NOT NULL REFERENCES toepassing (id),
    sessie_id TEXT NOT NULL,
    persoon_id TEXT NOT NULL REFERENCES persoon (id),
    inhoud TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    code_verloopt_op TIMESTAMP NOT NULL,
    code_ingewisseld_op TIMESTAMP,
    aangemaakt_op TIMESTAMP NOT NULL,
    verloopt_op TIMESTAMP NOT NULL,
    ingetrokken_op TIMESTAMP,
    intrekkingsreden TEXT
);
CREATE UNIQUE INDEX autorisatie_code_uniek ON autorisatie (code_hash);
CREATE INDEX autorisatie_sessie ON autorisatie (sessie_id);
CREATE INDEX autorisatie_toepassing ON autorisatie (toepassing_id, id);
CREATE INDEX autorisatie_persoon ON autorisatie (persoon_id);
CREATE INDEX autorisatie_verloopt_op ON autorisatie (verloopt_op);

CREATE TABLE verversingstoken (
    hash TEXT NOT NULL PRIMARY KEY,
    autorisatie_id TEXT NOT NULL REFERENCES autorisatie (id),
    aangemaakt_op TIMESTAMP NOT NULL,
    verloopt_op TIMESTAMP NOT NULL,
    gebruikt_op TIMESTAMP
);
CREATE INDEX verversingstoken_autorisatie ON verversingstoken (autorisatie_id);

CREATE TABLE ingetrokken_token (
    jti TEXT NOT NULL PRIMARY KEY,
    verloopt_op TIMESTAMP NOT NULL
);
CREATE INDEX ingetrokken_token_verloopt_op ON ingetrokken_token (verloopt_op);

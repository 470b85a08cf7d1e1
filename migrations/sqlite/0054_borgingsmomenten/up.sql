-- Stap 6: op welke dag iets gedaan is om de werkwijze te borgen. Een rij verandert alleen door haar in te trekken.
CREATE TABLE borgingsmoment (
    id TEXT NOT NULL PRIMARY KEY,
    traject_id TEXT NOT NULL REFERENCES traject (id),
    punt TEXT NOT NULL CHECK (punt IN ('overdracht-organisatie', 'overdracht-proces', 'overdracht-mens', 'overdracht-techniek', 'oto-programma', 'fallback-oefening')),
    gedaan_datum DATE NOT NULL,
    ontvanger TEXT,
    toelichting TEXT,
    op TIMESTAMP NOT NULL,
    door TEXT NOT NULL,
    ingetrokken_op TIMESTAMP,
    intrekkingsreden TEXT
);
CREATE INDEX borgingsmoment_traject ON borgingsmoment (traject_id, id);
CREATE INDEX borgingsmoment_laatste ON borgingsmoment (traject_id, punt, gedaan_datum, id);

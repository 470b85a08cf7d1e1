-- Een regel komt pas na verzegeling in een lijst. Zonder volgnummer hoort zij dus niet in deze indexen: schrijven raakt er
-- dan twee in plaats van zes.
DROP INDEX auditregel_volgnummer_uniek;
CREATE UNIQUE INDEX auditregel_volgnummer_uniek ON auditregel (volgnummer) WHERE volgnummer IS NOT NULL;
DROP INDEX auditregel_traject;
CREATE INDEX auditregel_traject ON auditregel (traject_id, volgnummer) WHERE volgnummer IS NOT NULL;
DROP INDEX auditregel_organisatie;
CREATE INDEX auditregel_organisatie ON auditregel (organisatie_id, volgnummer) WHERE volgnummer IS NOT NULL;
DROP INDEX auditregel_onderwerp;
CREATE INDEX auditregel_onderwerp ON auditregel (onderwerp_id, volgnummer) WHERE volgnummer IS NOT NULL;

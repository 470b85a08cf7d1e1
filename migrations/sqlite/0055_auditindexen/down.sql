DROP INDEX auditregel_volgnummer_uniek;
CREATE UNIQUE INDEX auditregel_volgnummer_uniek ON auditregel (volgnummer);
DROP INDEX auditregel_traject;
CREATE INDEX auditregel_traject ON auditregel (traject_id, volgnummer);
DROP INDEX auditregel_organisatie;
CREATE INDEX auditregel_organisatie ON auditregel (organisatie_id, volgnummer);
DROP INDEX auditregel_onderwerp;
CREATE INDEX auditregel_onderwerp ON auditregel (onderwerp_id, volgnummer);

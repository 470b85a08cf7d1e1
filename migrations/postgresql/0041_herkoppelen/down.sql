DROP INDEX post_status;
DROP TABLE persoon_identiteit_vervallen;
ALTER TABLE organisatie DROP COLUMN aanmaken_bij_eerste_aanmelding;

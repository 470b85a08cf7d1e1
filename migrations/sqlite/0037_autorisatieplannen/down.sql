DROP TABLE samenwerkingsprofiel;
DROP TABLE uitvoeringsregel;
DROP TABLE autorisatieplan_revisie;
DROP TABLE autorisatieplan;

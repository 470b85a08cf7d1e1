DROP TABLE gebruikersimport;
DROP TABLE gebruiker;

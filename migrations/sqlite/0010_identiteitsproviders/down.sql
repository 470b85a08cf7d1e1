DROP TABLE identiteitsprovider_gezondheid;
DROP TABLE identiteitsprovider_test;
DROP TABLE identiteitsprovider_geheim;
DROP TABLE identiteitsprovider_versie;
DROP TABLE identiteitsprovider;

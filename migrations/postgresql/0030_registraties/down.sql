DROP TABLE handtekeningsleutel;
DROP TABLE sharepointtoegang;
DROP TABLE beheerderstraining;
DROP TABLE registratie_ondertekening;
DROP TABLE registratie_beheerder;
DROP TABLE registratie;
DROP TABLE beheerafspraken;

DROP TABLE post;
DROP TABLE aanmelding;
DROP TABLE code_verzending;
DROP TABLE eenmalige_code;
DROP TABLE aanmeldpoging;
DROP TABLE sessie;

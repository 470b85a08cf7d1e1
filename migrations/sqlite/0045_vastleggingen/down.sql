DROP TABLE vastlegging;

-- Een antwoord van een identiteitsprovider zonder 'state' hoort bij de poging van deze browser.
CREATE INDEX aanmeldpoging_browser ON aanmeldpoging (browser_hash);

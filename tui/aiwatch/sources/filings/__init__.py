"""Those who keep what companies file: the SEC, cninfo and HKEXnews. A module a host, its parser and its client."""

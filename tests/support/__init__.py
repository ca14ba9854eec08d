"""What every test may ask for: a database, a running site, a browser. Loaded by the `conftest.py` at the top."""

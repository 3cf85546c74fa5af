"""The database: tables, migrations, transactions. Import its modules only where a database is used."""

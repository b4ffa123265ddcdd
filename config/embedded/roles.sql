-- Kith's database and its roles. Run by psql as the superuser: by the embedded server at each start and by
-- PostgreSQL's own container at its first. Whoever operates a PostgreSQL of their own runs it before each upgrade.
--
-- kith_owner    owns the tables and migrates them; nothing else signs in as it
-- kith_app      serves requests and commands: reads and writes rows, those that row-level security lets it see
-- kith_worker   runs the tasks: the same, without any right on clinical texts
-- kith_backup   reads everything for a dump and writes nothing
-- kith_policy   owns the functions that policies ask who sees what; nobody signs in as it
-- kith_audit    owns the trail; nobody signs in as it
--
-- What each may do with tables stands in a migration (practice, rights_of_roles), so that every database has it, a
-- restored one too.
\set ON_ERROR_STOP on
\getenv owner_password KITH_OWNER_PASSWORD
\getenv app_password KITH_APP_PASSWORD
\getenv worker_password KITH_WORKER_PASSWORD
\getenv backup_password KITH_BACKUP_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['kith_owner', 'kith_app', 'kith_worker', 'kith_backup', 'kith_policy', 'kith_audit']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE kith_owner LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE kith_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS PASSWORD :'app_password';
ALTER ROLE kith_worker LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS PASSWORD :'worker_password';
ALTER ROLE kith_backup LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS PASSWORD :'backup_password';
ALTER ROLE kith_backup SET default_transaction_read_only = on;
ALTER ROLE kith_policy NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB BYPASSRLS;
ALTER ROLE kith_audit NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
-- To migrate what they own. An attribute such as BYPASSRLS is not inherited.
GRANT kith_policy, kith_audit TO kith_owner;

SELECT 'CREATE DATABASE kith OWNER kith_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'kith') \gexec
-- Where nothing turns, a row found by index costs hardly more than the next one of its table.
ALTER DATABASE kith SET random_page_cost = 1.1;

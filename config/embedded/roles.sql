-- Kith's database and its roles. Run by psql as the superuser: by the embedded server at each start and by
-- PostgreSQL's own container at its first. kith_owner owns the tables and migrates them; kith_app, which serves
-- requests and tasks, can only read and write their rows. kith_audit owns the trail and nobody signs in as it; the owner
-- is its member in order to migrate it.
\set ON_ERROR_STOP on
\getenv owner_password KITH_OWNER_PASSWORD
\getenv app_password KITH_APP_PASSWORD

SELECT 'CREATE ROLE kith_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kith_owner') \gexec
SELECT 'CREATE ROLE kith_app' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kith_app') \gexec
SELECT 'CREATE ROLE kith_audit' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'kith_audit') \gexec
ALTER ROLE kith_owner LOGIN NOSUPERUSER NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE kith_app LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB PASSWORD :'app_password';
ALTER ROLE kith_audit NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB;
GRANT kith_audit TO kith_owner;

SELECT 'CREATE DATABASE kith OWNER kith_owner' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'kith') \gexec
\connect kith

ALTER DEFAULT PRIVILEGES FOR ROLE kith_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO kith_app;
ALTER DEFAULT PRIVILEGES FOR ROLE kith_owner GRANT USAGE, SELECT ON SEQUENCES TO kith_app;

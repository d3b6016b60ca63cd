-- The two roles and the database, for the superuser of PostgreSQL. It may run again: the passwords are set anew then.
--     psql -v owner_password=… -v web_password=… -f docs/postgresql/roles.sql
\set ON_ERROR_STOP on
SELECT 'CREATE ROLE quality_owner' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'quality_owner') \gexec
SELECT 'CREATE ROLE quality_web' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'quality_web') \gexec
ALTER ROLE quality_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE quality_web LOGIN PASSWORD :'web_password';
SELECT 'CREATE DATABASE quality OWNER quality_owner ENCODING ''UTF8'' TEMPLATE template0'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'quality') \gexec
\connect quality
ALTER SCHEMA public OWNER TO quality_owner;
GRANT USAGE ON SCHEMA public TO quality_web;
ALTER DEFAULT PRIVILEGES FOR ROLE quality_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO quality_web;
ALTER DEFAULT PRIVILEGES FOR ROLE quality_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO quality_web;

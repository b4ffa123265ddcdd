-- The trail, in a schema of its own, owned by a role that nobody signs in as. The application may execute the functions
-- below and has no right on the table: what it has appended it can neither change nor take back.
CREATE TABLE audit.entry (
    chain integer NOT NULL CHECK (chain > 0),
    number bigint NOT NULL CHECK (number > 0),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    at timestamptz NOT NULL,
    action text NOT NULL CHECK (action <> ''),
    actor_id uuid,
    actor_roles text NOT NULL,
    target_label text NOT NULL,
    target_id text NOT NULL,
    client_id uuid,
    reason text NOT NULL,
    address text NOT NULL,
    request_id text NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    PRIMARY KEY (chain, number)
);
CREATE INDEX entry_client ON audit.entry (client_id, at DESC) WHERE client_id IS NOT NULL;
CREATE INDEX entry_actor ON audit.entry (actor_id, at DESC) WHERE actor_id IS NOT NULL;
CREATE INDEX entry_target ON audit.entry (target_label, target_id, at DESC);
CREATE INDEX entry_at ON audit.entry (at DESC);

CREATE FUNCTION audit.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'An entry of the audit trail is never changed or deleted.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER entry_is_final BEFORE UPDATE OR DELETE ON audit.entry FOR EACH ROW EXECUTE FUNCTION audit.refuse();
CREATE TRIGGER entry_stays BEFORE TRUNCATE ON audit.entry FOR EACH STATEMENT EXECUTE FUNCTION audit.refuse();

-- A value with its length in front, so that no two lists of values give the same text. NULL differs from ''.
CREATE FUNCTION audit.part(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN value IS NULL THEN '-' ELSE length(value) || ':' || value END || ',';

-- What the hash of an entry is made of; audit/chain.py says the same in Python.
CREATE FUNCTION audit.digest(e audit.entry) RETURNS bytea LANGUAGE sql IMMUTABLE
RETURN sha256(convert_to(
    audit.part(encode(e.previous, 'hex')) || audit.part(e.chain::text) || audit.part(e.number::text)
    || audit.part(e.id::text) || audit.part((extract(epoch FROM e.at) * 1000000)::bigint::text)
    || audit.part(e.action) || audit.part(e.actor_id::text) || audit.part(e.actor_roles)
    || audit.part(e.target_label) || audit.part(e.target_id) || audit.part(e.client_id::text)
    || audit.part(e.reason) || audit.part(e.address) || audit.part(e.request_id), 'UTF8'));

-- Appends one entry, or one for each of several clients.
--
-- Each entry holds the hash of the one before it in its chain. A chain belongs to one transaction at a time, until that
-- ends; a transaction that finds a chain taken goes to the next instead of waiting, so appending neither queues behind a
-- slow request nor deadlocks. There are as many chains as there ever were such transactions at once.
CREATE FUNCTION audit.append(
    action text, actor_id uuid, actor_roles text, target_label text, target_id text, clients uuid[],
    reason text, address text, request_id text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    new audit.entry;
    client uuid;
BEGIN
    new.chain := 1;
    WHILE NOT pg_try_advisory_xact_lock(1262769224, new.chain) LOOP
        new.chain := new.chain + 1;
    END LOOP;
    SELECT e.number, e.hash INTO new.number, new.previous
    FROM audit.entry e WHERE e.chain = new.chain ORDER BY e.number DESC LIMIT 1;
    IF NOT FOUND THEN
        new.number := 0;
        new.previous := decode(repeat('00', 32), 'hex');
    END IF;
    new.action := append.action;
    new.actor_id := append.actor_id;
    new.actor_roles := append.actor_roles;
    new.target_label := append.target_label;
    new.target_id := append.target_id;
    new.reason := append.reason;
    new.address := append.address;
    new.request_id := append.request_id;
    FOREACH client IN ARRAY CASE WHEN cardinality(clients) > 0 THEN clients ELSE ARRAY[NULL::uuid] END LOOP
        new.number := new.number + 1;
        new.id := gen_random_uuid();
        new.at := clock_timestamp();
        new.client_id := client;
        new.hash := audit.digest(new);
        INSERT INTO audit.entry SELECT new.*;
        new.previous := new.hash;
    END LOOP;
END $$;

-- The last entry of each chain: what is signed and exported.
CREATE FUNCTION audit.heads() RETURNS TABLE (chain integer, number bigint, hash bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE chains AS (
        (SELECT e.chain FROM audit.entry e ORDER BY e.chain LIMIT 1)
        UNION ALL
        SELECT (SELECT e.chain FROM audit.entry e WHERE e.chain > c.chain ORDER BY e.chain LIMIT 1)
        FROM chains c WHERE c.chain IS NOT NULL
    )
    SELECT e.chain, e.number, e.hash
    FROM chains c
    CROSS JOIN LATERAL (SELECT * FROM audit.entry e WHERE e.chain = c.chain ORDER BY e.number DESC LIMIT 1) e
    ORDER BY e.chain;
$$;

-- Entries in the order of their chains, for those who verify them.
CREATE FUNCTION audit.links(after_chain integer, after_number bigint, most integer) RETURNS SETOF audit.entry
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM audit.entry e WHERE (e.chain, e.number) > (after_chain, after_number)
    ORDER BY e.chain, e.number LIMIT most;
$$;

-- The conditions of a reading, as text with $1 … $7: only those that are asked for, so that an index serves them.
CREATE FUNCTION audit.conditions(
    client uuid, actor uuid, label text, target text, actions text[], since timestamptz, until timestamptz
) RETURNS text LANGUAGE sql IMMUTABLE
RETURN 'WHERE true'
    || CASE WHEN client IS NULL THEN '' ELSE ' AND e.client_id = $1' END
    || CASE WHEN actor IS NULL THEN '' ELSE ' AND e.actor_id = $2' END
    || CASE WHEN label IS NULL THEN '' ELSE ' AND e.target_label = $3' END
    || CASE WHEN target IS NULL THEN '' ELSE ' AND e.target_id = $4' END
    || CASE WHEN actions IS NULL THEN '' ELSE ' AND e.action = ANY ($5)' END
    || CASE WHEN since IS NULL THEN '' ELSE ' AND e.at >= $6' END
    || CASE WHEN until IS NULL THEN '' ELSE ' AND e.at < $7' END;

-- Entries, newest first. NULL asks for no condition.
CREATE FUNCTION audit.read(
    client uuid, actor uuid, label text, target text, actions text[], since timestamptz, until timestamptz,
    skip integer, most integer
) RETURNS SETOF audit.entry
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE 'SELECT e.* FROM audit.entry e '
        || audit.conditions(client, actor, label, target, actions, since, until)
        || ' ORDER BY e.at DESC, e.chain, e.number DESC OFFSET $8 LIMIT $9'
        USING client, actor, label, target, actions, since, until, skip, most;
END $$;

CREATE FUNCTION audit.count(
    client uuid, actor uuid, label text, target text, actions text[], since timestamptz, until timestamptz
) RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found bigint;
BEGIN
    EXECUTE 'SELECT count(*) FROM audit.entry e '
        || audit.conditions(client, actor, label, target, actions, since, until)
        INTO found USING client, actor, label, target, actions, since, until;
    RETURN found;
END $$;

-- Everybody who may connect may add, also roles that are made later; who may look is named.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA audit FROM PUBLIC;
GRANT USAGE ON SCHEMA audit TO PUBLIC;
GRANT EXECUTE ON FUNCTION audit.append, audit.heads TO PUBLIC;
GRANT EXECUTE ON FUNCTION audit.links, audit.read, audit.count TO kith_app;

/**
 * What notices that the database is another one than it was: a copy, a backup that was put back, a replica that took over.
 *
 * Its log may then be an older one. What can be had without special rights tells: the server's own number, its timeline
 * (a new one begins with each promotion, and with each recovery to a moment), and the numbers of the database and of a
 * table, which are new in whatever a dump was read into. Where a part cannot be had it is left out.
 */
export const SERVER_FUNCTIONS = `
  CREATE FUNCTION server_identity() RETURNS text LANGUAGE plpgsql VOLATILE AS $$
  DECLARE
    system text := '';
    timeline text := '';
  BEGIN
    BEGIN
      SELECT system_identifier::text INTO system FROM pg_control_system();
    EXCEPTION WHEN OTHERS THEN system := '';
    END;
    BEGIN
      -- Its first eight digits are the timeline. That of the last checkpoint may be older.
      timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
    EXCEPTION WHEN OTHERS THEN timeline := '';
    END;
    RETURN concat_ws('/', system, timeline,
      (SELECT oid FROM pg_database WHERE datname = current_database()), 'meta'::regclass::oid);
  END $$;

  CREATE FUNCTION set_epoch() RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE meta SET value = gen_random_uuid() WHERE key = 'epoch';
    -- Of people who left since an older state nobody knows any more but the rows.
    UPDATE instance SET expires_at = least(expires_at, now_ms()), beaten = false;
  END $$;

  CREATE FUNCTION note_server() RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    here text := server_identity();
    before text := (SELECT value FROM meta WHERE key = 'server');
  BEGIN
    IF before = here THEN RETURN; END IF;
    IF before IS NOT NULL THEN PERFORM set_epoch(); END IF;
    INSERT INTO meta (key, value) VALUES ('server', here)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value;
  END $$;`;

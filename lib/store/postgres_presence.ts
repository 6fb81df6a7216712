import { MAX_REMOVED } from "./store.ts";

/** How long the lease of an instance holds that writes before its first beat, in milliseconds. */
const FIRST_LEASE_MS = 30_000;

/** Who is connected and who is in which room, under the leases of their instances. */
export const PRESENCE_FUNCTIONS = `
  CREATE FUNCTION add_instance(new_instance text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO instance (instance, expires_at, beaten)
    VALUES (new_instance, now_ms() + ${FIRST_LEASE_MS}, false) ON CONFLICT DO NOTHING;
  END $$;

  CREATE FUNCTION connect(at_instance text, claims json) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    one json;
    of_user text;
    held boolean[] := '{}';
    is_held boolean;
  BEGIN
    PERFORM add_instance(at_instance);
    FOR one IN SELECT value FROM json_array_elements(claims) LOOP
      of_user := one->>'user';
      is_held := claim(one->>'key', of_user, (one->>'keepMs')::bigint);
      held := array_append(held, is_held);
      CONTINUE WHEN NOT is_held;
      INSERT INTO online (instance, user_id, taken) VALUES (at_instance, of_user, false)
      ON CONFLICT DO NOTHING;
      IF (one->>'takesOver')::boolean THEN
        UPDATE online SET taken = (instance <> at_instance) WHERE user_id = of_user;
      END IF;
    END LOOP;
    RETURN array_to_json(held);
  END $$;

  CREATE FUNCTION disconnect(at_instance text, users json) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    of_user text;
  BEGIN
    FOR of_user IN SELECT value FROM json_array_elements_text(users) LOOP
      DELETE FROM online WHERE instance = at_instance AND user_id = of_user;
      IF FOUND THEN
        PERFORM keep_names_of_gone(json_build_array(
          json_build_object('user_id', of_user, 'since', now_ms())));
      END IF;
    END LOOP;
  END $$;

  CREATE FUNCTION next_rev(in_room text) RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE
    new_rev bigint;
  BEGIN
    INSERT INTO crowd (room, rev) VALUES (in_room, 1)
    ON CONFLICT (room) DO UPDATE SET rev = crowd.rev + 1 RETURNING rev INTO new_rev;
    RETURN new_rev;
  END $$;

  -- The number of the move, or NULL if it changed nothing to see. The room becomes one of the person's, read up to its head.
  CREATE FUNCTION come_in(at_instance text, in_room text, of_user text, of_name text) RETURNS bigint
  LANGUAGE plpgsql AS $$
  DECLARE
    elsewhere bigint;
    new_rev bigint;
  BEGIN
    SELECT came INTO elsewhere FROM present WHERE room = in_room AND user_id = of_user LIMIT 1;
    IF NOT FOUND THEN new_rev := next_rev(in_room); END IF;
    INSERT INTO present (room, user_id, instance, username, came)
    VALUES (in_room, of_user, at_instance, of_name, coalesce(elsewhere, new_rev))
    ON CONFLICT DO NOTHING;
    INSERT INTO standing (user_id, room, read, joined_at)
    VALUES (of_user, in_room, coalesce((SELECT seq FROM room WHERE room = in_room), 0), now_ms())
    ON CONFLICT (user_id, room) DO UPDATE SET joined_at = excluded.joined_at;
    RETURN new_rev;
  END $$;

  CREATE FUNCTION go_out(at_instance text, in_room text, of_user text) RETURNS bigint
  LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM present WHERE room = in_room AND user_id = of_user AND instance = at_instance;
    IF NOT FOUND OR EXISTS (SELECT FROM present WHERE room = in_room AND user_id = of_user) THEN
      RETURN NULL;
    END IF;
    RETURN next_rev(in_room);
  END $$;

  -- The number of each move, or null.
  CREATE FUNCTION move(at_instance text, moves json) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    one json;
    revs bigint[] := '{}';
  BEGIN
    PERFORM add_instance(at_instance);
    FOR one IN SELECT value FROM json_array_elements(moves) LOOP
      revs := array_append(revs, CASE WHEN (one->>'on')::boolean
        THEN come_in(at_instance, one->>'room', one->>'user', one->>'name')
        ELSE go_out(at_instance, one->>'room', one->>'user') END);
    END LOOP;
    RETURN array_to_json(revs);
  END $$;

  -- Removes some of the places of an instance whose lease ran out: how many, and the moves of those who can be seen to go.
  CREATE FUNCTION remove_places(of_instance text, at_most bigint, OUT removed bigint, OUT moves json[])
  LANGUAGE plpgsql AS $$
  DECLARE
    departed json;
  BEGIN
    WITH left_behind AS (
      DELETE FROM present WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM present WHERE instance = of_instance LIMIT at_most
      )) RETURNING room, user_id, username, came
    ) SELECT coalesce(json_agg(left_behind), '[]'), count(*) INTO departed, removed FROM left_behind;

    WITH missing AS MATERIALIZED (
      SELECT one.* FROM json_to_recordset(departed)
      AS one(room text, user_id text, username text, came bigint) WHERE NOT EXISTS (
        SELECT FROM present WHERE present.room = one.room AND present.user_id = one.user_id
      )
    ), numbered AS MATERIALIZED (
      SELECT missing.*,
        crowd.rev + row_number() OVER (PARTITION BY missing.room ORDER BY came) AS rev
      FROM missing JOIN crowd ON crowd.room = missing.room
    ), counted AS (
      UPDATE crowd SET rev = newest.rev
      FROM (SELECT room, max(rev) AS rev FROM numbered GROUP BY room) newest
      WHERE crowd.room = newest.room
    )
    SELECT coalesce(array_agg(json_build_object(
      'room', room, 'user', user_id, 'name', username, 'rev', rev
    ) ORDER BY room COLLATE "C", came), '{}') INTO moves FROM numbered;
  END $$;

  -- Removes some of the people of an instance whose lease ran out, and answers how many, with the rooms that those forget:
  -- one of them at least, and as many as come to what is asked for.
  CREATE FUNCTION remove_people(of_instance text, since bigint, at_most bigint) RETURNS bigint
  LANGUAGE plpgsql AS $$
  DECLARE
    offline json;
    removed bigint;
  BEGIN
    WITH few AS (
      SELECT ctid AS place, user_id, 1 + CASE
        WHEN EXISTS (SELECT FROM name WHERE name.user_id = online.user_id AND keep_ms > 0) THEN 0
        ELSE (SELECT count(*) FROM standing WHERE standing.user_id = online.user_id)
      END AS size
      FROM online WHERE instance = of_instance LIMIT at_most
    ), measured AS (
      SELECT few.place, size, sum(size) OVER (ORDER BY user_id) AS total FROM few
    ), chosen AS MATERIALIZED (
      SELECT measured.place, size FROM measured WHERE total - size < at_most
    ), left_behind AS (
      DELETE FROM online WHERE ctid = ANY (ARRAY(SELECT chosen.place FROM chosen)) RETURNING user_id
    ) SELECT coalesce(json_agg(json_build_object('user_id', user_id, 'since', since)), '[]'),
      (SELECT coalesce(sum(size), 0) FROM chosen) INTO offline, removed FROM left_behind;
    PERFORM keep_names_of_gone(offline);
    RETURN removed;
  END $$;

  -- The moves of the people who go with instances whose lease ran out by a time, and whether there may be more of them. Who
  -- was at several of these instances goes with the last.
  CREATE FUNCTION remove_lapsed(by_ms bigint) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    lapsed record;
    places record;
    gone json[] := '{}';
    remaining bigint := ${MAX_REMOVED};
  BEGIN
    FOR lapsed IN
      SELECT instance, expires_at FROM instance WHERE expires_at <= by_ms ORDER BY expires_at, instance
    LOOP
      places := remove_places(lapsed.instance, remaining);
      gone := gone || places.moves;
      remaining := remaining - places.removed;
      IF remaining > 0 THEN
        remaining := remaining - remove_people(lapsed.instance, lapsed.expires_at, remaining);
      END IF;
      EXIT WHEN remaining <= 0;
      DELETE FROM instance WHERE instance = lapsed.instance;
    END LOOP;
    RETURN json_build_object('gone', array_to_json(gone), 'more', remaining <= 0);
  END $$;

  CREATE FUNCTION heads(rooms json) RETURNS json LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN (
      SELECT json_build_object(
        'epoch', (SELECT value FROM meta WHERE key = 'epoch'),
        'heads', coalesce(json_agg(
          json_build_array(coalesce(room.seq, 0), coalesce(crowd.rev, 0)) ORDER BY asked.place), '[]'))
      FROM json_array_elements_text(rooms) WITH ORDINALITY asked(room, place)
      LEFT JOIN room ON room.room = asked.room LEFT JOIN crowd ON crowd.room = asked.room
    );
  END $$;

  -- An instance is not held at the first beat of a lease: whoever had one before may have been removed by another instance.
  -- A lease is renewed only once nothing of an older one is left.
  CREATE FUNCTION beat(of_instance text, lease_ms bigint, rooms json) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    started bigint := now_ms();
    taken_over text[];
    removed json;
    lease record;
    goes boolean;
  BEGIN
    PERFORM note_server();
    WITH told AS (
      UPDATE online SET taken = false WHERE instance = of_instance AND taken RETURNING user_id
    ) SELECT coalesce(array_agg(user_id), '{}') INTO taken_over FROM told;
    removed := remove_lapsed(started);
    DELETE FROM name WHERE expires_at <= now_ms();
    SELECT beaten, expires_at INTO lease FROM instance WHERE instance = of_instance;
    goes := coalesce(lease.expires_at <= started, false);
    IF NOT goes THEN
      INSERT INTO instance (instance, expires_at, beaten)
      VALUES (of_instance, started + lease_ms, true)
      ON CONFLICT (instance) DO UPDATE SET expires_at = excluded.expires_at, beaten = true;
    END IF;
    RETURN json_build_object('held', coalesce(lease.beaten, false) AND NOT goes,
      'gone', removed->'gone', 'more', removed->'more',
      'takenOver', taken_over, 'log', heads(rooms));
  END $$;`;

import type { Message } from "../model/message.ts";
import type { Term } from "../model/search_terms.ts";
import type { PostgresClient } from "./postgres_client.ts";
import { COLUMNS, type ReactedRow } from "./postgres_history.ts";
import { toMessage } from "./rows.ts";
import { escapeText } from "./safe_text.ts";
import { MAX_RANKED, type SearchQuery } from "./store.ts";

/**
 * What finds messages by the words of their texts.
 *
 * A text is looked for as the server parses it, and as words alone: "x-ray" is a word of its own to the server, and so
 * is "x-ra", with which nothing begins. The statement is planned for each search, as what is cheap for a rare word, to
 * take the word's list and sort it, takes seconds for a common one, which is soon met on the way from the newest message on.
 */
export const SEARCH_FUNCTIONS = `
  CREATE FUNCTION words_query(words text, is_prefix boolean) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $$
  DECLARE
    sought tsquery := phraseto_tsquery('simple', words);
  BEGIN
    IF is_prefix AND numnode(sought) > 0 THEN RETURN (sought::text || ':*')::tsquery; END IF;
    RETURN sought;
  END $$;

  CREATE FUNCTION terms_query(terms json) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $$
  DECLARE
    term record;
    one tsquery;
    sought tsquery;
  BEGIN
    FOR term IN
      SELECT * FROM json_to_recordset(terms) AS t(written text, words text, prefix boolean)
    LOOP
      one := words_query(term.written, term.prefix) || words_query(term.words, term.prefix);
      -- What holds no word for the server is found in no text.
      IF numnode(one) = 0 THEN RETURN ''; END IF;
      sought := coalesce(sought && one, one);
    END LOOP;
    RETURN sought;
  END $$;

  CREATE FUNCTION search(terms json, of_room text, directs json, author text, since bigint, until bigint,
    is_newest boolean, matches bigint, skipped bigint, wanted bigint)
  RETURNS TABLE (found bigint, place bigint) LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN QUERY EXECUTE format('
      SELECT key, row_number() OVER (ORDER BY rank DESC, key DESC) AS place
      FROM (
        SELECT key, %s AS rank FROM message
        WHERE tsv @@ $1 AND %s AND time >= $4 AND time < $5
          AND ($6 IS NULL OR lower(username) = lower($6))
        ORDER BY key DESC LIMIT $7
      ) matching
      ORDER BY place LIMIT $9 OFFSET $8',
      CASE WHEN is_newest THEN '0' ELSE 'ts_rank(tsv, $1, 1)' END,
      CASE WHEN of_room IS NULL THEN '(left(room, 1) <> ''~'' OR room = ANY ($3))' ELSE 'room = $2' END
    ) USING terms_query(terms), of_room, ARRAY(SELECT json_array_elements_text(directs)), since, until,
      author, matches, skipped, wanted;
  END $$;`;

const SEARCH = `
  SELECT room, ${COLUMNS}
  FROM search($1::text::json, $2::text, $3::text::json, $4::text, $5::bigint, $6::bigint,
    $7::boolean, $8::bigint, $9::bigint, $10::bigint)
  JOIN message ON message.key = found
  ORDER BY place`;

/** What parts words, as Unicode has it. */
const BETWEEN_WORDS = /[^\p{L}\p{N}\p{M}]+/u;

/** Finds messages in a PostgreSQL database. */
export class PostgresSearch {
  readonly #client: PostgresClient;

  /** The database behind `client` has the schema. */
  constructor(client: PostgresClient) {
    this.#client = client;
  }

  /** The messages in which a text is found. */
  async search(query: SearchQuery): Promise<readonly Message[]> {
    const { terms, room, directs, author, since, until, newest = false, offset, limit } = query;
    const rows = await this.#client.rows<ReactedRow & { readonly room: string }>(SEARCH, [
      JSON.stringify(terms.map(spell)),
      room ?? null,
      JSON.stringify(directs),
      author === undefined ? null : escapeText(author),
      Math.floor(since ?? 0),
      Math.floor(until ?? Number.MAX_SAFE_INTEGER),
      newest,
      newest ? offset + limit : MAX_RANKED,
      offset,
      limit,
    ]);
    return rows.map((row) => toMessage(row.room, row, row.reactions));
  }
}

function spell({ words, prefix }: Term) {
  const written = escapeText(words.join(" "));
  return { written, words: written.split(BETWEEN_WORDS).join(" "), prefix };
}

import { errors, jwtVerify, SignJWT } from "jose";
import { nameKey, parseName } from "../model/names.ts";
import type { User } from "../model/user.ts";

/** How long a token of ours signs its user in, in seconds: 30 days. */
export const TOKEN_LIFETIME_S = 30 * 24 * 60 * 60;

const USER_ID = /^[a-z0-9]{12}$/;
const ID_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const ID_LENGTH = 12;

/** Who a token speaks for. */
export interface Identity {
  /** The person, with the name as it is kept. */
  readonly user: User;
  /** Whether the name came by `?username`, and so is not kept for the user. */
  readonly guest: boolean;
  /** Whether they may delete what others wrote. Only who signs tokens elsewhere makes somebody a moderator. */
  readonly moderator?: boolean;
}

/** Signs users in, and knows them again. */
export interface Tokens {
  /** Makes a token that names the user for {@linkcode TOKEN_LIFETIME_S}. */
  sign(user: User, options: Omit<Identity, "user">): Promise<string>;
  /** Who the token names, or `undefined` if it is not ours, was changed, has run out or names nobody. */
  verify(token: string): Promise<Identity | undefined>;
}

/**
 * The bytes that sign: those of the text itself, since that is the key that other programs use when they
 * sign with the same text; otherwise the key of the store.
 */
export async function tokenKey(
  secret: string | null,
  store: { secret(): Promise<Uint8Array> },
): Promise<Uint8Array> {
  return secret === null ? await store.secret() : new TextEncoder().encode(secret);
}

/**
 * Makes what signs and verifies tokens: JSON Web Tokens (RFC 7519) under HMAC-SHA-256, and nothing else.
 *
 * Tokens made elsewhere with the same key count as well, with a user id as `sub`, a `name`, and an end (`exp`) if
 * their maker wants one. `now` is the time, in milliseconds since 1970.
 */
export function createTokens(key: Uint8Array, now: () => number = Date.now): Tokens {
  return {
    async sign(user, { guest, moderator }) {
      const issuedAt = Math.floor(now() / 1000);
      return await new SignJWT({
        name: user.name,
        ...(guest && { guest }),
        ...(moderator && { moderator }),
      })
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(user.id)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + TOKEN_LIFETIME_S)
        .sign(key);
    },

    async verify(token) {
      try {
        const options = { algorithms: ["HS256"], currentDate: new Date(now()) };
        return readIdentity((await jwtVerify(token, key, options)).payload);
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}

function readIdentity(claims: Readonly<Record<string, unknown>>): Identity | undefined {
  const { sub, name, guest, moderator } = claims;
  if (typeof sub !== "string" || !USER_ID.test(sub) || typeof name !== "string") return undefined;
  const parsed = parseName(name);
  if (!parsed.ok) return undefined;
  return {
    user: { id: sub, name: parsed.name },
    guest: guest === true,
    ...(moderator === true && { moderator }),
  };
}

/** Makes the id of a new user. `random` fills an array with random bytes, as `crypto.getRandomValues` does. */
export function newUserId(
  random: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => crypto.getRandomValues(bytes),
): string {
  // Bytes above the highest multiple of 36 would make the first letters likelier than the others.
  const fair = 256 - 256 % ID_LETTERS.length;
  const bytes = new Uint8Array(2 * ID_LENGTH);
  let id = "";
  while (id.length < ID_LENGTH) {
    random(bytes);
    for (const byte of bytes) if (byte < fair) id += ID_LETTERS[byte % ID_LETTERS.length];
  }
  return id.slice(0, ID_LENGTH);
}

/**
 * The id of a plain user, who has no token: the same name (without regard to case) with the same client id
 * is the same person, and nobody can compute it without the key.
 */
export async function plainUserId(
  key: Uint8Array,
  name: string,
  clientId: string,
): Promise<string> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const hmacKey = await crypto.subtle.importKey("raw", new Uint8Array(key), algorithm, false, [
    "sign",
  ]);
  // A name holds no NUL, so no two pairs make the same text; the prefix keeps it apart from what tokens sign.
  const text = new TextEncoder().encode(`plain user\0${nameKey(name)}\0${clientId}`);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", hmacKey, text));
  let number = digest.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
  let id = "";
  while (id.length < ID_LENGTH) {
    id += ID_LETTERS[Number(number % 36n)];
    number /= 36n;
  }
  return id;
}

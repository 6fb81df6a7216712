import { monotonicUlid } from "@std/ulid";
import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import { type Event, SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "../../lib/wire/protocol.ts";
import { ProbedServer } from "./probed_server.ts";
import { median } from "./statistics.ts";

const LONG = { name: "long", messages: 1_000_000 } as const;
const SHORT = { name: "short", messages: 1_000 } as const;
type Room = typeof LONG | typeof SHORT;

/** How many messages a client has missed. */
export const MISSED = 1_000;
const PAGE = 50;
/** How many messages one transaction writes while the rooms are filled. */
const FILL = 10_000;

const WARM_UP = 20;
const RECOVERIES = 60;
const PAGES = 400;

/** How long reading takes: medians in milliseconds. */
export interface Reading {
  /** From the opening of a socket to the last of the messages that were missed. */
  readonly recoveryMs: number;
  /** A page somewhere in a room of a million messages, and in one of a thousand. */
  readonly longPageMs: number;
  readonly shortPageMs: number;
}

/** Fills a room of a million messages and one of a thousand, and reads in them. */
export async function measureReading(): Promise<Reading> {
  const settings = { PARLEY_MAX_REPLAY: String(MISSED) };
  await using server = await ProbedServer.start(settings, fill);
  const token = await signIn(server.url);
  const recoveryMs = await repeat(RECOVERIES, await recovery(server.ws, token));
  // In turn, so that what else the machine does befalls both.
  const pages: Record<Room["name"], number[]> = { long: [], short: [] };
  for (let run = 0; run < WARM_UP + PAGES; run++) {
    for (const room of [LONG, SHORT]) {
      const tookMs = await timed(() => readPage(server.url, token, room));
      if (run >= WARM_UP) pages[room.name].push(tookMs);
    }
  }
  return {
    recoveryMs,
    longPageMs: median(pages.long),
    shortPageMs: median(pages.short),
  };
}

function fill(path: string): void {
  const database = new SqliteDatabase(path, { sync: "normal" });
  for (const { name, messages } of [LONG, SHORT]) {
    for (let from = 0; from < messages; from += FILL) {
      const count = Math.min(FILL, messages - from);
      database.transact("write", () => database.append(drafts(name, count)));
    }
  }
  database.close();
}

function drafts(room: string, count: number) {
  return Array.from({ length: count }, () => ({
    type: "chat_message" as const,
    room,
    id: monotonicUlid(),
    user_id: "somebody0000",
    username: "Somebody",
    text: "A line of talk, about as long as people write one in a chat.",
    time: Date.now(),
  }));
}

async function signIn(url: string): Promise<string> {
  const response = await fetch(`${url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "Reader" }),
  });
  return (await response.json()).token;
}

/** Makes what comes back after a break and gets all that it missed. */
async function recovery(ws: string, token: string): Promise<() => Promise<void>> {
  const { epoch } = await joined(ws, token, { limit: 1 });
  const since = { epoch, seq: LONG.messages - MISSED };
  return async () => {
    const { recovered, messages } = await joined(ws, token, { since });
    if (!recovered || messages.length !== MISSED) {
      throw new Error(`It must recover ${MISSED} messages: it got ${messages.length}`);
    }
  };
}

function joined(ws: string, token: string, how: Record<string, unknown>) {
  const { promise, resolve, reject } = Promise.withResolvers<Event & { type: "joined" }>();
  const socket = new WebSocket(ws, [SUBPROTOCOL, TOKEN_SUBPROTOCOL + token]);
  socket.onclose = ({ code }) => reject(new Error(`The reader was closed: ${code}`));
  socket.onopen = () => socket.send(JSON.stringify({ type: "join", room: LONG.name, ...how }));
  socket.onmessage = ({ data }) => {
    const events: Event[] = [JSON.parse(data)].flat();
    const answer = events.find((event) => event.type === "joined");
    if (!answer) return;
    resolve(answer);
    socket.close(1000);
  };
  return promise;
}

async function readPage(url: string, token: string, { name, messages }: Room): Promise<void> {
  const before = PAGE + 1 + Math.floor(Math.random() * (messages - PAGE));
  const response = await fetch(
    `${url}/api/rooms/${name}/messages?before=${before}&limit=${PAGE}`,
    { headers: { authorization: `Bearer ${token}` } },
  );
  const page = await response.json();
  if (page.messages.length !== PAGE) throw new Error(`A page had ${page.messages.length} messages`);
}

async function repeat(count: number, work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < WARM_UP + count; run++) times.push(await timed(work));
  return median(times.slice(WARM_UP));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begunAt = performance.now();
  await work();
  return performance.now() - begunAt;
}

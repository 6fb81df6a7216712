import { assert, assertEquals } from "@std/assert";
import type { Change } from "../../lib/model/change.ts";
import type { Message } from "../../lib/model/message.ts";
import { SqliteConnection } from "../../lib/store/sqlite_connection.ts";
import { SqliteDatabase } from "../../lib/store/sqlite_database.ts";
import { viewMessage } from "../../lib/wire/encode.ts";
import type { ChangeCommand, ReactCommand } from "../../lib/wire/protocol.ts";
import { assertHolds } from "../simulation/holds.ts";
import { type Asked, ROOM, type TirelessClient } from "./tireless_client.ts";

/** More than a test ever stores. */
const ALL = 10_000_000;

/** What a store holds of the room when its server has ended. */
export interface Stored {
  readonly head: number;
  readonly messages: readonly Message[];
  readonly changes: readonly Change[];
  /** Where each nonce led, in the order of places; a nonce that made two messages stands here twice. */
  readonly nonces: readonly { readonly nonce: string; readonly id: string; readonly pos: number }[];
}

/** Reads a database that no server uses any more. */
export function readStored(path: string): Stored {
  const database = new SqliteDatabase(path, { sync: "normal" });
  using db = new SqliteConnection(path, { readOnly: true });
  // No interface tells a nonce.
  const nonces = db.prepare("SELECT nonce, id, pos FROM message WHERE room = ? ORDER BY pos");
  try {
    return {
      head: database.heads([ROOM]).heads[0]!.seq,
      messages: database.page(ROOM, { limit: ALL }),
      changes: database.changes(ROOM, 0, ALL),
      nonces: nonces.all(ROOM).map(({ nonce, id, pos }) => ({
        nonce: String(nonce),
        id: String(id),
        pos: Number(pos),
      })),
    };
  } finally {
    database.close();
  }
}

/** Fails unless all that was acknowledged is stored once, nothing else is, and every client knows it as it stands. */
export function checkDurability(clients: readonly TirelessClient[], stored: Stored): void {
  const asked = clients.flatMap((client) => [...client.asked.values()]);
  checkSends(asked, stored);
  for (const client of clients) checkOrder(client, stored);
  checkLog(asked, clients, stored);
  checkState(clients, stored);
  for (const client of clients) checkView(client, stored);
}

/** Each send is there once, under the id and the number of its acknowledgement; and no other message is. */
function checkSends(asked: readonly Asked[], { nonces }: Stored): void {
  const sends = asked.filter(({ command }) => command.type === "send");
  const acknowledged = sends.map(({ command, answer }) => {
    const { id, seq } = answer as Exclude<typeof answer, "not_found" | undefined>;
    return `${nonceOf(command)}: ${id} at ${seq}`;
  });
  const kept = nonces.map(({ nonce, id, pos }) => `${nonce}: ${id} at ${pos}`);
  assertEquals(kept.sort(), acknowledged.sort(), "what is stored is what was acknowledged");
}

/** What one client sent stands in the order in which it was sent. */
function checkOrder({ user, asked }: TirelessClient, { nonces }: Stored): void {
  const sent = [...asked.values()].map(({ command }) => nonceOf(command)).filter(Boolean);
  const kept = nonces.map(({ nonce }) => nonce).filter((nonce) => asked.has(nonce));
  assertEquals(kept, sent, `what ${user.name} said is in order`);
}

/** Each acknowledged change is in the log where it was said to be, and none is that was not sent, or more often. */
function checkLog(
  asked: readonly Asked[],
  clients: readonly TirelessClient[],
  { changes, messages }: Stored,
): void {
  const log = new Map(changes.map((change) => [change.seq, change]));
  const gone = new Set(messages.filter(({ deleted }) => deleted).map(({ id }) => id));
  for (const { command, answer } of asked) {
    if (command.type === "send" || answer === undefined) continue;
    if (answer === "not_found") assert(gone.has(command.id), `${command.id} is there`);
    else if (!gone.has(command.id) || command.type === "delete") {
      assertEquals(log.get(answer.seq)?.id, command.id, `change ${answer.seq} is in the log`);
    }
  }

  const attempts = new Map<string, number>();
  for (const { user, asked } of clients) {
    for (const { command, attempts: more } of asked.values()) {
      const key = keyOfCommand(command, user.id);
      attempts.set(key, (attempts.get(key) ?? 0) + more);
    }
  }
  for (const change of changes) {
    if (change.type === "chat_message") continue;
    const key = keyOfChange(change);
    const left = (attempts.get(key) ?? 0) - 1;
    assert(left >= 0, `nobody asked for this, or not so often: ${key}`);
    attempts.set(key, left);
  }
}

/** Each message is as the last that was asked of it would have it. */
function checkState(clients: readonly TirelessClient[], { messages }: Stored): void {
  const texts = new Map<string, string | undefined>();
  const reactions = new Map<string, boolean>();
  for (const { user, asked } of clients) {
    for (const { command, answer } of asked.values()) {
      if (answer === "not_found" || answer === undefined) continue;
      if (command.type === "react") reactions.set(reactionKey(command, user.id), command.on);
      else texts.set(answer.id, command.type === "delete" ? undefined : command.text);
    }
    // The second time it is asked for, what the first attempt deleted is not found.
    for (const { command } of asked.values()) {
      if (command.type === "delete") texts.set(command.id, undefined);
    }
  }
  const gone = new Set(messages.filter(({ deleted }) => deleted).map(({ id }) => id));
  for (const { id, text } of messages) assertEquals(text, texts.get(id), `the text of ${id}`);
  const standing = messages.flatMap(({ id, reactions = {} }) =>
    Object.entries(reactions).flatMap(([emoji, users]) =>
      users.map((user) => reactionKey({ id, emoji }, user))
    )
  );
  const wanted = [...reactions].filter(([key, on]) => on && !gone.has(key.split(" ")[0]!));
  assertEquals(standing.sort(), wanted.map(([key]) => key).sort(), "the reactions that stand");
}

/** A client has heard of everything, and holds the room as the store does. */
function checkView({ user, room }: TirelessClient, { head, messages }: Stored): void {
  assertEquals(room.seq, head, `${user.name} has heard all`);
  assertEquals(room.heldFrom, 1, `${user.name} holds all from the beginning`);
  const expected = messages.map((message) => viewMessage(message, user.id));
  assertHolds(room.messages, expected, `${user.name} holds what the store does`);
}

function nonceOf(command: ChangeCommand): string {
  return command.type === "send" ? command.nonce! : "";
}

function reactionKey({ id, emoji }: Pick<ReactCommand, "id" | "emoji">, userId: string): string {
  return `${id} ${emoji} ${userId}`;
}

function keyOfCommand(command: ChangeCommand, userId: string): string {
  switch (command.type) {
    case "send":
      return `send ${command.nonce}`;
    case "edit":
      return `message_edited ${command.id}`;
    case "delete":
      return `message_deleted ${command.id}`;
    case "react":
      return `reaction ${reactionKey(command, userId)} ${command.on}`;
  }
}

function keyOfChange(change: Change): string {
  return change.type === "reaction"
    ? `reaction ${reactionKey(change, change.user_id)} ${change.on}`
    : `${change.type} ${change.id}`;
}

import type { Change, Draft } from "../../lib/model/change.ts";
import { KvDatabase } from "../../lib/store/kv_database.ts";
import { KEYS } from "../../lib/store/kv_keys.ts";
import type { ChangeRecord, MessageRecord } from "../../lib/store/kv_messages.ts";
import { KvStore } from "../../lib/store/kv_store.ts";
import type { Clock } from "./clock.ts";
import type { FullLog } from "./full_log.ts";
import type { Gate } from "./gate.ts";
import { KvLine } from "./kv_line.ts";
import type { Truth } from "./truth.ts";
import type { World } from "./world.ts";

const EPOCH = JSON.stringify(KEYS.shared("epoch"));

/** A Deno KV database in memory, which does one request after the other, so that a seed replays the same run. */
export class KvTruth implements Truth {
  /** What it holds. */
  readonly held: KvStore;
  readonly #kv: Deno.Kv;
  readonly #random = Math.random;
  #clock: Clock | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #epoch = "";
  #kept: Deno.KvEntry<unknown>[] = [];
  /** The texts that a message was to be given, in order. */
  readonly #texts = new Map<string, string[]>();

  private constructor(kv: Deno.Kv) {
    this.#kv = kv;
    this.held = new KvStore(new KvDatabase(kv));
  }

  /** Makes one. */
  static async make(): Promise<KvTruth> {
    const truth = new KvTruth(await Deno.openKv(":memory:"));
    await truth.held.prepare();
    truth.#epoch = (await truth.held.heads([])).epoch;
    return truth;
  }

  [Symbol.dispose](): void {
    Math.random = this.#random;
    this.#kv.close();
  }

  /** The log's epoch. */
  get epoch(): string {
    return this.#epoch;
  }

  /** Requests are late, and fail, one by one. */
  line(world: World, instance: string, gate: Gate): KvLine {
    this.#clock = world.clock;
    // Each request is answered for itself, and a read may overtake a commit.
    world.faults.storeAnswersInOrder = false;
    // The store's pauses are chance.
    Math.random = () => world.random.next();
    return new KvLine(world, instance, gate, this);
  }

  keep(): void {
    this.#hold(async () => this.#kept = await Array.fromAsync(this.#kv.list({ prefix: [] })));
  }

  windBack(): void {
    const epoch = this.#kept.find(({ key }) => JSON.stringify(key) === EPOCH)!.value as string;
    this.#epoch = epoch;
    this.#hold(async () => {
      for await (const { key } of this.#kv.list({ prefix: [] })) await this.#kv.delete(key);
      for (const { key, value } of this.#kept) await this.#kv.set(key, value);
    });
  }

  /**
   * Does something when all that was asked for before is done, and nobody has anything left to do about that: how soon
   * the database answers is chance.
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(untilIdle).then(work);
    this.#last = done.catch(() => {}).then(untilIdle);
    return done;
  }

  getMany(keys: Deno.KvKey[]) {
    return this.#kv.getMany(keys);
  }

  async list(range: Deno.KvListSelector, options: Deno.KvListOptions) {
    const listed = this.#kv.list(range, options);
    const entries = await Array.fromAsync(listed);
    return { entries, cursor: entries.length > 0 ? listed.cursor : "" };
  }

  async commit(checks: Deno.AtomicCheck[], mutations: Deno.KvMutation[], log: FullLog) {
    const result = await this.#kv.atomic().check(...checks).mutate(...mutations).commit();
    if (result.ok) this.#note(mutations, log);
    return result;
  }

  /** Notes what is about to be asked for: of an edit that another one overtakes within a commit nothing else tells. */
  heardOf(draft: Draft): void {
    if (draft.type !== "message_edited") return;
    this.#texts.set(draft.id, [...this.#texts.get(draft.id) ?? [], draft.text]);
  }

  #hold(work: () => Promise<unknown>): void {
    this.#clock!.hold(this.inTurn(work));
  }

  /** Tells the log of the changes that were committed, in their order. */
  #note(mutations: readonly Deno.KvMutation[], log: FullLog): void {
    const sets = mutations.flatMap((one) => one.type === "set" ? [one] : []);
    const records = new Map<string, MessageRecord>();
    const changes: { change: Change; nonce?: string }[] = [];
    for (const { key, value } of sets) {
      const [, kind, room, number] = key as [string, string, string, unknown];
      if (JSON.stringify(key) === EPOCH) this.#epoch = value as string;
      if (kind !== "log" || typeof number !== "number") continue;
      const { pos, seq, nonce, edited_at: _, emoji: _emoji, ...fields } = value as MessageRecord;
      records.set(`${room} ${pos}`, value as MessageRecord);
      if (seq !== pos) continue;
      changes.push({ change: { type: "chat_message", room, seq, ...fields } as Change, nonce });
    }
    for (const { key, value } of sets) {
      const [, kind, room, seq] = key as [string, string, string, number];
      if (kind !== "change") continue;
      const { pos, ...fields } = value as ChangeRecord;
      const { id, text, edited_at } = records.get(`${room} ${pos}`)!;
      const known = text ?? this.#texts.get(id)?.at(-1);
      const edited = fields.type === "message_edited" ? { text: known, edited_at } : {};
      changes.push({ change: { room, seq, id, ...fields, ...edited } as Change });
      if (fields.type === "message_edited") log.texts(id).push(...this.#texts.get(id) ?? []);
    }
    changes.sort((one, other) => one.change.seq - other.change.seq);
    for (const { change, nonce } of changes) log.add({ nonce } as Draft, { change });
  }
}

function untilIdle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

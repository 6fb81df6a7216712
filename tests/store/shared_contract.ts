import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { StoreUnavailableError } from "../../lib/store/store.ts";
import type { Contract } from "./contract.ts";
import { append, send, seqs } from "./drafts.ts";
import { ALICE, enter, LONG_MS } from "./people.ts";

/** What all handles share, and what becomes of them. */
export const sharedContract: Contract = {
  "gives every instance the same secret": async ({ store, other }) => {
    const [secret, same] = await Promise.all([store.secret(), other.secret()]);
    assert(secret.length >= 32);
    assert(new Set(secret).size > 8);
    assertEquals(secret, same);
  },

  "gives every instance the same epoch": async ({ store, other, database }) => {
    const { epoch } = await store.heads([]);
    assertNotEquals(epoch, "");
    assertEquals((await other.heads(["general"])).epoch, epoch);
    const third = await database.open();
    assertEquals((await third.heads([])).epoch, epoch);
    await third.close();
  },

  "gives the log one new epoch, however many ask for it at once": async ({ store, other }) => {
    const { epoch } = await store.heads([]);
    await Promise.all([store, other, store, other].map((handle) => handle.renew(epoch)));
    const renewed = (await store.heads([])).epoch;
    assertNotEquals(renewed, epoch);
    await other.renew(epoch);
    assertEquals((await other.heads([])).epoch, renewed);
    assertEquals((await other.snapshot("general", 1)).epoch, renewed);
  },

  "keeps the log itself when its epoch is renewed": async ({ store, other }) => {
    const draft = send();
    await append(store, draft);
    await store.renew((await store.heads([])).epoch);
    assertEquals((await other.page("general", { limit: 10 })).map(({ id }) => id), [draft.id]);
    assertEquals(seqs(await other.append([send()])), [2]);
  },

  "has instances tell who is there anew when its epoch is renewed": async ({ store, other }) => {
    const beat = () => store.beat({ instance: "i1", leaseMs: LONG_MS, rooms: [] });
    await beat();
    assertEquals((await beat()).held, true);
    await other.renew((await other.heads([])).epoch);
    assertEquals([(await beat()).held, (await beat()).held], [false, true]);
  },

  "lets everybody go who was there when its epoch is renewed": async ({ store, other }) => {
    const beat = (instance: string) => store.beat({ instance, leaseMs: LONG_MS, rooms: [] });
    await beat("i1");
    await beat("i2");
    const [came] = await store.move("i1", [{ room: "general", user: ALICE, on: true }]);
    await other.renew((await other.heads([])).epoch);
    assertEquals((await beat("i2")).gone, [{ ...came!, on: false, rev: came!.rev + 1 }]);
    assertEquals((await store.people("general")).users, []);
    assertEquals((await beat("i1")).held, false);
  },

  "lets every instance read at once what another one was told is stored": async (
    { store, other },
  ) => {
    for (let i = 1; i <= 20; i++) {
      const [writer, reader] = i % 2 ? [store, other] : [other, store];
      await append(writer, send());
      assertEquals((await reader.page("general", { limit: 1 }))[0]?.pos, i);
    }
  },

  "finishes what was begun when it is closed, and does nothing more": async (
    { other, database },
  ) => {
    const closing = await database.open();
    const begun = Array.from({ length: 20 }, () => append(closing, send()));
    await closing.close();
    assertEquals(seqs(await Promise.all(begun)), Array.from({ length: 20 }, (_, i) => i + 1));
    await assertRejects(() => append(closing, send()), StoreUnavailableError);
    await assertRejects(() => closing.page("general", { limit: 1 }), StoreUnavailableError);
    await closing.close();
    assertEquals(seqs(await other.append([send()])), [21]);
  },
};

/** What becomes of a store that is wound back to an older state. */
export const restoreContract: Contract = {
  "counts on from where it was wound back to": async ({ store, other, database }) => {
    const [kept, lost] = [send(), send()];
    await append(store, kept);
    await Promise.all([store.close(), other.close()]);
    const windBack = await database.keep!();
    const between = await database.open();
    await append(between, lost);
    await between.close();
    await windBack();
    const after = await database.open();
    assertEquals((await after.heads(["general"])).heads[0]?.seq, 1);
    assertEquals(await after.message("general", lost.id), undefined);
    assertEquals(seqs(await after.append([send({ nonce: "n" })])), [2]);
    await after.close();
  },

  "takes a mark from what was lost for all of what there is": async (
    { store, other, database },
  ) => {
    await store.move("i1", [enter(ALICE)]);
    await Promise.all([store.close(), other.close()]);
    const windBack = await database.keep!();
    const between = await database.open();
    await between.append([send({ user_id: "bob000000000" }), send({ user_id: "bob000000000" })]);
    await between.mark([{ userId: ALICE.id, room: "general", seq: 2 }]);
    await between.close();
    await windBack();
    const after = await database.open();
    await append(after, send({ user_id: "bob000000000" }));
    await after.mark([{ userId: ALICE.id, room: "general", seq: 2 }]);
    await append(after, send({ user_id: "bob000000000" }));
    const [standing] = await after.standings(ALICE);
    assertEquals([standing?.read, standing?.unread], [1, 1]);
    await after.close();
  },
};

import { assert, assertEquals } from "@std/assert";
import type { Draft } from "../../lib/model/change.ts";
import type { Contract } from "./contract.ts";
import { append, edit, react, remove, send, seqs, TIME } from "./drafts.ts";

/** Texts that an engine, a driver or an encoding may change. */
const TEXTS = {
  "nothing": "",
  "NUL": "a\0b",
  "NUL alone": "\0",
  "a lone high surrogate": "\ud83d",
  "a lone low surrogate": "x\udc00y",
  "surrogates the wrong way round": "\udc00\ud83d",
  "an astral character": "👩‍👩‍👧‍👦 𝒳",
  "noncharacters": "\ufdd0 \ufdd00000 \ufffe \uffff",
  "a byte order mark": "\ufeffa",
  "controls and line ends": "\x01\x1a\x1f\x7f\r\n\t\u2028\u2029",
  "quotes and escapes": `'"\`\\ \\u0000 \\x00 %s $1 ? :a --;`,
  "white space at both ends": "  a  ",
  "characters that normalize": "e\u0301 \u00e9",
  "right to left": "\u202eabc שלום",
  "many characters": "𝒳".repeat(2000),
};

const EMOJI = Array.from({ length: 21 }, (_, i) => String.fromCodePoint(0x1f600 + i));

/** What {@linkcode Store.append} must do. */
export const logContract: Contract = {
  "numbers the changes of each room from 1": async ({ store }) => {
    const first = send();
    const appended = await store.append([
      first,
      send({ room: "tea" }),
      edit(first.id, "Changed"),
      react(first.id, "👍"),
      send({ room: "tea" }),
      remove(first.id),
    ]);
    assertEquals(seqs(appended), [1, 1, 2, 3, 2, 4]);
  },

  "answers with the change as it was drafted, without the nonce": async ({ store }) => {
    const parent = send();
    const { nonce, ...draft } = send({ nonce: "n1", reply_to: parent.id });
    assertEquals(await store.append([parent, { ...draft, nonce }]), [
      { change: { ...parent, seq: 1 } },
      { change: { ...draft, seq: 2 } },
    ]);
    const drafts: Draft[] = [
      edit(draft.id, "Changed"),
      react(draft.id, "👍"),
      react(draft.id, "👍", { on: false }),
      remove(draft.id),
    ];
    const changes = drafts.map((draft, i) => ({ change: { ...draft, seq: i + 3 } }));
    assertEquals(await store.append(drafts.map((draft) => ({ ...draft, nonce: "n2" }))), changes);
  },

  "numbers 100 appends at once without holes, each caller's in order": async ({ store, other }) => {
    const appends = Array.from({ length: 100 }, (_, i) => append([store, other][i % 2]!, send()));
    const numbers = seqs(await Promise.all(appends)) as number[];
    assertEquals(numbers.toSorted((a, b) => a - b), Array.from({ length: 100 }, (_, i) => i + 1));
    for (const parity of [0, 1]) {
      const caller = numbers.filter((_, i) => i % 2 === parity);
      assertEquals(caller, caller.toSorted((a, b) => a - b));
    }
  },

  "keeps the order of the drafts of one append": async ({ store }) => {
    const drafts = Array.from({ length: 50 }, () => send());
    await store.append(drafts);
    const messages = await store.page("general", { limit: 100 });
    assertEquals(messages.map(({ id }) => id), drafts.map(({ id }) => id));
  },

  "has nothing to do for no drafts": async ({ store }) => {
    assertEquals(await store.append([]), []);
  },

  ...Object.fromEntries(
    Object.entries(TEXTS).map(([name, text]): [string, Contract[string]] => [
      `gives a text back as it was: ${name}`,
      async ({ store, other }) => {
        const sent = send({ id: text, text, nonce: text });
        const reply = send({ reply_to: text });
        await store.append([sent, reply, edit(reply.id, text), react(reply.id, text)]);
        const [first, second] = await other.page("general", { limit: 2 });
        assertEquals([first?.id, first?.text, second?.text], [text, text, text]);
        assertEquals([second?.reply_to, ...Object.keys(second?.reactions ?? {})], [text, text]);
        const changes = await other.changes("general", 0, 10);
        assertEquals(changes.map((change) => "text" in change ? change.text : change.type), [
          text,
          text,
          text,
          "reaction",
        ]);
        const again = await append(store, send({ text: "another", nonce: text }));
        assertEquals(again, { repeats: { id: sent.id, seq: 1 } });
      },
    ]),
  ),

  "stores a message with a known nonce once": async ({ store, other }) => {
    const first = send({ nonce: "n" });
    await append(store, first);
    await append(store, send());
    for (const handle of [store, other]) {
      const again = await append(handle, send({ nonce: "n", text: "another" }));
      assertEquals(again, { repeats: { id: first.id, seq: 1 } });
    }
    assertEquals((await store.heads(["general"])).heads[0]?.seq, 2);
  },

  "knows a nonce within one append": async ({ store }) => {
    const first = send({ nonce: "n" });
    const [, again, next] = await store.append([first, send({ nonce: "n" }), send()]);
    assertEquals(again, { repeats: { id: first.id, seq: 1 } });
    assertEquals(seqs([next!]), [2]);
  },

  "takes one of many that race with the same nonce": async ({ store, other }) => {
    const racing = Array.from(
      { length: 40 },
      (_, i) => append([store, other][i % 2]!, send({ nonce: "n" })),
    );
    const appended = await Promise.all(racing);
    const [winner, ...more] = appended.filter((result) => "change" in result);
    assertEquals(more, []);
    const { id, seq } = winner!.change;
    assertEquals(seq, 1);
    for (const result of appended) {
      if (result !== winner) assertEquals(result, { repeats: { id, seq } });
    }
    assertEquals((await store.page("general", { limit: 10 })).length, 1);
  },

  "tells nonces apart by user, by room and by each code unit": async ({ store }) => {
    const nonces = ["n", "N", "n ", "", "\ud800", "\ud801", "\ufffd", "n\0", "n\0a"];
    const drafts = [
      ...nonces.map((nonce) => send({ nonce })),
      send({ nonce: "n", user_id: "bob000000000" }),
      send({ nonce: "n", room: "tea" }),
      send(),
      send(),
    ];
    const appended = await store.append(drafts);
    assert(appended.every((result) => "change" in result));
  },

  "knows the nonce of a message that was edited or deleted": async ({ store }) => {
    const [edited, deleted] = [send({ nonce: "e" }), send({ nonce: "d" })];
    await store.append([edited, deleted, edit(edited.id, "Changed"), remove(deleted.id)]);
    assertEquals(await store.append([send({ nonce: "e" }), send({ nonce: "d" })]), [
      { repeats: { id: edited.id, seq: 1 } },
      { repeats: { id: deleted.id, seq: 2 } },
    ]);
    assertEquals((await store.message("general", deleted.id))?.deleted, true);
  },

  "makes the new text of a message its text": async ({ store }) => {
    const parent = send();
    const draft = send({ reply_to: parent.id });
    await store.append([parent, draft, edit(draft.id, "Once"), edit(draft.id, "Twice")]);
    const { type: _, ...fields } = draft;
    assertEquals(await store.message("general", draft.id), {
      ...fields,
      pos: 2,
      seq: 4,
      text: "Twice",
      edited_at: TIME + 1_000_000,
    });
  },

  "leaves of a deleted message where it stood and who sent it": async ({ store }) => {
    const parent = send();
    const draft = send({ reply_to: parent.id });
    await store.append([parent, draft]);
    await store.append([edit(draft.id, "Changed"), react(draft.id, "👍"), remove(draft.id)]);
    const { type: _type, text: _text, ...fields } = draft;
    const tombstone = { ...fields, pos: 2, seq: 5, deleted: true as const };
    assertEquals(await store.message("general", draft.id), tombstone);
  },

  "lists who reacted, in the order in which they did": async ({ store }) => {
    const { id } = send();
    const [alice, bob, carol] = ["alice0000000", "bob000000000", "carol0000000"];
    await store.append([
      send({ id }),
      react(id, "🎉", { user_id: carol }),
      react(id, "👍", { user_id: bob }),
      react(id, "👍", { user_id: alice }),
      react(id, "👍", { user_id: carol }),
      react(id, "👍", { user_id: bob, on: false }),
      react(id, "👍", { user_id: bob }),
      react(id, "🎉", { user_id: carol, on: false }),
    ]);
    const message = await store.message("general", id);
    assertEquals(message?.reactions, { "👍": [alice, carol, bob] });
    assertEquals(message?.seq, 8);
  },

  "has no reactions where none stands": async ({ store }) => {
    const { id } = send();
    await store.append([send({ id }), react(id, "👍"), react(id, "👍", { on: false })]);
    assert(!("reactions" in (await store.message("general", id))!));
  },

  "numbers no reaction that stands as asked": async ({ store }) => {
    const { id } = send();
    const appended = await store.append([
      send({ id }),
      react(id, "👍", { on: false }),
      react(id, "👍"),
      react(id, "🎉"),
      react(id, "👍"),
      react(id, "👍", { on: false }),
      react(id, "👍", { on: false }),
    ]);
    assertEquals(appended.map((result) => "repeats" in result ? result.repeats : undefined), [
      undefined,
      { id, seq: 1 },
      undefined,
      undefined,
      { id, seq: 2 },
      undefined,
      { id, seq: 4 },
    ]);
    assertEquals(seqs(appended).filter(Boolean), [1, 2, 3, 4]);
  },

  "refuses a 21st emoji, and no further reaction with the 20": async ({ store }) => {
    const { id } = send();
    await store.append([send({ id }), ...EMOJI.slice(0, 20).map((emoji) => react(id, emoji))]);
    const [first, last] = [EMOJI[0]!, EMOJI[20]!];
    const bob = "bob000000000";
    assertEquals(
      await append(store, react(id, last, { user_id: bob })),
      { refused: "too_many" },
    );
    assertEquals(seqs(await store.append([react(id, first, { user_id: bob })])), [22]);
    await store.append([
      react(id, first, { on: false }),
      react(id, first, { user_id: bob, on: false }),
    ]);
    assertEquals(seqs(await store.append([react(id, last)])), [25]);
  },

  "refuses to change a message that is not there or deleted": async ({ store }) => {
    const [kept, gone] = [send(), send()];
    await store.append([kept, gone, remove(gone.id)]);
    const places: [string, string][] = [
      ["01HF7YAT000000000000000000", "general"],
      [gone.id, "general"],
      [kept.id, "tea"],
      [kept.id, "never-written-to"],
    ];
    for (const [id, room] of places) {
      const drafts = [
        edit(id, "Changed", room),
        remove(id, room),
        react(id, "👍", { room }),
        react(id, "👍", { room, on: false }),
      ];
      assertEquals(await store.append(drafts), drafts.map(() => ({ refused: "not_found" })));
    }
    const { heads } = await store.heads(["general", "tea"]);
    assertEquals(heads.map(({ seq }) => seq), [3, 0]);
  },

  "refuses an answer to a message that is not there, and stores nothing": async ({ store }) => {
    const [here, elsewhere] = [send(), send({ room: "tea" })];
    await store.append([here, elsewhere]);
    const answers = [
      send({ reply_to: "01HF7YAT000000000000000000" }),
      send({ reply_to: elsewhere.id }),
      send({ reply_to: here.id, room: "tea" }),
      send({ reply_to: here.id, room: "never-written-to" }),
    ];
    assertEquals(await store.append(answers), answers.map(() => ({ refused: "not_found" })));
    const { heads } = await store.heads(["general", "tea", "never-written-to"]);
    assertEquals(heads.map(({ seq }) => seq), [1, 1, 0]);
  },

  "takes an answer to a message of the same append, and to one that was deleted": async (
    { store, other },
  ) => {
    const parent = send();
    const [early, late] = [send({ reply_to: parent.id }), send({ reply_to: parent.id })];
    assertEquals(seqs(await store.append([parent, early])), [1, 2]);
    assertEquals(seqs(await store.append([remove(parent.id), late])), [3, 4]);
    const page = await other.page("general", { limit: 3 });
    assertEquals(page.map(({ reply_to }) => reply_to), [undefined, parent.id, parent.id]);
  },

  "acknowledges a repeat of an answer whose message is gone by its nonce": async ({ store }) => {
    const parent = send();
    const answer = send({ reply_to: parent.id, nonce: "n" });
    await store.append([parent, answer, send()]);
    await store.prune({ sentBefore: 0, perRoom: 2 }, "");
    assertEquals(await store.message("general", parent.id), undefined);
    const again = send({ reply_to: parent.id, nonce: "n" });
    assertEquals(await append(store, again), { repeats: { id: answer.id, seq: 2 } });
  },

  "does what it can of an append of which some is refused": async ({ store }) => {
    const draft = send();
    const appended = await store.append([
      draft,
      edit("01HF7YAT000000000000000000", "Changed"),
      edit(draft.id, "Changed"),
    ]);
    assertEquals(seqs(appended), [1, undefined, 2]);
  },
};

import { assertEquals } from "@std/assert";
import { type Link, LINK_VERSION, type OpenLink, type Post } from "../../lib/link/link.ts";

/** What carries posts between the instances of one store, for one test. */
export interface TestCarrier extends AsyncDisposable {
  /** What an instance opens its link with. */
  connect(instance: string): OpenLink;
}

/** An instance at its end of a link. */
interface Instance {
  readonly name: string;
  readonly link: Link;
  readonly received: Post[];
  /** Resolves when as many posts have come in all. */
  receives(count: number): Promise<void>;
}

async function openInstance(carrier: TestCarrier, name: string): Promise<Instance> {
  const received: Post[] = [];
  let onPost = () => {};
  const link = await carrier.connect(name)((post) => {
    received.push(post);
    onPost();
  });
  const receives = (count: number) =>
    new Promise<void>((resolve) => {
      onPost = () => {
        if (received.length >= count) resolve();
      };
      onPost();
    });
  return { name, link, received, receives };
}

/** A post of an instance that can be told from its others. */
function post(from: string, number: number, v = LINK_VERSION): Post {
  return { v, from, heads: [{ room: "general", seq: number }] };
}

const ALICE = { id: "alice0000000", name: "Alice" };

/** A post that has all that a post can have, with texts that an encoding may change. */
const FULL: Post = {
  v: LINK_VERSION,
  from: "one",
  changes: [
    {
      type: "chat_message",
      room: "general",
      seq: 1,
      id: "01HF7YAT000000000000000000",
      user_id: ALICE.id,
      username: ALICE.name,
      text: `👩‍👩‍👧‍👦 "\\u0000" '\r\n\t\u2028 שלום`,
      time: 1_700_000_000_000,
      reply_to: "01HF7YAT000000000000000001",
    },
    { type: "message_edited", room: "tea", seq: 2, id: "a", text: "", edited_at: 1 },
    { type: "message_deleted", room: "tea", seq: 3, id: "a" },
    { type: "reaction", room: "tea", seq: 4, id: "b", emoji: "👍", user_id: ALICE.id, on: false },
  ],
  heads: [{ room: "general", seq: 1 }, { room: "tea", seq: 4 }],
  moves: [{ room: "general", user: ALICE, on: true, rev: 7 }],
  typing: [{ room: "general", user: ALICE, on: true }],
  takenOver: [ALICE.id],
};

type Prove = (one: Instance, two: Instance, three: Instance, carrier: TestCarrier) => Promise<void>;

const CONTRACT: Readonly<Record<string, Prove>> = {
  "carries a post to every other instance": async (one, two, three) => {
    one.link.post(post("one", 1));
    two.link.post(post("two", 2));
    await Promise.all([one.receives(1), two.receives(1), three.receives(2)]);
    assertEquals(one.received, [post("two", 2)]);
    assertEquals(two.received, [post("one", 1)]);
    const byInstance = three.received.toSorted((a, b) => a.from < b.from ? -1 : 1);
    assertEquals(byInstance, [post("one", 1), post("two", 2)]);
  },

  "carries all that a post can hold as it is": async (one, two) => {
    one.link.post(FULL);
    await two.receives(1);
    assertEquals(two.received, [FULL]);
  },

  "brings no post back to the instance that sent it": async (one, two) => {
    for (let i = 0; i < 10; i++) one.link.post(post("one", i));
    await two.receives(10);
    two.link.post(post("two", 10));
    await one.receives(1);
    assertEquals(one.received, [post("two", 10)]);
  },

  "passes over posts of a version that it does not know": async (one, two) => {
    one.link.post(post("one", 1, LINK_VERSION + 1));
    one.link.post(post("one", 2, LINK_VERSION - 1));
    one.link.post(post("one", 3));
    await two.receives(1);
    assertEquals(two.received, [post("one", 3)]);
  },

  "does nothing more once it is closed": async (one, two, three) => {
    await two.link.close();
    two.link.post(post("two", 1));
    one.link.post(post("one", 2));
    await three.receives(1);
    assertEquals(three.received, [post("one", 2)]);
    assertEquals(two.received, []);
    await two.link.close();
  },

  "joins an instance that comes later, or comes again": async (one, two, _three, carrier) => {
    one.link.post(post("one", 1));
    await two.receives(1);
    await two.link.close();
    const again = await openInstance(carrier, "two");
    one.link.post(post("one", 2));
    await again.receives(1);
    assertEquals(again.received.at(-1), post("one", 2));
    await again.link.close();
  },
};

/** Registers the tests that every link passes. `create` makes a carrier for one test. */
export function linkContract(name: string, create: () => Promise<TestCarrier>): void {
  for (const [sentence, prove] of Object.entries(CONTRACT)) {
    Deno.test(`${name} ${sentence}`, async () => {
      await using carrier = await create();
      const instances = await Promise.all(
        ["one", "two", "three"].map((instance) => openInstance(carrier, instance)),
      );
      const [one, two, three] = instances as [Instance, Instance, Instance];
      try {
        await prove(one, two, three, carrier);
      } finally {
        await Promise.all(instances.map(({ link }) => link.close()));
      }
    });
  }
}

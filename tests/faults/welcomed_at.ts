import type { WelcomeEvent } from "../../lib/wire/protocol.ts";
import { Client, type ClientOptions } from "../helpers/client.ts";

/** With two isolates, the chance that this many connections all come to the same one is below 10⁻¹⁸. */
const MAX_TRIES = 64;
/** How much longer each pause between two tries is than the one before, in milliseconds: 4 s in all. */
const LONGER_MS = 2;

/**
 * Opens a `parley.v1` connection to an instance of one's choice: comes again until the kernel deals it there.
 *
 * Also comes again when the connection breaks, as those do that are dealt to an isolate that is just dying.
 */
export async function welcomedAt(
  ws: string,
  options: ClientOptions,
  fits: (instance: string) => boolean = () => true,
): Promise<Client & { me: WelcomeEvent }> {
  let credentials = options;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const client = Client.v1(ws, credentials);
    const isClosed = () => client.socket.readyState === WebSocket.CLOSED;
    await client.until((events) => events.length > 0 || isClosed(), "a welcome");
    const [me]: WelcomeEvent[] = client.all("welcome");
    if (me && fits(me.instance)) return Object.assign(client, { me });
    await client.close();
    if (me) credentials = { token: me.token };
    // The instance may be one that is just being started.
    await new Promise((resolve) => setTimeout(resolve, tries * LONGER_MS));
  }
  throw new Error(`None of ${MAX_TRIES} connections came to an instance that fits`);
}

/** Opens two `parley.v1` connections, each to an isolate of its own. */
export async function welcomedApart(ws: string, first: string, second: string) {
  const one = await welcomedAt(ws, { username: first });
  const other = await welcomedAt(ws, { username: second }, (at) => at !== one.me.instance);
  return [one, other] as const;
}

import type { Locator } from "playwright-core";
import { assertEquals } from "@std/assert";
import { browserTest } from "../helpers/browser.ts";
import { eventually, type Person } from "../helpers/person.ts";
import { startServer } from "../helpers/server.ts";

/** All that a page needs to know of Parley. Whom it speaks for, and where, stands behind its `?`. */
const PAGE = `<!DOCTYPE html>
<html lang="en">
  <link rel="icon" href="data:,">
  <title>A page of somebody else</title>
  <ol aria-label="Events"></ol>
  <form><input aria-label="Words"></form>
  <script>
    const list = document.querySelector("ol");
    const show = (text) => list.append(Object.assign(document.createElement("li"), { textContent: text }));
    const socket = new WebSocket(new URLSearchParams(location.search).get("socket"));
    socket.onmessage = (event) => {
      const { type, username, text, timestamp, active_users } = JSON.parse(event.data);
      const detail = type === "chat_message" ? text : active_users.join(" ");
      show([type, username, detail, Date.parse(timestamp) > 0 ? "in time" : ""].join(" ").trim());
    };
    socket.onclose = (event) => show("closed " + event.code);
    document.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      socket.send(event.target.elements[0].value);
      event.target.reset();
    };
  </script>
</html>`;

browserTest(
  "two plain pages of another origin and a Parley page talk in one room",
  async (visitors) => {
    await using site = serveSite();
    await using server = await startServer({ PARLEY_ORIGINS: site.origin });
    const plain = async (username: string, clientId: string) => {
      const socket = `${server.ws}?${new URLSearchParams({ username, client_id: clientId })}`;
      return await visitors.open(`${site.origin}/?${new URLSearchParams({ socket })}`);
    };

    const alice = await plain("Alice", "a1");
    await hears(alice, "user_joined Alice Alice");
    const bob = await plain("Bob", "b1");
    await hears(alice, "user_joined Bob Alice Bob");
    const carol = await visitors.open(`${server.url}/?user=Carol`);
    await carol.peopleAre("Alice", "Bob", "Carol");

    await says(alice, "Hello from a plain page");
    await carol.sees("Alice", "Hello from a plain page");
    await carol.say("Hello from Parley");
    await says(bob, "<b>Hello</b> to both");
    await carol.sees("Bob", "<b>Hello</b> to both");

    const second = await plain("alice", "a2");
    await hears(second, "closed 1008");
    assertEquals(await events(second).count(), 1);

    await bob.page.close();
    await carol.log.getByText("Bob left").waitFor();
    await carol.peopleAre("Alice", "Carol");
    await eventually(async () =>
      assertEquals(await events(alice).allTextContents(), [
        "user_joined Alice Alice",
        "user_joined Bob Alice Bob",
        "user_joined Carol Alice Bob Carol",
        "chat_message Alice Hello from a plain page in time",
        "chat_message Carol Hello from Parley in time",
        "chat_message Bob <b>Hello</b> to both in time",
        "user_left Bob Alice Carol",
      ])
    );
    await visitors.leave();
  },
);

browserTest("a plain page of an origin that is not allowed gets no socket", async (visitors) => {
  await using site = serveSite();
  await using server = await startServer();
  const query = new URLSearchParams({ socket: `${server.ws}?username=Eve` });
  const eve = await visitors.open("about:blank");
  eve.expects(/^WebSocket connection to .* failed: .* 403$/);
  await eve.page.goto(`${site.origin}/?${query}`);
  await hears(eve, "closed 1006");
});

function serveSite() {
  const headers = { "content-type": "text/html; charset=utf-8" };
  const site = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response(PAGE, { headers }),
  );
  return {
    origin: `http://127.0.0.1:${site.addr.port}`,
    [Symbol.asyncDispose]: () => site.shutdown(),
  };
}

function events({ page }: Person): Locator {
  return page.getByRole("list", { name: "Events" }).getByRole("listitem");
}

async function hears(person: Person, event: string): Promise<void> {
  await events(person).getByText(event, { exact: true }).waitFor();
}

async function says({ page }: Person, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Words" }).fill(text);
  await page.keyboard.press("Enter");
}

import type { Stage, VisitOptions } from "./browser.ts";
import type { Person } from "./person.ts";

/** Opens a page whose socket runs through `pass`, which lets a frame through, changes it, or swallows it. */
export async function openBehind(
  { open, server }: Stage,
  path: string,
  pass: (from: "page" | "server", frame: string) => string | undefined,
  options: VisitOptions = {},
): Promise<Person> {
  const person = await open("about:blank", { apart: true, ...options });
  await person.page.routeWebSocket(/\/ws/, (socket) => {
    const upstream = socket.connectToServer();
    socket.onMessage((frame) => {
      const passed = pass("page", String(frame));
      if (passed !== undefined) upstream.send(passed);
    });
    upstream.onMessage((frame) => {
      const passed = pass("server", String(frame));
      if (passed !== undefined) socket.send(passed);
    });
  });
  await person.page.goto(new URL(path, server.url).href);
  await person.linkIs("Connected");
  return person;
}

import { PLAIN_JSON } from "../../load/dialect.ts";
import { launch } from "../launch.ts";
import type { Peer } from "../peer.ts";
import { run } from "../run.ts";

const SERVER = decodeURIComponent(new URL("server.py", import.meta.url).pathname);

/** The second is Debian's, which has Debian's packages where the first is another's. */
const INTERPRETERS = ["python3", "/usr/bin/python3"];

/** FastAPI on uvicorn. */
export const fastApi: Peer = {
  name: "FastAPI",
  dialect: PLAIN_JSON,
  async start(port) {
    const command = await interpreter();
    // `-B`: nothing is to be written beside the program.
    return await launch({ name: "FastAPI", command, args: ["-B", SERVER] }, port);
  },
};

async function interpreter(): Promise<string> {
  for (const command of INTERPRETERS) {
    const args = ["-c", "import fastapi, uvicorn, websockets"];
    if ((await run(command, args))?.success) return command;
  }
  throw new Error(
    "Cannot start FastAPI as Python does not find it: apt-get install python3-fastapi python3-uvicorn python3-websockets",
  );
}

import { engineSuite } from "../helpers/engine_server.ts";
import { POSTGRES } from "../helpers/postgres_server.ts";
import { storeContract } from "./contract.ts";
import { makeDatabase } from "./postgres_databases.ts";

engineSuite(POSTGRES, (server) => {
  storeContract("PostgreSQL", () => makeDatabase(server()));
});

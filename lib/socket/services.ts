import type { Tokens } from "../auth/tokens.ts";
import type { Changes } from "../chat/changes.ts";
import type { Directs } from "../chat/directs.ts";
import type { Lobby } from "../chat/lobby.ts";
import type { News } from "../chat/news.ts";
import type { Presence } from "../chat/presence.ts";
import type { ReadMarkers } from "../chat/read_markers.ts";
import type { Tick } from "../chat/tick.ts";
import type { Config } from "../config.ts";
import type { Logger } from "../log.ts";
import type { Meter } from "../meter.ts";
import type { Store } from "../store/store.ts";
import type { Allowances } from "./allowances.ts";
import type { Connections } from "./connections.ts";
import type { Pressure } from "./pressure.ts";

/** For how long a name is kept for its holder after the last connection, in milliseconds: 24 h. */
export const NAME_KEPT_MS = 24 * 60 * 60 * 1000;

/** What connections of both modes work with. */
export interface ConnectionServices {
  /** What was set. */
  readonly config: Config;
  /** The name of this instance. */
  readonly instance: string;
  /** The program's version. */
  readonly version: string;
  /** Where failures go. */
  readonly log: Logger;
  /** What is counted. */
  readonly meter: Meter;
  /** Signs people in, and knows them again. */
  readonly tokens: Tokens;
  /** The key that tokens are signed with. */
  readonly key: Uint8Array;
  /** Where people's rooms are. */
  readonly store: Store;
  /** How far people have read. */
  readonly readMarkers: ReadMarkers;
  /** Tells people of rooms that a connection has not joined. */
  readonly news: News;
  /** Whose the direct rooms are. */
  readonly directs: Directs;
  /** The open rooms. */
  readonly lobby: Lobby;
  /** Who is connected here. */
  readonly presence: Presence;
  /** What people do to messages. */
  readonly changes: Changes;
  /** Flushes outboxes. */
  readonly tick: Tick;
  /** Looks after peers that read slowly. */
  readonly pressure: Pressure;
  /** How much each person may send. */
  readonly allowances: Allowances;
  /** All open connections. */
  readonly connections: Connections;
}

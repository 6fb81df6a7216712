/** A message as it stands now, with every change to it applied. */
export interface Message {
  /** The room's name. */
  readonly room: string;
  /** Its version: the `seq` of its latest change. */
  readonly seq: number;
  /** Its place in the room: the `seq` it was made with. */
  readonly pos: number;
  /** A ULID. It identifies the message and says nothing about its place. */
  readonly id: string;
  /** The author's id. */
  readonly user_id: string;
  /** The author's name when the message was sent. */
  readonly username: string;
  /** Absent once the message is deleted. */
  readonly text?: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly time: number;
  /** The id of the message that this one answers. */
  readonly reply_to?: string;
  /** When its text was last changed, in milliseconds since 1970. */
  readonly edited_at?: number;
  /** Present on a tombstone. */
  readonly deleted?: true;
  /** For each emoji the ids of the users who reacted with it, in the order in which they did. */
  readonly reactions?: Readonly<Record<string, readonly string[]>>;
}

/** The newest message of a room that is not deleted, for lists of rooms. */
export interface Newest {
  /** The author's id. */
  readonly user_id: string;
  /** The author's name when it was sent. */
  readonly username: string;
  /** Its first 140 characters (code points). */
  readonly text: string;
  /** When it was sent, in milliseconds since 1970. */
  readonly time: number;
}

/** A person, as everyone in a room sees them. */
export interface User {
  /** 12 characters of `[a-z0-9]`; stays the same for as long as the person's token lives. */
  readonly id: string;
  /** 1-32 characters, unique without regard to case among the names that are held. */
  readonly name: string;
}

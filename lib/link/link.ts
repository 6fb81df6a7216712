import type { Change } from "../model/change.ts";
import type { Direct, Mark, Moved } from "../store/store.ts";
import type { User } from "../model/user.ts";

/** The version of {@linkcode Post}: instances ignore posts of a version they do not know. */
export const LINK_VERSION = 1;

/** What one instance tells the others once a tick. All of it but `typing` is a hint: the store has the truth. */
export interface Post {
  /** The version of its shape: {@linkcode LINK_VERSION}. */
  readonly v: number;
  /** The instance that posts. */
  readonly from: string;
  /** The epoch of the log that its numbers are of, which mean nothing in another one. Absent while the instance knows of none. */
  readonly epoch?: string;
  /** Changes that were stored. */
  readonly changes?: readonly Change[];
  /** Where rooms stand, without the changes themselves; in place of `changes` if the link carries none whole. */
  readonly heads?: readonly { readonly room: string; readonly seq: number }[];
  /** People who came into rooms or left them. */
  readonly moves?: readonly Moved[];
  /** People who began to type, or stopped. */
  readonly typing?: readonly { readonly room: string; readonly user: User; readonly on: boolean }[];
  /** How far people have read, for their connections elsewhere. */
  readonly reads?: readonly Mark[];
  /** Direct rooms that were made, or in which a burst is over: the two are to hear of them, who may not know that they have them. */
  readonly directs?: readonly Direct[];
  /** The ids of people whose connections elsewhere gave way to one at `from`: ask the store. */
  readonly takenOver?: readonly string[];
}

/**
 * Carries hints between the instances of one store.
 *
 * It may lose, repeat, reorder or delay posts; a post never comes back to the instance that sent it.
 */
export interface Link {
  /**
   * How the others hear of changes that were stored here.
   *
   * `"whole"`: posts carry them. `"heads"`: posts say in `heads` how far rooms have come, and who hears of it reads the
   * store at once. `"stored"`: the store itself tells of each with its append, so posts say nothing of them.
   */
  readonly changes: "whole" | "heads" | "stored";
  /** Sends a post to every other instance. Never throws, never waits. */
  post(post: Post): void;
  /** Stops receiving and lets go of the carrier. */
  close(): Promise<void>;
}

/**
 * Opens a link: `receive` is called with each post of another instance.
 *
 * `onRejoined` is called when a carrier that was lost is there again: what was posted meanwhile is lost.
 */
export type OpenLink = (
  receive: (post: Post) => void,
  onRejoined?: () => void,
) => Promise<Link> | Link;

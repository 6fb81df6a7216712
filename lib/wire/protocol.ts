import type { Change } from "../model/change.ts";
import type { Message, Newest } from "../model/message.ts";
import type { User } from "../model/user.ts";
import type { ErrorCode } from "./codes.ts";

/** The subprotocol that a client asks for in `Sec-WebSocket-Protocol`. */
export const SUBPROTOCOL = "parley.v1";

/** The prefix of a second subprotocol that carries a token from a page on another origin. */
export const TOKEN_SUBPROTOCOL = "parley.token.";

/** The longest `ref` and `nonce`, in characters. */
export const MAX_REF_CHARS = 64;

/** What a client calls one of its commands: it comes back in the reply. */
export type Ref = string | number;

/** Where a client stood in a room when it lost its connection. */
export interface Since {
  /** The epoch of the room's log, as `joined` told it. */
  readonly epoch: string;
  /** The newest change that the client has. */
  readonly seq: number;
}

/** What every command has. */
export interface CommandOf<T extends string> {
  /** Tells commands apart. */
  readonly type: T;
  /** Comes back in the reply. */
  readonly ref?: Ref;
}

/** What a command has that concerns a room. */
export interface RoomCommand<T extends string> extends CommandOf<T> {
  /** The room's name. */
  readonly room: string;
}

/** What a command has that concerns a message. */
export interface MessageCommand<T extends string> extends RoomCommand<T> {
  /** The message's id. */
  readonly id: string;
}

/** Enter a room. The answer is `joined`. */
export interface JoinCommand extends RoomCommand<"join"> {
  /** Where the client stood when it was last in the room. */
  readonly since?: Since;
  /** The most messages wanted; the server has a limit of its own. */
  readonly limit?: number;
}

/** Leave a room. The answer is `left`. */
export type LeaveCommand = RoomCommand<"leave">;

/** Say something. The answer is `ack`, before the message itself comes. */
export interface SendCommand extends RoomCommand<"send"> {
  /** What is said. */
  readonly text: string;
  /** The client's own id of this send: repeated with it, a message is stored once. */
  readonly nonce?: string;
  /** The id of the message that this one answers. */
  readonly reply_to?: string;
}

/** Change the text of one's own message. The answer is `ack`. */
export interface EditCommand extends MessageCommand<"edit"> {
  /** The new text. */
  readonly text: string;
}

/** Turn a message into a tombstone. The answer is `ack`. */
export type DeleteCommand = MessageCommand<"delete">;

/** Put a reaction on a message, or take it off. The answer is `ack`. */
export interface ReactCommand extends MessageCommand<"react"> {
  /** One whole emoji. */
  readonly emoji: string;
  /** Whether it is put on. */
  readonly on: boolean;
}

/** Say that one is typing, or stopped. There is no answer. */
export interface TypingCommand extends RoomCommand<"typing"> {
  /** Whether one is typing. */
  readonly on: boolean;
}

/** Say how far one has read. There is no answer. */
export interface ReadCommand extends RoomCommand<"read"> {
  /** The newest change that was read. */
  readonly seq: number;
}

/** Ask for a `pong`. */
export type PingCommand = CommandOf<"ping">;

/** What takes the next number in a room's log. */
export type ChangeCommand = SendCommand | EditCommand | DeleteCommand | ReactCommand;

/** Everything a client may ask. */
export type Command =
  | JoinCommand
  | LeaveCommand
  | ChangeCommand
  | TypingCommand
  | ReadCommand
  | PingCommand;

/** The limits that a client should know before it runs into them; in JSON `null` stands for one that is off. */
export interface Limits {
  /** Characters (code points) of a message. */
  readonly message_chars: number;
  /** Bytes of a frame. */
  readonly frame_bytes: number;
  /** How fast the tokens of a user come back. */
  readonly messages_per_second: number;
  /** Messages that a user may send at once. */
  readonly message_burst: number;
  /** Rooms that a connection may join at once. */
  readonly rooms: number;
  /** Messages that come with `joined`. */
  readonly history: number;
}

/** One of a person's rooms, as they find it. */
export interface RoomView {
  /** The room's name. */
  readonly room: string;
  /** The other one, in a direct room. */
  readonly with?: User;
  /** Its newest message; absent if there is none that was not deleted. */
  readonly newest?: Newest;
  /** The newest change that they have read. */
  readonly read: number;
  /** Messages that they have not read; 100 stands for any more. */
  readonly unread: number;
  /** How many of them name the person. */
  readonly mentions: number;
}

/** What every event has. */
export interface EventOf<T extends string> {
  /** Tells events apart. */
  readonly type: T;
}

/** What an event has that answers a command. */
export interface ReplyOf<T extends string> extends EventOf<T> {
  /** The `ref` of the command. */
  readonly ref?: Ref;
}

/** What an event has that concerns a room. */
export interface InRoom<T extends string> extends EventOf<T> {
  /** The room's name. */
  readonly room: string;
}

/** What an event has that concerns a person in a room. */
export interface OfUser<T extends string> extends InRoom<T> {
  /** The person's id. */
  readonly user_id: string;
  /** The person's name. */
  readonly username: string;
}

/** The first event of a connection: who it speaks for, and where. */
export interface WelcomeEvent extends EventOf<"welcome"> {
  /** Whom the connection speaks for. */
  readonly user: User;
  /** Signs the same person in again, on this connection's place or over HTTP. */
  readonly token: string;
  /** Present if they may delete what others wrote. */
  readonly moderator?: boolean;
  /** The instance that took the connection. */
  readonly instance: string;
  /** The server's version. */
  readonly version: string;
  /** What the client must keep to. */
  readonly limits: Limits;
  /** Whether messages can be searched here. */
  readonly search: boolean;
  /** The person's rooms: those that they joined and have not left. */
  readonly rooms: readonly RoomView[];
}

/** A message as it stands now, as one reader sees it: who reacted is told by number. */
export interface MessageView extends Omit<Message, "reactions"> {
  /** For each emoji how many people reacted with it, and whether the reader did. */
  readonly reactions?: Readonly<
    Record<string, { readonly count: number; readonly mine: boolean }>
  >;
}

/** The answer to `join`: where the room stands, what was said, who is there. */
export interface JoinedEvent extends ReplyOf<"joined">, InRoom<"joined"> {
  /** Changes with the room's log. */
  readonly epoch: string;
  /** The number of the change after which this holds. */
  readonly seq: number;
  /** Whether `messages` is all that changed since `since`; otherwise it is the newest page. */
  readonly recovered: boolean;
  /** Messages as they now stand. */
  readonly messages: readonly MessageView[];
  /** People in the room. */
  readonly count: number;
  /** The first 100 of them. */
  readonly users: readonly User[];
  /** The other one, in a direct room. */
  readonly with?: User;
}

/** The answer to `leave`. */
export interface LeftEvent extends ReplyOf<"left">, InRoom<"left"> {}

/** Somebody came into a room. */
export interface UserJoinedEvent extends OfUser<"user_joined"> {
  /** People in the room now. */
  readonly count: number;
}

/** Somebody left a room with their last connection. */
export interface UserLeftEvent extends OfUser<"user_left"> {
  /** People in the room now. */
  readonly count: number;
}

/** How many people are in a room too large to tell of each. */
export interface PresenceEvent extends InRoom<"presence"> {
  /** People in the room now. */
  readonly count: number;
}

/** Somebody is typing; it fades after 5 s. */
export interface TypingEvent extends OfUser<"typing"> {
  /** Whether they are. */
  readonly on: boolean;
}

/** How far the person has read, for all of their devices. */
export interface ReadEvent extends InRoom<"read"> {
  /** The newest change that was read. */
  readonly seq: number;
}

/** News in one of the person's rooms that this connection has not joined. */
export interface RoomChangedEvent extends InRoom<"room_changed"> {
  /** The other one, in a direct room. */
  readonly with?: User;
  /** Its newest message; absent if there is none that was not deleted. */
  readonly newest?: Newest;
  /** Messages that the person has not read. */
  readonly unread: number;
  /** How many of them name the person. */
  readonly mentions: number;
}

/** A change was made, or had been made before. */
export interface AckEvent extends ReplyOf<"ack"> {
  /** The message's id. */
  readonly id: string;
  /** The change's number in the room's log. */
  readonly seq: number;
}

/** The answer to `ping`. */
export type PongEvent = ReplyOf<"pong">;

/** Something could not be done; everything else goes on. */
export interface ErrorEvent extends ReplyOf<"error"> {
  /** For a program. */
  readonly code: ErrorCode;
  /** For a person: what was expected, and what came. */
  readonly message: string;
  /** When to try again. */
  readonly retry_after_ms?: number;
}

/** The server is going away. */
export interface ByeEvent extends EventOf<"bye"> {
  /** Why. */
  readonly reason: string;
  /** When to come back, so that not everybody does at once. */
  readonly reconnect_after_ms: number;
}

/** What everyone in a room is told. */
export type RoomEvent =
  | Change
  | UserJoinedEvent
  | UserLeftEvent
  | PresenceEvent
  | TypingEvent;

/** What one connection is told. */
export type PrivateEvent =
  | WelcomeEvent
  | JoinedEvent
  | LeftEvent
  | ReadEvent
  | RoomChangedEvent
  | AckEvent
  | PongEvent
  | ErrorEvent
  | ByeEvent;

/** Everything a client may be told. */
export type Event = RoomEvent | PrivateEvent;

import { assertEquals } from "@std/assert";
import { isEmoji } from "../../lib/model/emoji.ts";
import { countChars, isRoomName } from "../../lib/model/names.ts";
import { CLOSE, comesBack } from "../../lib/wire/codes.ts";
import { SUBPROTOCOL, TOKEN_SUBPROTOCOL } from "../../lib/wire/protocol.ts";
import * as page from "../../static/js/protocol.js";

Deno.test("the page and the server agree on the names of the protocol", () => {
  assertEquals([page.SUBPROTOCOL, page.TOKEN_SUBPROTOCOL], [SUBPROTOCOL, TOKEN_SUBPROTOCOL]);
  for (const [name, code] of Object.entries(page.CLOSE)) {
    assertEquals(code, CLOSE[name as keyof typeof page.CLOSE], name);
  }
});

Deno.test("the page and the server agree on which close codes ask to come back", () => {
  for (let code = 1000; code < 5000; code++) {
    assertEquals(page.comesBack(code), comesBack(code), `${code}`);
  }
});

Deno.test("the page and the server agree on names of rooms and on lengths", () => {
  for (const name of ["general", "a-1", "-a", "A", "", "a".repeat(32), "a".repeat(33), "~a", "ä"]) {
    assertEquals(page.isRoomName(name), isRoomName(name), name);
  }
  for (const text of ["", "abc", "💬", "e\u0301", "a💬b", "\ud83d"]) {
    assertEquals(page.countChars(text), countChars(text), text);
  }
});

Deno.test("the page and the server agree on what is one emoji", () => {
  for (const text of ["👍", "❤️", "👩‍👩‍👧‍👦", "🏳️‍🌈", "👍👍", "a", "", "1", "❤"]) {
    assertEquals(page.isEmoji(text), isEmoji(text), text);
  }
});

Deno.test("what somebody types becomes the room that they mean", () => {
  assertEquals(page.toRoomName("  #Side Room "), "side-room");
  assertEquals(page.toRoomName("dev_ops"), "dev-ops");
  assertEquals(page.isRoomName(page.toRoomName("Größe")), false);
});

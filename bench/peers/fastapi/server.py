"""A chat on FastAPI, with the ConnectionManager that its documentation shows, one for each room."""

import itertools
import json
import os
import platform
import sys
import time
from typing import Optional

import fastapi
import uvicorn
import websockets.version
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
counter = itertools.count(int.from_bytes(os.urandom(5), "big"))
user_ids = itertools.count(1)


def base32(value: int, length: int) -> str:
    digits = ""
    while value:
        digits = CROCKFORD[value & 31] + digits
        value >>= 5
    return digits.rjust(length, "0")


def make_id() -> str:
    return base32(int(time.time() * 1000), 10) + base32(next(counter), 16)


def to_json(value: dict) -> str:
    # Without spaces, so that its events are as long as everybody's.
    return json.dumps(value, separators=(",", ":"))


class ConnectionManager:
    def __init__(self) -> None:
        self.active_connections: list[WebSocket] = []
        self.seq = 0

    async def broadcast(self, message: str) -> None:
        for connection in list(self.active_connections):
            try:
                await connection.send_text(message)
            except (RuntimeError, websockets.ConnectionClosed):
                self.disconnect(connection)

    def disconnect(self, websocket: WebSocket) -> None:
        if websocket in self.active_connections:
            self.active_connections.remove(websocket)


app = FastAPI()
rooms: dict[str, ConnectionManager] = {}


@app.websocket("/ws")
async def chat(websocket: WebSocket, username: str = "somebody") -> None:
    offered = websocket.scope["subprotocols"]
    await websocket.accept(subprotocol=offered[0] if offered else None)
    user_id = str(next(user_ids)).rjust(12, "0")
    joined: list[ConnectionManager] = []
    try:
        while True:
            command = json.loads(await websocket.receive_text())
            name = command["room"]
            room = rooms.setdefault(name, ConnectionManager())
            if command["type"] == "join":
                room.active_connections.append(websocket)
                joined.append(room)
                count = len(room.active_connections)
                answer = {"type": "joined", "room": name, "seq": room.seq, "count": count}
                await websocket.send_text(to_json(answer))
            elif command["type"] == "send":
                room.seq += 1
                message = {
                    "type": "chat_message",
                    "room": name,
                    "seq": room.seq,
                    "id": make_id(),
                    "user_id": user_id,
                    "username": username,
                    "text": command["text"],
                    "time": int(time.time() * 1000),
                }
                ack = {"type": "ack", "ref": command["ref"], "id": message["id"], "seq": message["seq"]}
                await websocket.send_text(to_json(ack))
                await room.broadcast(to_json(message))
    except WebSocketDisconnect:
        pass
    finally:
        for room in joined:
            room.disconnect(websocket)


class Server(uvicorn.Server):
    """Says that it is ready once it listens: the application's own startup comes before that."""

    async def startup(self, sockets: Optional[list] = None) -> None:
        await super().startup(sockets=sockets)
        version = (
            f"FastAPI {fastapi.__version__}, uvicorn {uvicorn.__version__}, "
            f"websockets {websockets.version.version}, Python {platform.python_version()}"
        )
        if self.started:
            print(json.dumps({"pid": os.getpid(), "version": version}), flush=True)


if __name__ == "__main__":
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
        ws="websockets",
        ws_per_message_deflate=False,
        # The load generator answers no pings.
        ws_ping_interval=None,
        ws_ping_timeout=None,
    )
    Server(config).run()

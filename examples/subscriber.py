#!/usr/bin/env python3
"""Listens to Pulsewatch alerts and prints them.

Needs the package `websockets`, 10 or later (Debian: apt install python3-websockets; else: pip install websockets).

    python3 subscriber.py [ws://127.0.0.1:8000/api/v1/ws/alerts]
"""

import asyncio
import json
import random
import sys
from urllib.parse import urlencode

import websockets

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8000/api/v1/ws/alerts"


def log(text):
    """Remarks go to stderr, so that stdout holds alerts and nothing else."""
    print(text, file=sys.stderr, flush=True)


def handle(event):
    """Here your own work begins: open a ticket, write a row, call somebody."""
    kind = event["type"]
    if kind in ("employee_stress", "department_critical"):
        # json.dumps because names come from uploaded files and should not reach a terminal as they are.
        print(kind, event["id"], json.dumps(event["data"]), flush=True)
    elif kind == "alert_cleared":
        print("cleared", event["data"]["raised_id"], json.dumps(event["data"]), flush=True)
    elif kind == "snapshot":
        # Our id is older than the log. Instead of a part of the story we get everything that is active now: put it
        # in the place of what you knew.
        print("snapshot", json.dumps(event["data"]["active"]), flush=True)
    # Ignore types you do not know ("connection", "position", and what future versions add).


async def listen():
    # Every event has an id that only grows. The id of the last one seen is all a client needs to keep: after a
    # reconnect, the server sends what came after it. Store it to survive your own restarts too.
    last_id = None
    attempt = 0
    while True:
        # v=1 adds clears, positions and resuming. Without it there are only "connection", alerts and "pong".
        query = {"v": "1"}
        if last_id is not None:
            query["last_event_id"] = last_id
        try:
            # The library pings the server by itself and ends the connection when no answer comes.
            # A snapshot of a large company can be longer than the 1 MiB that the library accepts unless told.
            async with websockets.connect(
                f"{URL}?{urlencode(query)}", ping_interval=25, ping_timeout=10, max_size=64 * 2**20
            ) as socket:
                log("connected")
                attempt = 0
                async for text in socket:
                    event = json.loads(text)
                    handle(event)
                    # After handling, not before: if handling fails, the event comes again.
                    last_id = event.get("id", last_id)
                log(f"closed ({socket.close_code})")
        except (OSError, asyncio.TimeoutError, websockets.WebSocketException) as error:
            log(f"connection lost: {error or type(error).__name__}")
        # Wait longer each time, up to 30 s, and by a random part, so that many clients do not come back at once.
        delay = min(30, 2**attempt) * random.uniform(0.5, 1)
        attempt += 1
        log(f"again in {delay:.1f} s")
        await asyncio.sleep(delay)


try:
    asyncio.run(listen())
except KeyboardInterrupt:
    pass

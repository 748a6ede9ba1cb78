# SPDX-License-Identifier: EUPL-1.2
"""Relays are told to those who may have a call, with a password that ends."""
import base64
import hashlib
import hmac
import os
import tempfile
import time
import unittest

from jawort import NONCE, Couple, Server, officer

URLS = ["turn:relay.example:3478?transport=udp", "turns:relay.example:443?transport=tcp"]


class Turn(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        with tempfile.NamedTemporaryFile("w", delete=False) as secret:
            secret.write("north\n")
        self.addCleanup(os.unlink, secret.name)
        self.server = Server(*(f"--turn-url={url}" for url in URLS), f"--turn-secret-file={secret.name}")
        self.addCleanup(self.server.remove)
        await self.server.media.start()
        await self.server.start()

    def check(self, view):
        media = view["media"]
        self.assertEqual([server["urls"] for server in media["ice_servers"]], URLS)
        for server in media["ice_servers"]:
            expiry, peer = server["username"].split(":")
            self.assertEqual(peer, media["peer"])
            self.assertTrue(time.time() + 3500 < int(expiry) < time.time() + 7300)
            expected = base64.b64encode(hmac.digest(b"north", server["username"].encode(), hashlib.sha1)).decode()
            self.assertEqual(server["credential"], expected)

    async def test_from_the_device_check_to_the_end(self):
        couple = Couple(self.server, together=True)
        await couple.book()
        person = await couple.open(0)
        await person.connect()
        self.check(person.views[-1])
        await person.call("visit.enter", nonce=NONCE)
        desk = await officer(self.server, "renate.richter", is_ready=False)
        self.check(desk.views[-1])
        await person.http("POST", "/api/v1/appointment/cancel", {})
        await person.view(lambda v: v["media"]["ice_servers"] == [], "the end")
        await desk.close()
        await couple.close()


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: EUPL-1.2
"""Relays are told to those who are in a session, with a password of the day."""
import base64
import hashlib
import hmac
import os
import tempfile
import time
import unittest

from jawort import Couple, Server, officer

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

    async def test_only_in_a_session(self):
        couple = Couple(self.server, together=True)
        await couple.book()
        await couple.wait()
        person = couple.browsers[0]
        desk = await officer(self.server, "renate.richter", is_ready=False)
        for browser in (person, desk):
            self.assertEqual(browser.views[-1]["media"]["ice_servers"], [])
        desk.session = (await desk.call("desk.ready"))["session"]
        for browser in (person, desk):
            self.check(await browser.view(lambda v: v["session"] and v["session"]["state"] == "assigned", "the session"))
        await desk.call("session.join", session=desk.session)
        for browser in (person, desk):
            self.check(await browser.view(lambda v: v["session"]["state"] == "live", "the meeting"))
        await desk.call("session.end", session=desk.session, reason="technical")
        await person.view(lambda v: v["session"]["state"] == "wrap_up" and v["media"]["ice_servers"] == [], "the end")


if __name__ == "__main__":
    unittest.main()

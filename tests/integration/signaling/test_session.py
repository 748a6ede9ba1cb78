# SPDX-License-Identifier: EUPL-1.2
"""The way of a session: wait, be drawn, meet, consent, record, end."""
import unittest

from jawort import Couple, Server, officer


class Session(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = Server()
        self.addCleanup(self.server.remove)
        await self.server.media.start()
        await self.server.start()

    async def test_way(self):
        couple = Couple(self.server)
        await couple.book()
        await couple.wait()
        first, second = couple.browsers
        view = await first.view(lambda v: v["waiting"], "a place in the waiting room")
        self.assertEqual(view["waiting"]["place"], 1)
        self.assertLessEqual(view["waiting"]["estimate_min_ms"], view["waiting"]["estimate_max_ms"])
        desk = await officer(self.server, "renate.richter")
        self.assertIsNotNone(desk.session)
        view = await first.view(lambda v: v["session"], "an officer")
        self.assertEqual(view["session"]["state"], "assigned")
        await desk.call("session.join", session=desk.session)
        view = await second.view(lambda v: v["session"] and v["session"]["state"] == "live", "the meeting")
        for browser in (first, second, desk):
            await self.server.media.expect("peer.place", peer=browser.views[-1]["media"]["peer"], room=desk.session)


if __name__ == "__main__":
    unittest.main()

# SPDX-License-Identifier: EUPL-1.2
"""Devices come and go: whoever changed device, signed out or is done is seen and heard by nobody through the old one."""
import sqlite3
import unittest

from jawort import NONCE, OFFER, Couple, Server, officer, until


class Devices(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = Server()
        self.addCleanup(self.server.remove)
        self.media = self.server.media
        await self.media.start()
        await self.server.start()
        self.couple = Couple(self.server, together=True)
        await self.couple.book()
        await self.couple.wait()
        self.first = self.couple.browsers[0]
        self.desk = await officer(self.server, "renate.richter")
        await self.desk.call("session.join", session=self.desk.session)
        for browser in (self.first, self.desk):
            await self.media.expect("peer.place", peer=self.peer(browser), room=self.desk.session)

    @staticmethod
    def peer(browser):
        return browser.views[-1]["media"]["peer"]

    def rows(self, sql, *values):
        with sqlite3.connect(f"{self.server.folder}/jawort.db", timeout=10) as database:
            return database.execute(sql, values).fetchall()

    async def consent(self):
        version = (await self.first.http("GET", "/api/v1/consent?language=de"))["version"]
        for person in self.first.views[-1]["covers"]:
            await self.first.call("consent.give", person=person, text_version=version, is_given=True)
        await self.first.view(lambda v: v["session"]["recording"]["state"] == "on", "the recording")

    async def change_device(self):
        """The first person opens the own link at another device."""
        other = await self.couple.open(0)
        await other.connect()
        await other.call("media.offer", sdp=OFFER)
        self.media.connect(self.peer(other))
        await other.call("visit.enter", nonce=NONCE)
        await self.media.expect("peer.place", peer=self.peer(other), room=self.desk.session)
        return other

    async def test_replaced(self):
        other = await self.change_device()
        await self.media.expect("peer.close", peer=self.peer(self.first))
        await other.call("media.offer", sdp=OFFER)
        self.assertEqual([c["peer"] for c in self.media.sent("peer.close")], [self.peer(self.first)])

    async def test_old_page_stays_out(self):
        """The newest device wins, however often an old page comes back, until the person acts there."""
        other = await self.change_device()
        self.assertEqual(await self.first.closed(), 4409)
        for _ in range(2):
            await self.first.connect(is_welcome=False)
            self.assertEqual(await self.first.closed(), 4409)
        await other.call("media.offer", sdp=OFFER)
        await self.first.http("POST", "/api/v1/page/take-over", {})
        self.assertEqual(await other.closed(), 4409)
        await self.first.connect()
        await self.first.call("media.offer", sdp=OFFER)
        await other.connect(is_welcome=False)
        self.assertEqual(await other.closed(), 4409)
        third = await self.change_device()
        self.assertEqual(await self.first.closed(), 4409, "a device that signs in later is newer again")
        await third.call("media.offer", sdp=OFFER)
        self.assertEqual(self.rows("SELECT action FROM entry WHERE action LIKE 'page.taken%'"), [("page.taken_over",)])

    async def test_two_windows(self):
        """Of one browser: the one opened last stays."""
        old = self.first.socket
        await self.first.connect()
        await until(lambda: old.closed, "the other window to be closed")
        self.assertEqual(old.close_code, 4409)
        await self.first.call("media.offer", sdp=OFFER)
        self.assertFalse(self.media.sent("peer.close"))

    async def test_replaced_beside_a_restart(self):
        """What happened between the change of device and the next start of serve is not lost."""
        other = await self.change_device()
        old, new, officers = (self.peer(b) for b in (self.first, other, self.desk))
        for browser in (self.first, other, self.desk):
            await browser.close()
        self.server.kill()
        self.media.commands.clear()
        self.media.answers["hello"] = {"recordings": [], "rooms": [self.desk.session], "peers": [
            {"peer": peer, "room": self.desk.session, "state": "connected"} for peer in (old, new, officers)]}
        await self.server.start()
        await self.media.expect("peer.place", peer=old, room=None)
        await self.media.expect("peer.close", peer=old)
        for browser in (other, self.desk):
            browser.views.clear()
            await browser.connect()
        await until(lambda: self.rows("SELECT COUNT(*) FROM presence WHERE is_connected = 1") == [(2,)], "both pages")
        self.assertEqual({c["peer"] for do in ("peer.place", "peer.close") for c in self.media.sent(do)}, {old}, "the others' call goes on")

    async def test_signed_out(self):
        await self.first.http("DELETE", "/api/v1/link")
        await self.media.expect("peer.close", peer=self.peer(self.first))
        self.assertFalse(self.media.sent("peer.close", peer=self.peer(self.desk)))

    async def test_session_ended(self):
        await self.desk.call("session.end", session=self.desk.session, reason="completed")
        await self.desk.view(lambda v: v["state"] == "wrap_up", "the paperwork")
        await self.desk.call("desk.pause")
        await self.media.expect("peer.close", peer=self.peer(self.first))
        self.assertFalse(self.media.sent("peer.close", peer=self.peer(self.desk)), "the officer takes further sessions")

    async def test_identification_is_in_one_go(self):
        await self.consent()
        await self.desk.call("attempt.start", session=self.desk.session, person=self.first.views[-1]["covers"][1])
        await self.desk.view(lambda v: [a["state"] for a in v["session"]["attempts"]] == ["running"], "the attempt")
        # the same device again is no change
        await self.first.close()
        await self.first.connect()
        await self.first.call("visit.enter", nonce=NONCE)
        self.assertEqual(self.rows("SELECT state FROM attempt"), [("running",)])
        await self.change_device()
        view = await self.desk.view(lambda v: [a["state"] for a in v["session"]["attempts"]] == ["interrupted"], "the interruption (V-20)")
        self.assertEqual(view["session"]["state"], "live", "the session itself goes on")
        [(details,)] = self.rows("SELECT d.details FROM entry_details d JOIN entry e ON e.organisation = d.organisation AND e.sequence = d.sequence WHERE e.action = 'attempt.interrupted'")
        self.assertIn("device_changed", details)

    async def test_refused_person_is_tried_again(self):
        await self.consent()
        self.media.answers["record.person"] = {"error": {"code": "busy", "text": "not now"}}
        other = await self.change_device()
        await self.media.expect("record.person", peer=self.peer(other))
        del self.media.answers["record.person"]
        count = len(self.media.sent("record.person"))
        await until(lambda: len(self.media.sent("record.person")) > count, "another try")


if __name__ == "__main__":
    unittest.main()

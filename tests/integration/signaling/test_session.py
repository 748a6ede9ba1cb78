# SPDX-License-Identifier: EUPL-1.2
"""The way of a session: wait, be drawn, meet, consent, record, end; and what may go wrong on it."""
import hashlib
import json
import os
import sqlite3
import unittest

from jawort import NONCE, OFFER, Couple, Server, officer, until


class Session(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = Server()
        self.addCleanup(self.server.remove)
        self.media = self.server.media
        await self.media.start()
        await self.server.start()

    async def asyncTearDown(self):
        if self.server.process.poll() is None:
            await self.server.stop()

    def rows(self, sql, *values):
        with sqlite3.connect(f"{self.server.folder}/jawort.db", timeout=10) as database:
            return database.execute(sql, values).fetchall()

    def actions(self, subject):
        """What the audit log says about an object."""
        return [action for (action,) in self.rows("SELECT action FROM entry WHERE subjects LIKE ? ORDER BY sequence", f"%{subject}%")]

    async def meet(self, **how):
        """A couple and an officer in a live session."""
        couple = Couple(self.server, **how)
        await couple.book()
        await couple.wait()
        desk = await officer(self.server, "renate.richter")
        await desk.call("session.join", session=desk.session)
        await couple.browsers[0].view(lambda v: v["session"] and v["session"]["state"] == "live", "the meeting")
        return couple, desk

    async def consent(self, browser, is_given=True):
        version = (await browser.http("GET", "/api/v1/consent?language=de"))["version"]
        for person in browser.views[-1]["covers"]:
            await browser.call("consent.give", person=person, text_version=version, is_given=is_given)

    async def recording(self, browser, state):
        await browser.view(lambda v: v["session"]["recording"]["state"] == state, f"the recording to be {state}")

    async def test_way(self):
        couple = Couple(self.server)
        await couple.book()
        await couple.wait()
        first, second = couple.browsers
        view = await first.view(lambda v: v["waiting"], "a place in the waiting room")
        self.assertEqual(view["waiting"]["place"], 1)
        self.assertLessEqual(view["waiting"]["estimate_min_ms"], view["waiting"]["estimate_max_ms"])
        desk = await officer(self.server, "renate.richter")
        view = await first.view(lambda v: v["session"], "an officer")
        self.assertEqual((view["session"]["state"], view["session"]["officer"]["name"], view["waiting"]), ("assigned", "Renate Richter", None))
        draw = (await desk.view(lambda v: v["session"], "the session at the desk"))["session"]["draw"]
        self.assertEqual(len(draw["candidates"]), 1)
        self.assertFalse(self.media.sent("peer.place"), "nobody is in a room before the officer joins")

        await desk.call("session.join", session=desk.session)
        for browser in (first, second, desk):
            await self.media.expect("peer.place", peer=browser.views[-1]["media"]["peer"], room=desk.session)
        await second.view(lambda v: v["session"]["state"] == "live", "the meeting")
        await first.call("chat.send", text="Hören Sie uns?")
        await desk.view(lambda v: [c["text"] for c in v["session"]["chat"]] == ["Hören Sie uns?"], "the chat line")

        await self.consent(first)
        await desk.view(lambda v: {p["consent"] for p in v["session"]["people"]} == {"given", "open"}, "one consent")
        self.assertFalse(self.media.sent("record.start"), "one consent of two is none")
        await self.consent(second)
        start = await self.media.expect("record.start", room=desk.session)
        self.assertEqual(sorted(p["name"] for p in start["people"]), ["officer", "partner_1", "partner_2"])
        self.assertTrue(start["recipients"][0].startswith("age1"))
        await self.recording(first, "on")

        self.media.event("record.chain", recording=start["recording"], chain="ab" * 32, bytes=4096)
        await until(lambda: "recording.anchored" in self.actions(desk.session), "the anchor")
        self.media.answers["record.stop"] = {"parts": [{"file": "001-partner_1.webm.age", "sha256": "cd" * 32, "bytes": 5000}], "chain": "ef" * 32}
        await desk.call("session.end", session=desk.session, reason="completed")
        await self.media.expect("record.stop", recording=start["recording"], destroy=False)
        await desk.view(lambda v: v["state"] == "wrap_up" and v["session"]["recording"]["state"] == "stopped", "the paperwork")
        await first.view(lambda v: v["appointment"]["state"] == "completed" and v["session"]["end_reason"] == "completed", "the end")
        await desk.call("desk.pause")
        await desk.view(lambda v: v["state"] == "paused" and v["session"] is None, "a free desk")
        self.assertEqual([a for a in self.actions(desk.session) if a.startswith("session.")],
                         ["session.assigned", "session.joined", "session.ended", "session.closed"])

    async def test_apart(self):
        """One partner and the officer go to the other room and come back: media, log, chapters, and what each may read."""
        couple, desk = await self.meet()
        first, second = couple.browsers
        peer = {browser: browser.views[-1]["media"]["peer"] for browser in (first, second, desk)}
        for browser in (first, second):
            await self.consent(browser)
        await self.recording(first, "on")
        await first.call("chat.send", text="Alle lesen das.")
        self.media.commands.clear()
        await desk.call("session.apart", session=desk.session, persons=[second.person], with_officer=True)
        for browser in (second, desk):
            await self.media.expect("peer.place", peer=peer[browser], room=desk.session, group=1)
        await self.media.expect("record.chapter", title="apart partner_2 officer")
        view = await first.view(lambda v: v["session"]["officer"]["is_apart"], "the officer to be elsewhere")
        self.assertEqual([p["is_apart"] for p in view["people"]], [False, True])
        self.assertFalse(self.media.sent("peer.place", peer=peer[first]), "the other stays where they are")
        await second.call("chat.send", text="Das ist nicht für alle.")
        await desk.view(lambda v: len(v["session"]["chat"]) == 2, "both lines at the desk")
        await first.call("chat.send", text="Und das nicht für Sie.")
        for browser, lines in ((first, ["Alle lesen das.", "Und das nicht für Sie."]), (second, ["Das ist nicht für alle."])):
            await browser.view(lambda v: [c["text"] for c in v["session"]["chat"]] == lines, "the lines of the own room")
        await first.call("session.apart", "not_found", session=desk.session, persons=[], with_officer=False)
        await desk.call("session.apart", "not_found", session=desk.session, persons=["person_01234567890123456789012345"], with_officer=False)

        await desk.call("session.apart", session=desk.session, persons=[], with_officer=False)
        for browser in (second, desk):
            await self.media.expect("peer.place", peer=peer[browser], room=desk.session, group=0)
        await self.media.expect("record.chapter", title="together")
        self.assertEqual([a for a in self.actions(desk.session) if a in ("session.separated", "session.reunited")],
                         ["session.separated", "session.reunited"])

    async def test_quality(self):
        """About everybody to the officer, about oneself to a person."""
        couple, desk = await self.meet()
        first, second = couple.browsers
        peer = first.views[-1]["media"]["peer"]
        for browser in (first, second, desk):
            await self.media.expect("peer.place", peer=browser.views[-1]["media"]["peer"])
        self.media.event("peer.quality", peer=peer, fps=12, up_kbps=300, paused=[], reasons=["upload_slow"])
        told = {"event": "quality", "peer": peer, "fps": 12, "up_kbps": 300, "paused": [], "reasons": ["upload_slow"]}
        for browser in (first, desk):
            await until(lambda: told in browser.events, "the quality")
        self.assertNotIn(told, second.events)
        await first.call("media.light", light=40)
        await self.media.expect("peer.light", peer=peer, light=40)

    async def test_two_people_open(self):
        couple, desk = await self.meet(together=True)
        [(first,)] = self.rows("SELECT recipients FROM organisation WHERE id = ?", desk.views[-1]["me"]["organisation"]["id"])
        self.rows("UPDATE organisation SET second_recipients = 'age1second age1deputy'")
        await self.consent(couple.browsers[0])
        start = await self.media.expect("record.start")
        self.assertEqual(start["recipients"], [first.split(), ["age1second", "age1deputy"]])

    async def test_refusal_is_not_recorded(self):
        couple, desk = await self.meet()
        await self.consent(couple.browsers[0])
        await self.consent(couple.browsers[1], is_given=False)
        await desk.view(lambda v: {p["consent"] for p in v["session"]["people"]} == {"given", "refused"}, "the refusal")
        self.assertFalse(self.media.sent("record.start"))

    async def test_withdrawal_destroys(self):
        couple, desk = await self.meet(together=True)
        first = couple.browsers[0]
        self.assertEqual(len(first.views[-1]["covers"]), 2)
        await self.consent(first)
        start = await self.media.expect("record.start")
        self.assertEqual(len(start["people"]), 2, "one device and the officer")
        await self.recording(first, "on")
        await first.call("consent.withdraw", person=first.views[-1]["covers"][1])
        await self.media.expect("record.stop", recording=start["recording"], destroy=True)
        await self.recording(first, "destroyed")

    async def test_withdrawal_is_kept_over_crashes(self):
        """After the end, with neither media nor serve: the next time both are there, the recording goes."""
        couple, desk = await self.meet(together=True)
        first = couple.browsers[0]
        await self.consent(first)
        start = await self.media.expect("record.start")
        await self.recording(first, "on")
        with open(os.path.join(start["folder"], "key.age"), "w") as key:
            key.write("secret")
        await desk.call("session.end", session=desk.session, reason="completed")
        await self.recording(first, "stopped")
        await desk.call("desk.pause")
        await self.media.crash()
        await until(lambda: {"event": "media_lost"} in first.events, "the news")
        await first.call("consent.withdraw", person=first.person)
        self.server.kill()
        await self.media.start()
        await self.server.start()
        await until(lambda: not os.path.exists(start["folder"]), "the end of the recording")
        await until(lambda: self.rows("SELECT 1 FROM recording WHERE state = 'destroyed'"), "the state")

    async def test_not_destroyed_is_not_called_destroyed(self):
        couple, desk = await self.meet(together=True)
        first = couple.browsers[0]
        await self.consent(first)
        start = await self.media.expect("record.start")
        await self.recording(first, "on")
        obstacle = os.path.join(start["folder"], "obstacle")
        os.mkdir(obstacle)
        await first.call("consent.withdraw", person=first.person)
        await until(lambda: "recording's state not stored" in self.server.said(), "the failure to be told")
        self.assertEqual(self.rows("SELECT state FROM recording"), [("on",)])
        self.assertNotIn("recording.destroyed", self.actions(desk.session))
        os.rmdir(obstacle)
        await self.recording(first, "destroyed")
        self.assertFalse(os.path.exists(start["folder"]))

    async def test_stranger_in_the_room_pauses(self):
        couple, desk = await self.meet()
        first, second = couple.browsers
        await second.close()
        await desk.view(lambda v: [p["is_present"] for p in v["session"]["people"]] == [True, False], "one partner gone")
        await self.consent(first)
        start = await self.media.expect("record.start")
        self.assertNotIn("partner_2", [p["name"] for p in start["people"]])
        await self.recording(first, "on")
        await second.connect()
        await self.media.expect("record.pause", recording=start["recording"], paused=True)
        await self.recording(first, "paused")
        await self.consent(second)
        await self.media.expect("record.pause", recording=start["recording"], paused=False)
        await self.media.expect("record.person", recording=start["recording"], name="partner_2")

    async def test_media_crash(self):
        couple, desk = await self.meet(together=True)
        first = couple.browsers[0]
        await self.consent(first)
        await self.recording(first, "on")
        await self.media.crash()
        for browser in (first, desk):
            await until(lambda: {"event": "media_lost"} in browser.events, "the news")
        await first.call("media.offer", "media", sdp=OFFER)
        self.media.commands.clear()
        await self.media.start()
        await until(lambda: self.media.writers, "the connection")
        for browser in (first, desk):
            await browser.call("media.offer", sdp=OFFER)
            self.media.connect(browser.views[-1]["media"]["peer"])
            await self.media.expect("peer.place", peer=browser.views[-1]["media"]["peer"], room=desk.session)
        again = await self.media.expect("record.start")
        self.assertEqual(again["part"], 2, "the recording goes on with its next part")

    async def test_vanished_officer(self):
        couple = Couple(self.server, together=True)
        await couple.book()
        await couple.wait()
        desk = await officer(self.server, "renate.richter")
        session = desk.session
        since = couple.browsers[0].views[-1]["waiting"]
        await desk.close()
        person = couple.browsers[0]
        await until(lambda: self.rows("SELECT 1 FROM presence WHERE page_lost_ms IS NOT NULL"), "the loss to be noted")
        self.rows("UPDATE presence SET page_lost_ms = page_lost_ms - 61000 WHERE page_lost_ms IS NOT NULL")
        view = await person.view(lambda v: v["waiting"], "the waiting room again")
        self.assertEqual((view["waiting"]["place"], view["session"]), (1, None))
        if since:
            self.assertEqual(view["waiting"]["since_ms"], since["since_ms"], "the place is kept")
        other = await officer(self.server, "tarik.yilmaz")
        await other.view(lambda v: v["session"] and v["session"]["id"] == session, "the session to go on with another officer")

    async def test_who_has_not_joined_ends_nothing(self):
        couple = Couple(self.server, together=True)
        await couple.book()
        await couple.wait()
        desk = await officer(self.server, "renate.richter")
        session = desk.session
        await desk.call("session.end", session=session, reason="office")
        await desk.view(lambda v: v["state"] == "paused" and v["session"] is None, "a free desk")
        view = await couple.browsers[0].view(lambda v: v["waiting"], "the waiting room again")
        self.assertEqual((view["appointment"]["state"], view["session"]), ("checked_in", None))
        self.assertEqual(self.actions(session)[-1], "session.requeued")
        other = await officer(self.server, "tarik.yilmaz")
        await other.view(lambda v: v["session"] and v["session"]["id"] == session, "the session to go on with another officer")

    async def test_interrupted_identification(self):
        couple, desk = await self.meet(together=True)
        first = couple.browsers[0]
        await self.consent(first)
        await self.recording(first, "on")
        await desk.call("attempt.start", session=desk.session, person=first.person)
        await desk.view(lambda v: [a["state"] for a in v["session"]["attempts"]] == ["running"], "the attempt")
        await self.media.expect("record.chapter")
        self.media.event("peer.state", peer=first.views[-1]["media"]["peer"], state="disconnected")
        await until(lambda: self.rows("SELECT 1 FROM presence WHERE media_lost_ms IS NOT NULL"), "the loss to be noted")
        self.rows("UPDATE presence SET media_lost_ms = media_lost_ms - 16000 WHERE media_lost_ms IS NOT NULL")
        view = await desk.view(lambda v: [a["state"] for a in v["session"]["attempts"]] == ["interrupted"], "the interruption")
        self.assertEqual(view["session"]["state"], "live", "the session itself goes on")

    async def test_wrong_certificate_stands_in_the_log(self):
        couple, desk = await self.meet(together=True)
        waiting = Couple(self.server, together=True)
        await waiting.book()
        await waiting.wait()
        for browser, about in ((couple.browsers[0], [desk.session]), (waiting.browsers[0], [])):
            self.media.event("peer.state", peer=browser.views[-1]["media"]["peer"], state="closed", reason="fingerprint_mismatch")
            await until(lambda: "media.fingerprint_mismatch" in self.actions(browser.person), "the entry")
            [(subjects, organisation)] = self.rows(
                "SELECT subjects, organisation FROM entry WHERE action = 'media.fingerprint_mismatch' AND subjects LIKE ?", f"%{browser.person}%")
            self.assertEqual([one for one in (desk.session,) if one in subjects], about)
            self.assertEqual(organisation, desk.views[-1]["me"]["organisation"]["id"])
        self.media.event("peer.state", peer="nobody", state="closed", reason="fingerprint_mismatch")

    async def test_whoever_leaves_the_desk_stands_in_the_log(self):
        away, leaving = await officer(self.server, "renate.richter"), await officer(self.server, "tarik.yilmaz")
        ids = [browser.views[-1]["me"]["id"] for browser in (away, leaving)]
        await away.close()
        await until(lambda: self.rows("SELECT 1 FROM presence WHERE page_lost_ms IS NOT NULL"), "the loss to be noted")
        self.rows("UPDATE presence SET page_lost_ms = page_lost_ms - 61000 WHERE page_lost_ms IS NOT NULL")
        await until(lambda: self.rows("SELECT 1 FROM desk WHERE staff = ? AND state = 'paused'", ids[0]), "the pause")
        await leaving.http("POST", "/api/v1/sign-out", {})
        await until(lambda: leaving.socket.closed, "the end of the page")
        last = [[action for action in self.actions(one) if not action.startswith("page.")][-1] for one in ids]
        self.assertEqual(last, ["desk.paused", "staff.signed_out"])

    async def test_comings_and_goings_stand_in_the_log(self):
        couple, desk = await self.meet(together=True)
        person = couple.browsers[0]
        await person.call("media.state", audio=False, video=True)
        await person.call("media.state", audio=False, video=True)
        await person.call("chat.send", text="Ich höre nichts")
        peer = person.views[-1]["media"]["peer"]
        self.media.event("peer.state", peer=peer, state="closed", reason="timeout")
        await until(lambda: "media.lost" in self.actions(person.person), "the loss")
        await person.call("visit.leave")
        await person.call("visit.leave")
        await person.http("DELETE", "/api/v1/link")
        await until(lambda: "page.closed" in self.actions(person.person), "the page's end")
        self.assertEqual(sorted(action for action in self.actions(person.person) if action.split(".")[0] in ("link", "page", "waiting", "media")),
                         ["link.closed", "link.opened", "media.connected", "media.lost", "media.switched", "page.closed", "page.opened",
                          "waiting.entered", "waiting.left"])
        # a line can be proved with what the database keeps of it, and with the log alone not be read
        [(text, salt)] = self.rows("SELECT text, salt FROM chat_line")
        [(details,)] = self.rows("SELECT details FROM entry JOIN entry_details USING (organisation, sequence) WHERE action = 'chat.sent'")
        self.assertEqual(json.loads(details), {"line": 1, "sha256": hashlib.sha256((salt + text).encode()).hexdigest()})

    async def test_one_broken_appointment_is_one(self):
        """Who cannot be served for reasons of their own is for the operator; the next one is served."""
        broken, whole = Couple(self.server, together=True), Couple(self.server, together=True)
        for couple in (broken, whole):
            await couple.book()
            await couple.wait()
        self.rows("INSERT INTO session (id, appointment, case_id, organisation, performing, state, place_ms, revision)"
                  " SELECT 'session_broken', id, case_id, responsible, responsible, 'ended', 0, 1 FROM appointment WHERE id = ?", broken.appointment)
        desk = await officer(self.server, "renate.richter")
        self.assertEqual(self.rows("SELECT appointment FROM session WHERE id = ?", desk.session), [(whole.appointment,)])
        self.assertIsNone((await officer(self.server, "tarik.yilmaz")).session)
        self.assertEqual(self.rows("SELECT state FROM appointment WHERE id = ?", broken.appointment), [("checked_in",)])
        self.assertIn("waiting appointment cannot be assigned", self.server.said())

    async def test_overflow(self):
        examiner = await officer(self.server, "irina.ident")
        busy = await officer(self.server, "renate.richter")
        own, foreign = Couple(self.server, together=True), Couple(self.server, together=True)
        await own.book()
        await own.wait()
        await busy.view(lambda v: v["state"] == "assigned", "the own officer to be first")
        self.assertEqual(examiner.views[-1]["state"], "ready")
        await foreign.book()
        await foreign.wait()
        view = await examiner.view(lambda v: v["session"], "the overflow")
        self.assertTrue(view["session"]["is_overflow"])
        self.assertEqual({i["email"] for i in view["session"]["intake"]}, {None}, "identity data only")
        self.assertEqual(view["today"], [])
        visit = await foreign.browsers[0].view(lambda v: v["session"], "the examiner")
        self.assertIn("Ident", visit["session"]["officer"]["organisation"])

    async def test_chat_ends_somewhere(self):
        couple, desk = await self.meet(together=True)
        await desk.call("chat.send", text="one")
        self.rows("UPDATE chat_line SET number = 499")
        await desk.call("chat.send", text="two")
        await desk.call("chat.send", "limit", text="three")
        await couple.browsers[0].view(lambda v: [c["text"] for c in v["session"]["chat"]] == ["one", "two"], "the lines")

    async def test_chat_is_not_for_the_next_organisation(self):
        """What was told the office's own staff, an examiner who takes over does not read."""
        couple, desk = await self.meet(together=True)
        person = couple.browsers[0]
        await person.call("chat.send", text="to the office")
        await desk.view(lambda v: v["session"]["chat"], "the line")
        await desk.close()
        await until(lambda: self.rows("SELECT 1 FROM presence WHERE page_lost_ms IS NOT NULL"), "the loss to be noted")
        self.rows("UPDATE presence SET page_lost_ms = page_lost_ms - 301000 WHERE page_lost_ms IS NOT NULL")
        await person.view(lambda v: v["waiting"], "the waiting room again")
        self.rows("UPDATE agreement_rule SET kind = 'always' WHERE kind = 'own_busy'")
        examiner = await officer(self.server, "irina.ident")
        await examiner.view(lambda v: v["session"], "the overflow")
        await examiner.call("session.join", session=desk.session)
        await person.view(lambda v: v["session"] and v["session"]["state"] == "live", "the meeting")
        await person.call("chat.send", text="to the examiner")
        view = await examiner.view(lambda v: v["session"]["chat"], "the line")
        self.assertEqual([c["text"] for c in view["session"]["chat"]], ["to the examiner"])
        await person.view(lambda v: [c["text"] for c in v["session"]["chat"]] == ["to the office", "to the examiner"], "both lines")

    async def test_own_staff_first(self):
        """Even where the contractor may always take sessions, and was ready first."""
        self.rows("UPDATE agreement_rule SET kind = 'always' WHERE kind = 'own_busy'")
        couple = Couple(self.server, together=True)
        await couple.book()
        examiner = await officer(self.server, "irina.ident")
        own = await officer(self.server, "renate.richter")
        for _ in range(6):
            await couple.wait() if not couple.browsers else await couple.browsers[0].call("visit.enter", nonce=NONCE)
            view = await couple.browsers[0].view(lambda v: v["session"], "an officer")
            self.assertEqual(view["session"]["officer"]["name"], "Renate Richter")
            # back to waiting, as if she had vanished, and ready again
            self.rows("UPDATE session SET assigned_ms = assigned_ms - 181000 WHERE state = 'assigned'")
            self.rows("UPDATE waiting SET left_ms = 1")
            self.rows("UPDATE presence SET is_connected = 0 WHERE participant = ?", couple.browsers[0].person)
            await own.view(lambda v: v["state"] == "paused", "the pause")
            await own.call("desk.ready")

    async def test_staff_of_another_office_is_no_help(self):
        """The registrar of Nord is idle; those who wait for Mitte are taken by the contractor."""
        self.rows("UPDATE staff_role SET office = (SELECT id FROM office WHERE name LIKE '%Nord') WHERE staff = (SELECT id FROM staff WHERE login = 'renate.richter')")
        idle = await officer(self.server, "renate.richter")
        examiner = await officer(self.server, "irina.ident")
        couple = Couple(self.server, together=True, office="Mitte")
        await couple.book()
        await couple.wait()
        await examiner.view(lambda v: v["session"], "the overflow")
        self.assertIsNone(idle.views[-1]["session"])


if __name__ == "__main__":
    unittest.main()

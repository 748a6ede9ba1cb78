# SPDX-License-Identifier: EUPL-1.2
"""A couple at two devices in a live session with a registrar, and the steps of an identification."""
import base64
import re
import unittest

from jawort import Couple, Server, officer, until


def check_digit(text):
    value = lambda c: int(c, 36) if c != "<" else 0
    return str(sum(value(c) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def card(surname, given, number, birth, expiry):
    """The lines of a German identity card."""
    first = f"IDD<<{number}{check_digit(number)}".ljust(30, "<")
    second = f"{birth}{check_digit(birth)}<{expiry}{check_digit(expiry)}D<<"
    second = second.ljust(29, "<")
    second += check_digit(first[5:] + second[:7] + second[8:15] + second[18:29])
    return [first, second, f"{surname}<<{given}".ljust(30, "<")]


ZONE = card("DVORAK", "ZOE<MARIE", "LZ6311T47", "900517", "311031")
ANSWERS = {"validity": "2021-11-01", "number": "LZ6311T47"}


class Meeting(unittest.IsolatedAsyncioTestCase):
    options = ()

    async def asyncSetUp(self):
        self.server = Server(*self.options)
        self.addCleanup(self.server.remove)
        still = {"file": "still.jpg.age", "sha256": "00" * 32, "width": 1280, "height": 720, "light": 120, "sharpness": 300,
                 "jpeg": base64.b64encode(b"\xff\xd8 a picture").decode(), "mrz": ZONE}
        self.server.media.answers["still"] = still
        await self.server.media.start()
        await self.server.start()
        self.couple = Couple(self.server)
        await self.couple.book()
        await self.couple.wait()
        self.zoe, self.jorgen = self.couple.browsers
        self.desk = await officer(self.server, "renate.richter")
        await self.desk.call("session.join", session=self.desk.session)
        await self.zoe.view(lambda v: v["session"] and v["session"]["state"] == "live", "the meeting")

    async def consent(self):
        text = await self.zoe.http("GET", "/api/v1/consent?language=de")
        for browser in (self.zoe, self.jorgen):
            await browser.call("consent.give", person=browser.person, text_version=text["version"], is_given=True)
        await self.desk.view(lambda v: v["session"]["recording"]["state"] == "on", "the recording")

    def attempt(self, view):
        return next((a for a in view["session"]["attempts"] if a["id"] == self.id), None)

    async def due(self):
        """The check that is due, once the desk shows another than the last; None at the end."""
        def look(view):
            attempt = self.attempt(view)
            now = [c for c in attempt["checks"] if c["state"] == "now"] if attempt else []
            return bool(attempt) and (now[0]["step"] if now else None) != self.last
        await self.desk.view(look, f"the step after {self.last}")
        now = [c for c in self.attempt(self.desk.views[-1])["checks"] if c["state"] == "now"]
        self.last = now[0]["step"] if now else None
        return now[0] if now else None

    async def start(self):
        self.last = "nothing"
        self.id = (await self.desk.call("attempt.start", session=self.desk.session, person=self.zoe.person))["attempt"]

    async def enter_tan(self):
        await self.desk.call("tan.send", attempt=self.id)
        mail = await until(lambda: [m for to, m in self.server.mailbox.mails
                                    if to == self.couple.persons[0]["email"] and "TAN" in m["subject"]], "the TAN's mail")
        tan = re.search(r"^\s*([0-9]{6})\s*$", mail[-1].get_body(("plain",)).get_content(), re.M)[1]
        wrong = await self.zoe.call("tan.enter", attempt=self.id, tan="%06d" % ((int(tan) + 1) % 1000000))
        self.assertEqual(wrong, {"is_right": False, "tries_left": 2})
        await self.jorgen.call("tan.enter", error="not_found", attempt=self.id, tan=tan)
        self.assertTrue((await self.zoe.call("tan.enter", attempt=self.id, tan=tan))["is_right"])

    async def do(self, check):
        if check["kind"] == "tan":
            return await self.enter_tan()
        if check["parameters"]["still"]:
            taken = await self.desk.call("check.capture", attempt=self.id, step=check["step"])
            preview = await self.desk.http("GET", f"/api/v1/stills/{taken['still']}")
            self.assertTrue(preview.startswith(b"\xff\xd8"))
        answer = {"answer": ANSWERS[check["step"]]} if check["step"] in ANSWERS else {}
        await self.desk.call("check.record", attempt=self.id, step=check["step"], result="pass", **answer)

# SPDX-License-Identifier: EUPL-1.2
"""The identification of a person over the protocol: consent, script, stills, TAN, verdict, signed report; and who may not."""
import base64
import os
import re
import sqlite3
import subprocess
import unittest

from jawort import BINARY, Browser, Couple, Server, officer, until


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


class Identification(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = Server()
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

    def verify(self, file, *options):
        done = subprocess.run([BINARY, "report", "verify", file, *options], capture_output=True, text=True)
        return done.returncode, done.stdout

    async def test_refusals(self):
        text = (await self.zoe.http("GET", "/api/v1/consent?language=en"))["version"]
        await self.zoe.call("consent.give", error="not_found", person=self.jorgen.person, text_version=text, is_given=True)
        refused = await self.desk.call("attempt.start", error="rule", session=self.desk.session, person=self.zoe.person)
        self.assertEqual((refused["rule"], refused["key"]), ("V-22", "not_consented"))
        await self.consent()
        await self.start()
        skipped = await self.desk.call("check.record", error="rule", attempt=self.id, step="purpose", result="pass")
        self.assertEqual((skipped["rule"], skipped["key"]), ("V-22", "step_first"))
        early = await self.desk.call("attempt.verdict", error="rule", attempt=self.id, verdict="identified", reasons=[])
        self.assertEqual((early["rule"], early["key"]), ("V-22", "step_open"))
        # a colleague, a contractor's examiner and another municipality see nothing of it
        for login in ("tarik.yilmaz", "irina.ident", "doris.dorfner"):
            other = await officer(self.server, login, is_ready=False)
            await other.call("check.record", error="not_found", attempt=self.id, step="consent", result="pass")
            await other.call("attempt.abort", error="not_found", attempt=self.id, reason="technical")
            await other.close()
        await self.zoe.call("consent.withdraw", person=self.zoe.person)
        await self.desk.view(lambda v: self.attempt(v)["state"] == "interrupted", "the end of the attempt")
        await self.server.media.expect("record.stop", destroy=True)

    async def test_nothing_counts_beside_the_recording(self):
        await self.consent()
        await self.start()
        check = await self.due()
        for state, error in (("paused", "rule"), ("on", None)):
            self.change("UPDATE recording SET state = ?", state)
            done = await self.desk.call("check.record", error=error, attempt=self.id, step=check["step"], result="pass")
            self.assertEqual(done.get("rule"), "V-22" if error else None)

    async def test_withdrawal_takes_the_pictures(self):
        await self.consent()
        await self.start()
        while not (check := await self.due())["parameters"]["still"]:
            await self.do(check)
        taken = await self.desk.call("check.capture", attempt=self.id, step=check["step"])
        path = f"/api/v1/stills/{taken['still']}"
        await self.desk.http("GET", path)
        await self.jorgen.call("consent.withdraw", person=self.jorgen.person)
        await self.desk.view(lambda v: v["session"]["recording"]["state"] == "destroyed", "the end of the recording")
        await self.desk.http("GET", path, status=404)
        self.assertEqual(self.attempt(self.desk.views[-1])["state"], "interrupted", "nobody is identified without a recording")

    def change(self, sql, *values):
        with sqlite3.connect(f"{self.server.folder}/jawort.db", timeout=10) as database:
            database.execute(sql, values)

    async def who_reads(self, report):
        """A report is for the office it was made for, and for a contractor's examiner only until the session is closed."""
        colleague, examiner = Browser(self.server), Browser(self.server)
        await colleague.sign_in("tarik.yilmaz")
        await examiner.sign_in("irina.ident")
        path, session = f"/api/v1/reports/{report}/json", self.desk.session
        at = "UPDATE staff_role SET office = (SELECT id FROM office WHERE name LIKE ?) WHERE staff = (SELECT id FROM staff WHERE login = 'tarik.yilmaz')"
        for office, status in (("%Nord", 404), ("%Mitte", 200)):
            self.change(at, office)
            await colleague.http("GET", path, status=status)
        await examiner.http("GET", path, status=404)
        officer = sqlite3.connect(f"{self.server.folder}/jawort.db").execute("SELECT officer, state FROM session").fetchone()
        self.change("UPDATE session SET state = 'wrap_up', officer = (SELECT id FROM staff WHERE login = 'irina.ident')")
        await examiner.http("GET", path)
        self.change("UPDATE session SET state = 'ended'")
        await examiner.http("GET", path, status=404)
        self.change("UPDATE session SET officer = ?, state = ? WHERE id = ?", *officer, session)

    async def test_identified(self):
        await self.consent()
        await self.start()
        steps = 0
        while check := await self.due():
            await self.do(check)
            steps += 1
        self.assertEqual(steps, 22)
        report = (await self.desk.call("attempt.verdict", attempt=self.id, verdict="identified", reasons=[]))["report"]
        await self.zoe.view(lambda v: [r for r in v["reports"] if r["id"] == report], "the report")
        await self.jorgen.http("GET", f"/api/v1/reports/{report}/json", status=404)
        await self.who_reads(report)
        sealed = await self.zoe.http("GET", f"/api/v1/reports/{report}/json")
        self.assertEqual(sealed["body"]["person"]["family_name"], "Dvořák")
        key = (await self.zoe.http("GET", f"/api/v1/audit/{sealed['body']['organisation']['id']}/key")).decode().strip()
        for kind in ("json", "pdf"):
            answer = self.zoe.request("GET", f"/api/v1/reports/{report}/{kind}")
            path = os.path.join(self.server.folder, f"report.{kind}")
            with open(path, "wb") as file:
                file.write(answer.content)
            status, lines = self.verify(path, f"--key={key}")
            self.assertEqual(status, 0, lines)
            self.assertIn("The report holds.", lines)
            with open(path, "wb") as file:
                file.write(answer.content.replace("Dvořák".encode(), "Dvorak".encode() + b"  "))
            self.assertEqual(self.verify(path, f"--key={key}")[0], 1)
        await until(lambda: [m for to, m in self.server.mailbox.mails if to == self.couple.persons[0]["email"] and "Bericht" in m["subject"]],
                    "the mail about the report")


if __name__ == "__main__":
    unittest.main()

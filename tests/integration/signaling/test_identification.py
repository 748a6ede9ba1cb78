# SPDX-License-Identifier: EUPL-1.2
"""The identification of a person over the protocol: consent, script, stills, TAN, verdict, signed report; and who may not."""
import os
import sqlite3
import subprocess
import unittest

from identification import Meeting
from jawort import BINARY, Browser, officer, until


class Identification(Meeting):
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
        kept = self.server.media.answers["still"]
        self.server.media.answers["still"] = {"error": {"code": "timeout", "text": "no picture in time"}}
        late = await self.desk.call("check.capture", error="state", attempt=self.id, step=check["step"])
        self.assertEqual(late["key"], "picture_late")
        self.server.media.answers["still"] = kept
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

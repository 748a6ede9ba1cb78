# SPDX-License-Identifier: EUPL-1.2
"""Every operation of protocol.json × everybody who has no business with the object: all hear the same "not found"."""
import asyncio
import json
import os
import re
import sqlite3
import unittest

from identification import Meeting
from jawort import NONCE, OFFER, SOURCE, Browser, Couple, until

with open(os.path.join(SOURCE, "signaling", "protocol", "protocol.json")) as file:
    PROTOCOL = json.load(file)
ACTORS = ["signed out", "stranger", "partner", "other office", "foreign registrar", "foreign administrator", "foreign reviewer",
          "foreign privacy officer", "no agreement", "agreement ended"]
ANSWERS = {"+": "ok", "-": "not_found", "s": "signed_out", "w": "credentials", "x": "state", "c": "closed"}
# What each of them hears who asks for something of another couple's session, or, where an operation names nothing, for something of
# their own: one letter for each of ACTORS.
TABLE = {
    "office.list": "++++++++++", "office.get": "++++++++++", "time.list": "++++++++++", "consent.text": "++++++++++", "me.get": "++++++++++",
    "audit.checkpoint": "++++++++++", "audit.key": "++++++++++", "audit.inclusion": "++++++++++", "audit.consistency": "++++++++++",
    "audit.entries": "s---------",
    "hold.create": "cccccccccc",  # the time is in the past
    "hold.extend": "----------", "hold.release": "----------", "appointment.book": "----------",
    "appointment.confirm": "wwwwwwwwww", "link.open": "wwwwwwwwww", "staff.sign_in": "wwwwwwwwww",
    "appointment.get": "s++-------", "appointment.calendar": "s++-------", "appointment.move": "scc-------",
    "report.pdf": "s---------", "report.json": "s---------", "still.get": "s---------",
    "visit.enter": "s++-------",
    "media.offer": "s++++---++", "media.state": "s++++---++", "media.light": "s++++---++",
    "chat.send": "s-+xx---xx",
    "consent.give": "s---------", "consent.withdraw": "s---------", "tan.enter": "s---------",
    "session.join": "s---------", "session.end": "s---------", "session.flag": "s---------", "session.apart": "s---------",
    "attempt.start": "s---------", "attempt.abort": "s---------", "attempt.verdict": "s---------",
    "check.capture": "s---------", "check.record": "s---------", "tan.send": "s---------",
    "office.day": "s--+++----", "staff.list": "s----+----", "agreement.list": "s----+----",
    "recording.list": "s----+++--",
    # these change who they are or what they do
    "desk.start_shift": "s--++---++", "desk.ready": "s--++---++", "desk.pause": "s--++---++",
    "visit.leave": "s++-------", "page.take_over": "s+++++++++", "appointment.cancel": "s+x-------", "link.close": "s++-------",
    "staff.sign_out": "sss+++++++",
}


def sample(schema):
    """A value that a schema allows."""
    if "$ref" in schema:
        return sample(PROTOCOL["types"][schema["$ref"]])
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema["type"]
    if kind == "integer":
        return max(schema.get("minimum", 0), 1)
    if kind == "object":
        return {name: sample(part) for name, part in schema["properties"].items()}
    if kind != "string":
        return {"boolean": True, "array": []}[kind]
    for value in ("123456", "2026-01-31", NONCE, "key-1", OFFER, "x@example.org", "+49 123 456", "session_" + "0" * 26, "x" * 43):
        if re.search(schema.get("pattern", ""), value) and schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 99999):
            return value
    raise AssertionError(f"no sample for {schema}")


class Table(unittest.TestCase):
    def test_table_is_whole(self):
        self.assertEqual(set(TABLE), set(PROTOCOL["operations"]), "who may ask for it?")
        self.assertEqual({len(row) for row in TABLE.values()}, {len(ACTORS)})


class Access(Meeting):
    options = ("--trusted-proxy=127.0.0.1",)

    def rows(self, sql, *values):
        with sqlite3.connect(f"{self.server.folder}/jawort.db", timeout=10) as database:
            return database.execute(sql, values).fetchall()

    async def make(self):
        """An identification on its way, with a still and a report: the ids of everything in it."""
        await self.consent()
        await self.start()
        while not (check := await self.due())["parameters"]["still"]:
            await self.do(check)
        still = (await self.desk.call("check.capture", attempt=self.id, step=check["step"]))["still"]
        organisation = self.desk.views[-1]["me"]["organisation"]["id"]
        report = "report_" + "0" * 26
        self.rows("INSERT INTO report (id, organisation, attempt, session, person, verdict, sequence, body, made_ms)"
                  " VALUES (?, ?, ?, ?, ?, 'identified', 0, '{}', 1)", report, organisation, self.id, self.desk.session, self.zoe.person)
        await until(lambda: self.rows("SELECT 1 FROM checkpoint WHERE organisation = ?", organisation), "a checkpoint")
        return {"session": self.desk.session, "attempt": self.id, "person": self.zoe.person, "appointment": self.couple.appointment,
                "office": self.couple.office["id"], "organisation": organisation, "still": still, "step": check["step"], "report": report,
                "text_version": "recording-1", "sequence": 0, "size": 1, "first": 1, "second": 1, "service": "marriage"}

    def hire(self, login, organisation, role):
        """Somebody with the password of doris.dorfner."""
        staff = f"staff_{len(self.rows('SELECT id FROM staff')):026d}"
        self.rows("INSERT INTO staff (id, login, name, password_hash, language, languages, is_active)"
                  " SELECT ?, ?, 'New', password_hash, 'de', 'de', 1 FROM staff WHERE login = 'doris.dorfner'", staff, login)
        self.rows("INSERT INTO staff_role (staff, organisation, role) SELECT ?, id, ? FROM organisation WHERE name LIKE ?", staff, role, organisation)
        self.rows("INSERT INTO training (staff, held_ms, valid_until_ms) VALUES (?, 0, ?)", staff, 1 << 42)
        self.server.passwords[login] = self.server.passwords["doris.dorfner"]
        return login

    async def outsiders(self):
        """Browsers, in the order of ACTORS."""
        stranger = Couple(self.server, together=True)
        await stranger.book()
        await stranger.wait()
        self.rows("UPDATE staff_role SET office = (SELECT id FROM office WHERE name LIKE '%Nord') WHERE staff = (SELECT id FROM staff WHERE login = 'tarik.yilmaz')")
        self.rows("UPDATE agreement SET valid_until_ms = 1")
        logins = ["tarik.yilmaz"] + [self.hire(role, "%dorf%", role) for role in ("registrar", "administrator", "reviewer", "privacy_officer", "examiner")]
        logins.append("irina.ident")
        browsers = [Browser(self.server), stranger.browsers[0], self.jorgen] + [Browser(self.server) for _ in logins]
        for number, browser in enumerate(browsers):
            browser.forwarded = {"X-Forwarded-For": f"192.0.2.{number}"}
        for browser, login in zip(browsers[3:], logins, strict=True):
            await browser.sign_in(login)
            await browser.connect()
        return browsers

    async def ask_socket(self, name, browser, given):
        if not browser.cookies.get("jawort"):
            browser = Browser(self.server)
            browser.cookies = {"jawort": "x" * 43}
            await browser.connect(is_welcome=False)
            self.assertEqual(await browser.closed(), 4401)
            return "signed_out"
        browser.next_id += 1
        await browser.socket.send(json.dumps({"id": browser.next_id, "op": name, "in": given}))
        answer = await until(lambda: browser.answers.pop(browser.next_id, None), name)
        if name == "desk.ready" and "out" in answer:
            self.assertIsNone(answer["out"]["session"], "nobody waits for them")
        return "ok" if "out" in answer else answer["error"]["code"]

    async def ask(self, name, browser, ids):
        """The code of the answer."""
        operation = PROTOCOL["operations"][name]
        given = {key: ids.get(key, None) or sample(part) for key, part in operation["in"].items() if key not in operation.get("optional", [])}
        given.update({key: ids[key] for key in given if key in ids})
        if "http" not in operation:
            return await self.ask_socket(name, browser, given)
        method, path = operation["http"].split()
        for part in re.findall(r"{(\w+)}", path):
            path = path.replace("{" + part + "}", str(given.pop(part)))
        if method == "GET" and given:
            path += "?" + "&".join(f"{key}={value}" for key, value in given.items())
        answer = await asyncio.to_thread(browser.request, method, path, None if method == "GET" else given)
        if browser is not self.jorgen:
            self.assertFalse([one for one in ("session", "attempt", "person", "report") if ids[one].encode() in answer.content], name)
        return "ok" if answer.status == 200 else json.loads(answer.content)["error"]["code"]

    async def test_matrix(self):
        ids = await self.make()
        browsers = await self.outsiders()
        for name, row in TABLE.items():
            for actor, browser, letter in zip(ACTORS, browsers, row, strict=True):
                with self.subTest(operation=name, by=actor):
                    code = await self.ask(name, browser, ids)
                    if code != "not_ready":  # named in the protocol, not built in
                        self.assertEqual(code, ANSWERS[letter])
        view = self.desk.views[-1]
        self.assertEqual((view["session"]["state"], self.attempt(view)["state"]), ("live", "running"), "nobody changed anything")
        staff = {actor for (actor,) in self.rows("SELECT DISTINCT actor FROM entry WHERE actor LIKE 'staff:%' AND subjects LIKE ?", f"%{ids['session']}%")}
        self.assertEqual(staff, {f"staff:{view['me']['id']}"})

    async def test_names_of_the_day(self):
        """On the desk they are for the same roles as at office.day."""
        for login, is_shown in (("renate.richter", True), ("anna.admin", True), ("rolf.revision", False), ("dana.datenschutz", False)):
            browser = Browser(self.server)
            await browser.sign_in(login)
            await browser.connect()
            with self.subTest(login):
                self.assertEqual([row["names"] for row in browser.views[-1]["today"]], ["Zoë Marie Dvořák, Jørgen Łukasz"] if is_shown else [])

    async def test_proofs_beyond_the_log(self):
        """Asked for by anybody, and no reason to wake an operator."""
        visitor, anna = Browser(self.server), Browser(self.server)
        await anna.sign_in("anna.admin")
        log = "/api/v1/audit/" + (await anna.http("GET", "/api/v1/me"))["organisation"]
        for question in ("inclusion?sequence=5&size=9007199254740991", "consistency?first=1&second=9007199254740991"):
            await visitor.http("GET", f"{log}/{question}", status=404)
        self.assertNotIn("operation failed", self.server.said())

    async def test_own_officer_may(self):
        """The matrix would also pass if nobody could do anything."""
        ids = await self.make()
        await self.desk.http("GET", f"/api/v1/stills/{ids['still']}")
        await self.desk.call("session.flag", session=ids["session"], text="nothing")
        await self.desk.call("attempt.abort", attempt=ids["attempt"], reason="technical")
        await self.desk.call("session.end", session=ids["session"], reason="technical")


if __name__ == "__main__":
    unittest.main()

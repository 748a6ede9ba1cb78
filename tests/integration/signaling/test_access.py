# SPDX-License-Identifier: EUPL-1.2
"""Every operation of protocol.json × everybody who has no business with the object: all hear the same "not found"."""
import json
import os
import re
import unittest

from jawort import NONCE, OFFER, SOURCE, Browser, Couple, Server, officer, until

with open(os.path.join(SOURCE, "signaling", "protocol", "protocol.json")) as file:
    PROTOCOL = json.load(file)
ROLES = {"administrator", "registrar", "examiner", "reviewer", "privacy_officer"}
# Open to everybody, or about oneself only: there is no foreign object to ask for.
OWN = {"office.list", "office.get", "time.list", "hold.create", "appointment.confirm", "link.open", "link.close", "appointment.get", "appointment.cancel",
       "appointment.move", "appointment.calendar", "staff.sign_in", "staff.sign_out", "me.get", "consent.text", "visit.enter", "visit.leave", "media.offer",
       "media.state", "chat.send", "desk.start_shift", "desk.ready", "desk.pause", "office.day", "staff.list", "agreement.list", "recording.list",
       "audit.checkpoint", "audit.key", "audit.inclusion", "audit.consistency"}


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


class Access(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = Server()
        self.addCleanup(self.server.remove)
        await self.server.media.start()
        await self.server.start()

    async def make(self, with_attempt=True):
        """A live session of Musterstadt, and the ids of everything in it."""
        couple = Couple(self.server, together=True)
        await couple.book()
        await couple.wait()
        desk = await officer(self.server, "renate.richter")
        await desk.call("session.join", session=desk.session)
        person = couple.browsers[0]
        await person.view(lambda v: v["session"] and v["session"]["state"] == "live", "the meeting")
        version = (await person.http("GET", "/api/v1/consent?language=de"))["version"]
        for one in person.views[-1]["covers"]:
            await person.call("consent.give", person=one, text_version=version, is_given=True)
        await person.view(lambda v: v["session"]["recording"]["state"] == "on", "the recording")
        attempt = (await desk.call("attempt.start", session=desk.session, person=person.person))["attempt"]
        return {"session": desk.session, "attempt": attempt, "person": person.person, "appointment": couple.appointment, "office": couple.office["id"],
                "organisation": desk.views[-1]["me"]["organisation"]["id"], "text_version": version}, couple, desk

    async def everybody_else(self):
        """Name, roles and browser of all who have nothing to do with it."""
        stranger = Couple(self.server, together=True)
        await stranger.book()
        await stranger.wait()
        others = [("visitor", set(), Browser(self.server)), ("person of another case", {"person"}, stranger.browsers[0])]
        for login in ("doris.dorfner", "irina.ident"):
            browser = Browser(self.server)
            await browser.sign_in(login)
            await browser.connect()
            others.append((login, set(browser.views[-1]["me"]["roles"]), browser))
        return others

    async def ask(self, name, operation, browser, ids):
        """The code of the answer; "ok" when it was done."""
        given = {**{key: sample(part) for key, part in operation["in"].items() if key not in operation.get("optional", [])},
                 **{key: value for key, value in ids.items() if key in operation["in"]}}
        if operation.get("ws") and browser.socket is not None:
            await browser.socket.send(json.dumps({"id": 9000, "op": name, "in": given}))
            answer = await until(lambda: browser.answers.pop(9000, None), name)
            return "ok" if "out" in answer else answer["error"]["code"]
        if "http" not in operation:
            return "signed_out"  # a visitor has no WebSocket
        method, path = operation["http"].split()
        for part in re.findall(r"{(\w+)}", path):
            path = path.replace("{" + part + "}", str(given.pop(part)))
        if method == "GET" and given:
            path += "?" + "&".join(f"{key}={value}" for key, value in given.items())
        answer = browser.request(method, path, None if method == "GET" else given)
        return "ok" if answer.status == 200 else json.loads(answer.content)["error"]["code"]

    async def test_matrix(self):
        ids, _, _ = await self.make()
        others = await self.everybody_else()
        asked = 0
        for name, operation in PROTOCOL["operations"].items():
            who = set(operation["who"])
            for label, roles, browser in others:
                is_allowed = "anyone" in who or who & roles or ("staff" in who and roles & ROLES)
                if is_allowed and name in OWN:
                    continue
                code = await self.ask(name, operation, browser, ids)
                asked += 1
                expected = {"signed_out"} if label == "visitor" and "anyone" not in who else {"not_found"}
                with self.subTest(operation=name, by=label):
                    self.assertIn(code, expected)
        self.assertGreater(asked, 80)

    async def test_names_of_the_day(self):
        """On the desk they are for the same roles as at office.day."""
        couple = Couple(self.server, together=True)
        await couple.book()
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
        ids, couple, desk = await self.make()
        await desk.call("session.flag", session=ids["session"], text="nothing")
        await desk.call("attempt.abort", attempt=ids["attempt"], reason="technical")
        await desk.call("session.end", session=ids["session"], reason="technical")


if __name__ == "__main__":
    unittest.main()

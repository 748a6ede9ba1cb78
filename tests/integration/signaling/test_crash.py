# SPDX-License-Identifier: EUPL-1.2
"""Processes die and come back; what was committed stays, and people go on where they were."""
import asyncio
import os
import re
import resource
import signal
import socket
import sqlite3
import time
import unittest

from jawort import NONCE, OFFER, SOURCE, Browser, Couple, Server, officer, until


class Crash(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        self.server = Server()
        self.addCleanup(self.server.remove)
        await self.server.media.start()
        await self.server.start()

    async def live(self):
        couple = Couple(self.server, together=True)
        await couple.book()
        await couple.wait()
        desk = await officer(self.server, "renate.richter")
        await desk.call("session.join", session=desk.session)
        person = couple.browsers[0]
        await person.view(lambda v: v["session"] and v["session"]["state"] == "live", "the meeting")
        return couple, person, desk

    async def test_serve_is_killed(self):
        couple, person, desk = await self.live()
        version = (await person.http("GET", "/api/v1/consent?language=de"))["version"]
        for one in person.views[-1]["covers"]:
            await person.call("consent.give", person=one, text_version=version, is_given=True)
        start = await self.server.media.expect("record.start")
        await person.view(lambda v: v["session"]["recording"]["state"] == "on", "the recording")
        peers = [b.views[-1]["media"]["peer"] for b in (person, desk)]
        before = person.views[-1]["session"]

        self.server.kill()
        await until(lambda: person.socket.closed and desk.socket.closed, "the sockets to break")
        media = self.server.media
        media.commands.clear()
        media.answers["hello"] = {"peers": [{"peer": p, "room": desk.session, "state": "connected"} for p in peers], "rooms": [desk.session], "recordings": [start["recording"]]}
        began = time.monotonic()
        await self.server.start()
        for browser in (person, desk):
            browser.views.clear()
            await browser.connect()
        self.assertLess(time.monotonic() - began, 5)
        view = await person.view(lambda v: v["session"]["recording"]["state"] == "on", "the session as it was")
        self.assertEqual((view["session"]["id"], view["session"]["state"]), (before["id"], "live"))
        self.assertEqual([b.views[-1]["media"]["peer"] for b in (person, desk)], peers, "calls go on: nobody has to offer anew")
        self.assertFalse(media.sent("peer.place") + media.sent("peer.close"), "who belongs into the room was never taken out of it")
        self.assertFalse(media.sent("record.start"), "the recording was never interrupted")
        await desk.call("session.end", session=desk.session, reason="completed")
        await media.expect("record.stop", recording=start["recording"], destroy=False)

    async def test_serve_is_killed_beside_a_recording(self):
        """What media was told last and serve never heard of again: a start, and the end of a pause."""
        couple, person, desk = await self.live()
        version = (await person.http("GET", "/api/v1/consent?language=de"))["version"]
        media = self.server.media
        media.answers["record.start"] = None
        for one in person.views[-1]["covers"]:
            await person.call("consent.give", person=one, text_version=version, is_given=True)
        recording = (await media.expect("record.start"))["recording"]
        peers = [b.views[-1]["media"]["peer"] for b in (person, desk)]
        for state in ("starting", "paused"):
            self.server.kill()
            await until(lambda: person.socket.closed and desk.socket.closed, "the sockets to break")
            with sqlite3.connect(f"{self.server.folder}/jawort.db", timeout=10) as database:
                database.execute("UPDATE recording SET state = ?", (state,))
                if state == "paused":
                    database.execute("DELETE FROM consent WHERE number = 1 AND person <> ?", (person.person,))
            media.commands.clear()
            media.answers["hello"] = {"peers": [{"peer": p, "room": desk.session, "state": "connected"} for p in peers], "rooms": [desk.session], "recordings": [recording]}
            await self.server.start()
            for browser in (person, desk):
                browser.views.clear()
                await browser.connect()
            await media.expect("record.pause", recording=recording, paused=state == "paused")
            wanted = "on" if state == "starting" else "paused"
            await person.view(lambda v: v["session"]["recording"]["state"] == wanted, f"the recording to be {wanted}")
            self.assertFalse(media.sent("record.start"), "it was never interrupted")

    async def test_waiting_survives(self):
        couple = Couple(self.server, together=True)
        await couple.book()
        await couple.wait()
        person = couple.browsers[0]
        place = (await person.view(lambda v: v["waiting"], "the waiting room"))["waiting"]
        self.server.kill()
        await self.server.start()
        person.views.clear()
        await person.connect()
        self.assertEqual(person.views[-1]["waiting"]["since_ms"], place["since_ms"])
        await person.call("visit.enter", nonce=NONCE)
        desk = await officer(self.server, "renate.richter")
        self.assertIsNotNone(desk.session)

    async def test_drain(self):
        couple, person, desk = await self.live()
        began = time.monotonic()
        await self.server.stop()
        self.assertLess(time.monotonic() - began, 10)
        await until(lambda: person.socket.closed, "the close")
        self.assertIn({"event": "moving"}, person.events)
        self.assertEqual((person.socket.close_code, desk.socket.close_code), (1012, 1012))

    async def test_no_core_files(self):
        """A crash writes no pictures, voices or keys to disk, even where the administrator collects core files."""
        self.server.kill()
        limits = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (limits[1], limits[1]))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, limits)
        await self.server.start()
        with open(f"/proc/{self.server.process.pid}/limits") as file:
            [core] = [line.split()[4:6] for line in file if line.startswith("Max core file size")]
        self.assertEqual(core, ["0", "0"])

    async def test_busy_port(self):
        other = await asyncio.create_subprocess_exec(
            *self.server.process.args[:1], "serve", f"--data={self.server.folder}/other", f"--listen=127.0.0.1:{self.server.port}", f"--site={self.server.site}",
            stderr=asyncio.subprocess.PIPE)
        _, said = await asyncio.wait_for(other.communicate(), 20)
        self.assertEqual(other.returncode, 2)
        self.assertIn("Another program uses it", said.decode())

    async def test_health(self):
        browser = Browser(self.server)
        await browser.http("GET", "/api/v1/me")
        health = await until(lambda: browser.request("GET", "/healthz").status == 200, "all parts to be well")
        self.assertTrue(health)
        await self.server.media.crash()
        await until(lambda: browser.request("GET", "/healthz").status == 503, "the missing media server to be told")
        metrics = (await browser.http("GET", "/metrics")).decode()
        for name in ("jawort_sessions{", "jawort_waiting ", "jawort_recordings{", "jawort_operation_ms_bucket{", "jawort_media_up 0", "jawort_connections "):
            self.assertIn(name, metrics)


class Children(unittest.IsolatedAsyncioTestCase):
    """The real ones, without a stand-in."""

    async def asyncSetUp(self):
        self.server = Server("--media-port=0")
        self.addCleanup(self.server.remove)
        await self.server.start()
        await until(lambda: Browser(self.server).request("GET", "/healthz").status == 200, "all parts to be well")

    def pids(self, command):
        """Of our children, living or adopted."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline") as file:
                    arguments = file.read().split("\0")
            except OSError:
                continue
            if arguments[1:2] == [command] and any(f"={self.server.folder}/" in one for one in arguments):
                found.append(int(pid))
        return found

    async def test_hung_media_is_replaced(self):
        [hung] = self.pids("media")
        os.kill(hung, signal.SIGSTOP)
        await until(lambda: self.pids("media") not in ([hung], []), "another media server", deadline=60)
        await until(lambda: Browser(self.server).request("GET", "/healthz").status == 200, "all parts to be well")
        self.assertIn("media hangs", self.server.said())
        await self.server.stop()

    async def test_sign_ends_with_serve_and_media_does_not(self):
        media = self.pids("media")
        self.server.kill()
        await until(lambda: not self.pids("sign"), "the end of sign")
        self.assertEqual(self.pids("media"), media)
        await self.server.start()
        await until(lambda: Browser(self.server).request("GET", "/healthz").status == 200, "all parts to be well")
        self.assertEqual(self.pids("media"), media, "taken over")
        await self.server.stop()
        self.assertEqual(self.pids("media"), [])


class Monitor(unittest.IsolatedAsyncioTestCase):
    """How the program is doing is told to this machine, or at an address of its own."""

    async def start(self, *options):
        server = Server(*options)
        self.addCleanup(server.remove)
        await server.media.start()
        await server.start()
        return server

    async def test_behind_a_proxy(self):
        browser = Browser(await self.start("--trusted-proxy=127.0.0.1"))
        with open(os.path.join(SOURCE, "signaling", "http", "stream.c")) as file:
            paths = re.findall(r'{ "(/\w+)", \w+, send_', file.read())
        self.assertEqual(paths, ["/healthz", "/readyz", "/metrics"], "what is no operation")
        for path, status in zip(paths, (404, 200, 404), strict=True):
            await browser.http("GET", path, status=status)

    async def test_own_listener(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        server = await self.start(f"--monitor=127.0.0.1:{port}")
        outside, inside = Browser(server), Browser(server)
        for path, status in (("/healthz", 404), ("/metrics", 404), ("/readyz", 200), ("/", 200)):
            await outside.http("GET", path, status=status)
        server.port = port
        for path, status in (("/metrics", 200), ("/readyz", 200), ("/", 404), ("/api/v1/offices", 404)):
            await inside.http("GET", path, status=status)
        await until(lambda: inside.request("GET", "/healthz").status == 200, "all parts to be well")


class Start(unittest.IsolatedAsyncioTestCase):
    async def test_wrong_options(self):
        for option, words in (("--nonsense=1", "nonsense"), ("--public-url=ftp://x", "--public-url"), ("--tls-key=/nowhere", "belong together"),
                              ("--listen=8080", "ADDRESS:PORT"), ("--site=/nowhere", "npm run build")):
            server = Server(option)
            self.addCleanup(server.remove)
            with self.assertRaises(AssertionError) as caught:
                await server.start()
            self.assertIn(words, str(caught.exception))


if __name__ == "__main__":
    unittest.main()

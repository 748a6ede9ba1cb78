# SPDX-License-Identifier: EUPL-1.2
"""A real `jawort serve` on a demo installation, and clients for it. Media is played by a stand-in that speaks
media/control.h, so that every answer and event can be steered; the real one is in tests/e2e."""
import asyncio
import atexit
import email
import email.policy
import functools
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import websockets
from aiosmtpd.smtp import SMTP

BINARY = os.environ["JAWORT_BINARY"]
SOURCE = os.environ["JAWORT_SOURCE"]
NONCE = "00112233445566778899aabbccddeeff"
DEADLINE = 20
OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"


async def until(condition, what, deadline=DEADLINE):
    """Wait for a condition by looking again whenever something may have happened."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline} s in vain for {what}")
        await asyncio.sleep(0.01)


class Mailbox:
    """A real SMTP server that keeps what it gets."""

    def __init__(self):
        self.mails = []
        self.server = None

    async def start(self):
        self.server = await asyncio.get_running_loop().create_server(lambda: SMTP(self), "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def handle_DATA(self, _server, _session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.rcpt_tos[0], mail))
        return "250 OK"

    def token(self, address, page):
        for to, mail in self.mails:
            body = mail.get_body(("plain",)).get_content()
            found = re.search(rf"/{page}#([A-Za-z0-9_-]+)", body)
            if to == address and found:
                return found[1]
        return None

    def close(self):
        if self.server is not None:
            self.server.close()


class Media:
    """The stand-in for `jawort media`: answers {} to every command unless told otherwise, and notes them all."""

    def __init__(self, path):
        self.path = path
        self.commands = []
        self.answers = {"hello": {"peers": [], "rooms": [], "recordings": []}, "peer.offer": {"sdp": OFFER, "slots": 5}}
        self.writers = []

    async def start(self):
        self.server = await asyncio.start_unix_server(self.serve, self.path, limit=1 << 20)

    async def serve(self, reader, writer):
        self.writers.append(writer)
        while line := await reader.readline():
            command = json.loads(line)
            self.commands.append(command)
            answer = self.answers.get(command["do"], {})
            if answer is not None:
                self.write(writer, {"id": command["id"], **answer})
        self.writers.remove(writer)
        writer.close()

    @staticmethod
    def write(writer, message):
        writer.write(json.dumps(message).encode() + b"\n")

    def event(self, name, **fields):
        for writer in self.writers:
            self.write(writer, {"event": name, **fields})

    def connect(self, peer):
        self.event("peer.state", peer=peer, state="connected", profile="AEAD_AES_128_GCM")

    def sent(self, do, **fields):
        return [c for c in self.commands if c["do"] == do and all(c.get(k) == v for k, v in fields.items())]

    async def expect(self, do, **fields):
        return (await until(lambda: self.sent(do, **fields), f"the command {do} {fields}"))[-1]

    async def crash(self):
        """Drop all connections and refuse new ones."""
        self.server.close()
        for writer in list(self.writers):
            writer.close()
        await until(lambda: not self.writers, "the connections to close")
        os.unlink(self.path)


@functools.cache
def demo():
    """A demo installation to copy: making it hashes passwords, which takes long on purpose."""
    folder = tempfile.mkdtemp(prefix="jawort-demo-")
    atexit.register(shutil.rmtree, folder)
    subprocess.run([BINARY, "demo", f"--data={folder}", f"--file={SOURCE}/deploy/demo/demo.json"], check=True, capture_output=True)
    return folder


class Server:
    """One installation in a folder of its own."""

    def __init__(self, *options):
        self.folder = tempfile.mkdtemp(prefix="jawort-test-")
        self.mailbox = Mailbox()
        self.site = os.path.join(self.folder, "site")
        os.mkdir(self.site)
        with open(os.path.join(self.site, "index.html"), "w") as page:
            page.write("<!doctype html><title>pages</title>")
        shutil.copytree(demo(), self.folder, dirs_exist_ok=True)
        with open(os.path.join(self.folder, "keys", "sign-ins.json")) as file:
            self.passwords = json.load(file)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.media = Media(os.path.join(self.folder, "media.socket"))
        self.options = options
        self.process = None

    async def start(self):
        if self.mailbox.server is None:
            await self.mailbox.start()
        self.log = open(os.path.join(self.folder, "serve.log"), "a")
        self.process = subprocess.Popen(
            [BINARY, "serve", f"--data={self.folder}", f"--listen=127.0.0.1:{self.port}", f"--public-url={self.url}", f"--site={self.site}",
             f"--smtp=smtp://127.0.0.1:{self.mailbox.port}", "--smtp-tls=none", "--media-port=0", *self.options],
            stdout=self.log, stderr=self.log, start_new_session=True)
        await until(self.is_listening, "the server to listen")

    def is_listening(self):
        assert self.process.poll() is None, f"serve ended with {self.process.returncode}: {self.said()}"
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def said(self):
        with open(os.path.join(self.folder, "serve.log")) as log:
            return log.read()

    def kill(self):
        """As a crash would."""
        self.process.kill()
        self.process.wait()

    async def stop(self):
        """As an operator would; nothing may be left behind or have gone wrong."""
        self.process.send_signal(signal.SIGTERM)
        await until(lambda: self.process.poll() is not None, "the server to end")
        assert self.process.returncode == 0, self.said()

    def remove(self):
        crashed = self.process is not None and self.process.poll() not in (None, 0, 1, 2, -signal.SIGKILL)
        if self.process is not None and self.process.poll() is None:
            self.kill()
        # A killed serve leaves its children; ours alone have this folder in their arguments.
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline") as file:
                    if f"={self.folder}/" in file.read():
                        os.kill(int(pid), signal.SIGTERM)
            except OSError:
                pass
        self.mailbox.close()
        said = self.said() if self.process is not None else ""
        shutil.rmtree(self.folder, ignore_errors=True)
        # Whatever else a test wants: no sanitizer, shape check or failed operation may have complained.
        bad = [line for line in said.splitlines() if "Sanitizer" in line or "another shape" in line or "runtime error" in line or "without an entry" in line]
        if bad or crashed:
            raise AssertionError("\n".join(bad + [said[-6000:]]))


class Browser:
    """Cookies, CSRF token, HTTP and one WebSocket."""

    def __init__(self, server):
        self.server = server
        self.forwarded = {}  # what a proxy in front adds
        self.cookies = {}
        self.csrf = None
        self.socket = None
        self.views = []
        self.events = []
        self.answers = {}
        self.next_id = 0

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("localhost", self.server.port, timeout=DEADLINE)
        sent = {"Cookie": self.cookie_header(), **self.forwarded}
        if body is not None:
            sent["Content-Type"] = "application/json"
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        if self.csrf:
            sent["X-CSRF-Token"] = self.csrf
        sent.update(headers or {})
        connection.request(method, path, body, {k: v for k, v in sent.items() if v is not None})
        answer = connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        answer.content = answer.read()
        connection.close()
        return answer

    def cookie_header(self):
        return "; ".join(f"{k}={v}" for k, v in self.cookies.items() if v)

    async def http(self, method, path, body=None, status=200, headers=None):
        answer = await asyncio.to_thread(self.request, method, path, body, headers)
        assert answer.status == status, f"{method} {path}: {answer.status} {answer.content[:500]}"
        is_json = answer.headers.get("Content-Type", "").startswith("application/json")
        return json.loads(answer.content) if is_json else answer.content

    async def sign_in(self, login):
        signed = await self.http("POST", "/api/v1/sign-in", {"login": login, "password": self.server.passwords[login]})
        self.csrf = signed["csrf"]

    async def connect(self, origin=None, is_welcome=True):
        self.socket = await websockets.connect(
            f"ws://localhost:{self.server.port}/api/v1/socket", origin=origin or self.server.url, extra_headers={"Cookie": self.cookie_header(), **self.forwarded},
            max_size=None)
        self.reading = asyncio.create_task(self.read())
        if is_welcome:
            await self.view(lambda view: True, "the first view")

    async def read(self):
        try:
            async for text in self.socket:
                message = json.loads(text)
                if "view" in message:
                    self.views.append(message["state"])
                elif "event" in message:
                    self.events.append(message)
                else:
                    self.answers[message["id"]] = message
        except websockets.ConnectionClosed:
            pass

    async def closed(self):
        """The status with which the server closed the socket."""
        await until(lambda: self.socket.closed, "the server to close the socket")
        return self.socket.close_code

    async def close(self):
        if self.socket is not None:
            await self.socket.close()
            await self.reading

    async def view(self, condition, what):
        return await until(lambda: self.views and condition(self.views[-1]) and self.views[-1], what)

    async def call(self, operation, error=None, **given):
        """The output of an operation, or with `error` the error of that code."""
        self.next_id += 1
        number = self.next_id
        await self.socket.send(json.dumps({"id": number, "op": operation, "in": given}))
        answer = await until(lambda: self.answers.pop(number, None), f"the answer of {operation}")
        if error is None:
            assert "out" in answer, f"{operation}: {answer}"
            return answer["out"]
        assert answer.get("error", {}).get("code") == error, f"{operation}: {answer}"
        return answer["error"]


PARTNERS = [
    {"given_names": "Zoë Marie", "family_name": "Dvořák", "birth_date": "1990-05-17", "email": "zoe@example.org", "language": "de", "document_type": "id_card"},
    {"given_names": "Jørgen", "family_name": "Łukasz", "birth_date": "1988-11-02", "email": "jorgen@example.org", "language": "de", "document_type": "passport"},
]


class Couple:
    """Books an appointment like anybody, over HTTP and mail."""

    def __init__(self, server, together=False, office="Mitte", service="marriage"):
        self.server = server
        self.together = together
        self.office_name = office
        self.service = service
        self.browsers = []

    async def book(self):
        visitor = Browser(self.server)
        offices = (await visitor.http("GET", "/api/v1/offices"))["offices"]
        self.office = next(o for o in offices if self.office_name in o["name"])
        times = (await visitor.http("GET", f"/api/v1/offices/{self.office['id']}/times?service={self.service}"))["times"]
        held = await visitor.http("POST", "/api/v1/holds", {
            "office": self.office["id"], "service": self.service, "start_ms": times[0]["start_ms"], "key": os.urandom(16).hex()})
        self.appointment = held["appointment"]
        self.persons = [{**p, "email": f"{self.appointment[-6:]}-{p['email']}"} for p in (PARTNERS if self.service == "marriage" else PARTNERS[:1])]
        await visitor.http("POST", f"/api/v1/holds/{self.appointment}/book", {"together": self.together, "persons": self.persons})
        token = await until(lambda: self.server.mailbox.token(self.persons[0]["email"], "confirm"), "the mail to confirm")
        await visitor.http("POST", "/api/v1/confirm", {"token": token})

    async def open(self, index):
        """Partner `index` opens the own link."""
        browser = Browser(self.server)
        mail = self.persons[index]["email"]
        token = await until(lambda: self.server.mailbox.token(mail, "visit"), "the mail with the own link")
        browser.person = (await browser.http("POST", "/api/v1/link", {"token": token, "birth_date": self.persons[index]["birth_date"]}))["person"]
        browser.csrf = (await browser.http("GET", "/api/v1/me"))["csrf"]
        self.browsers.append(browser)
        return browser

    async def wait(self, with_media=True):
        """All partners are in the waiting room, their media arrives."""
        for index in range(1 if self.together else len(self.persons)):
            browser = await self.open(index)
            await browser.connect()
            if with_media:
                await browser.call("media.offer", sdp=OFFER)
                self.server.media.connect(browser.views[-1]["media"]["peer"])
            await browser.call("visit.enter", nonce=NONCE)

    async def close(self):
        for browser in self.browsers:
            await browser.close()


async def officer(server, login, is_ready=True):
    """A registrar or examiner at the desk."""
    browser = Browser(server)
    await browser.sign_in(login)
    await browser.connect()
    await browser.call("media.offer", sdp=OFFER)
    server.media.connect(browser.views[-1]["media"]["peer"])
    await browser.call("desk.start_shift", room_attested=True)
    if is_ready:
        browser.session = (await browser.call("desk.ready"))["session"]
    return browser

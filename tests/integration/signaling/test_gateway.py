# SPDX-License-Identifier: EUPL-1.2
"""What strangers may send: everything that is not as it should be gets a clear answer, and nobody else notices."""
import asyncio
import json
import os
import socket
import sqlite3
import struct
import unittest

import websockets
from jawort import Browser, Server, until

HEADERS = ["Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Cross-Origin-Embedder-Policy", "Permissions-Policy",
           "Referrer-Policy", "X-Content-Type-Options", "Cache-Control"]


class Gateway(unittest.IsolatedAsyncioTestCase):
    """One server for all tests of the class: none of them may harm it."""

    cookies = {}

    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.addClassCleanup(cls.server.remove)
        asyncio.run(cls.server.start(), debug=False)

    @classmethod
    def tearDownClass(cls):
        asyncio.run(cls.server.stop(), debug=False)

    async def asyncTearDown(self):
        self.assertEqual((await self.visitor().http("GET", "/api/v1/me"))["kind"], "visitor", "the server goes on")

    def visitor(self):
        return Browser(self.server)

    async def signed_in(self):
        """One sign-in serves most tests: too many of them are refused."""
        browser = Browser(self.server)
        if not self.cookies:
            await browser.sign_in("tarik.yilmaz")
            self.cookies.update(browser.cookies)
        browser.cookies = dict(self.cookies)
        browser.csrf = (await browser.http("GET", "/api/v1/me"))["csrf"]
        return browser

    async def desk(self):
        browser = await self.signed_in()
        await browser.connect()
        self.addAsyncCleanup(browser.close)
        return browser

    def raw(self, data, deadline=15):
        """Send bytes, read until the server closes."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=deadline) as connection:
            connection.sendall(data)
            answer = b""
            try:
                while part := connection.recv(65536):
                    answer += part
            except TimeoutError:
                self.fail(f"the connection stays open after {data[:80]}, {answer[:200]}")
            except ConnectionResetError:
                pass
            return answer

    async def closed(self, browser):
        await until(lambda: browser.socket.closed, "the connection to be closed")
        return browser.socket.close_code

    # --- HTTP ---

    async def test_headers_everywhere(self):
        for method, path in (("GET", "/"), ("GET", "/visit/room"), ("GET", "/missing.js"), ("GET", "/api/v1/me"), ("GET", "/api/v1/nonsense"),
                             ("POST", "/api/v1/me"), ("GET", "/healthz"), ("GET", "/metrics"), ("PUT", "/")):
            answer = await asyncio.to_thread(self.visitor().request, method, path, "{}" if method != "GET" else None)
            for header in HEADERS:
                self.assertTrue(answer.headers.get(header), f"{header} on {method} {path}")

    async def test_statuses(self):
        for method, path, status in (("GET", "/office/anything", 200), ("GET", "/missing.js", 404), ("DELETE", "/", 405), ("GET", "/api/v1/nonsense", 404),
                                     ("DELETE", "/api/v1/offices", 405), ("GET", "/api/v1/appointment", 401), ("GET", "/readyz", 200)):
            await self.visitor().http(method, path, status=status)

    async def test_page_is_kept_by_etag(self):
        browser = self.visitor()
        first = await asyncio.to_thread(browser.request, "GET", "/")
        await browser.http("GET", "/", status=304, headers={"If-None-Match": first.headers["ETag"]})

    async def test_bodies(self):
        path = "/api/v1/holds"
        for body, status, code in (("{", 400, "input"), ("[]", 400, "input"), ('{"a":1,"a":2}', 400, "input"), (b'{"a":"\xff"}', 400, "input"),
                                   ('{"a":' * 20 + "1" + "}" * 20, 413, "too_large"), ("{}", 400, "input"), ('{"office":"office_\\u0000"}', 400, "input")):
            error = (await self.visitor().http("POST", path, body, status=status))["error"]
            self.assertEqual(error["code"], code, body)
        await self.visitor().http("POST", path, "{}" + " " * 70000, status=413)
        error = (await self.visitor().http("POST", path, "{}", status=400, headers={"Content-Type": "text/plain"}))["error"]
        self.assertEqual(error["field"], "body")

    async def test_errors_name_the_field(self):
        given = {"office": "office_" + "0" * 26, "service": "marriage", "start_ms": "soon", "key": "k" * 22}
        error = (await self.visitor().http("POST", "/api/v1/holds", given, status=400))["error"]
        self.assertEqual((error["field"], error["text"]), ("start_ms", "must be a whole number"))
        error = (await self.visitor().http("POST", "/api/v1/holds", {**given, "start_ms": 1, "extra": 1}, status=400))["error"]
        self.assertEqual(error["text"], "has a member that is not known here")

    async def test_malformed_http(self):
        for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200, b"NONSENSE / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"a" * 100000 + b"\r\n\r\n",
                     b"POST /api/v1/holds HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                     b"POST /api/v1/holds HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\nConnection: close\r\n\r\n",
                     b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: nonsense\r\nConnection: Upgrade\r\n\r\nxx\r\n\r\n"):
            await asyncio.to_thread(self.raw, data)

    async def test_pipelined_requests(self):
        request = b"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\n\r\n"
        answer = await asyncio.to_thread(self.raw, request * 3 + b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        self.assertIn(b"HTTP/1.1 200", answer)

    async def test_csrf(self):
        browser = await self.signed_in()
        token, browser.csrf = browser.csrf, None
        self.assertEqual((await browser.http("POST", "/api/v1/sign-out", {}, status=403))["error"]["code"], "csrf")
        await browser.http("POST", "/api/v1/sign-out", {}, status=403, headers={"X-CSRF-Token": token[:-1] + "x"})
        for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            await browser.http("POST", "/api/v1/sign-out", {}, status=403, headers={"X-CSRF-Token": token, **headers})
        self.assertEqual((await browser.http("GET", "/api/v1/me"))["kind"], "staff")
        await browser.http("POST", "/api/v1/sign-out", {}, headers={"X-CSRF-Token": token})
        self.assertEqual(browser.cookies["jawort"], "", "the cookie is cleared")
        self.cookies.clear()

    async def test_sign_out_ends_the_cookie_everywhere(self):
        browser = await self.desk()
        kept = dict(browser.cookies)
        self.cookies.clear()
        await browser.http("POST", "/api/v1/sign-out", {})
        self.assertEqual(await self.closed(browser), 4401)
        browser.cookies = kept
        self.assertEqual((await browser.http("GET", "/api/v1/me"))["kind"], "visitor")

    # --- WebSocket ---

    async def refused(self, status, origin=None, cookie=None, path="/api/v1/socket"):
        headers = {"Host": f"localhost:{self.server.port}", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
                   "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Origin": origin, "Cookie": cookie}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
        answer = await asyncio.to_thread(self.raw, f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
        self.assertEqual(int(answer.split()[1]), status, (origin, path))

    async def test_upgrade(self):
        browser = await self.signed_in()
        cookie = browser.cookie_header()
        for origin in (None, "https://evil.example", "null", f"http://localhost:{self.server.port}.evil.example", f"http://evil.example:{self.server.port}"):
            await self.refused(403, origin, cookie)
        await self.refused(401, self.server.url)
        await self.refused(404, self.server.url, cookie, "/elsewhere")

    async def test_unknown_cookie(self):
        async with websockets.connect(f"ws://localhost:{self.server.port}/api/v1/socket", origin=self.server.url, extra_headers={"Cookie": "jawort=" + "a" * 43}) as connection:
            with self.assertRaises(websockets.ConnectionClosed):
                await connection.recv()
            self.assertEqual(connection.close_code, 4401)

    async def test_requests(self):
        desk = await self.desk()
        for text in ("{", "[]", '{"id":1}', '{"id":"x","op":"desk.pause","in":{}}', '{"id":2,"op":"nonsense","in":{}}', '{"id":3,"op":"staff.sign_in","in":{}}',
                     '{"id":4,"op":"desk.pause","in":{"x":1}}', '{"id":5,"op":"desk.pause","in":{},"more":1}'):
            await desk.socket.send(text)
        for number in (2, 3, 4, 5):
            answer = await until(lambda n=number: desk.answers.get(n), "an answer")
            self.assertEqual(answer["error"]["code"], "input")
        for _ in range(2):
            await desk.socket.send("{")
        self.assertEqual(await self.closed(desk), 1008, "ten errors are enough")

    async def test_too_large(self):
        desk = await self.desk()
        await desk.socket.send(json.dumps({"id": 1, "op": "chat.send", "in": {"text": "x" * 70000}}))
        self.assertEqual(await self.closed(desk), 1009)

    async def test_endless_fragments(self):
        desk = await self.desk()

        async def fragments():
            for _ in range(10000):
                yield "x" * 1000
                await asyncio.sleep(0)

        with self.assertRaises((websockets.ConnectionClosed, websockets.InvalidState)):
            await desk.socket.send(fragments())
        self.assertIn(await self.closed(desk), (1009, 1006), "the close frame may be lost among what was still being sent")

    async def test_binary(self):
        desk = await self.desk()
        await desk.socket.send(b"\0\1")
        self.assertEqual(await self.closed(desk), 1003)

    async def test_bad_utf8(self):
        desk = await self.desk()
        transport = desk.socket.transport
        mask = os.urandom(4)
        payload = b'{"id":1,"op":"\xff\xfe"}'
        transport.write(struct.pack("!BB", 0x81, 0x80 | len(payload)) + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)))
        self.assertIn(await self.closed(desk), (1007, 1006))

    async def test_slow_reader(self):
        """Somebody who asks and never reads is closed, and the server's memory stays small."""
        browser = await self.signed_in()
        request = (f"GET /api/v1/socket HTTP/1.1\r\nHost: localhost:{self.server.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   f"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nOrigin: {self.server.url}\r\nCookie: {browser.cookie_header()}\r\n\r\n").encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port, limit=1024)
        writer.write(request)
        payload = json.dumps({"id": 1, "op": "x" * 50000, "in": {}}).encode()
        frame = struct.pack("!BBH", 0x81, 0xFE, len(payload)) + b"\0\0\0\0" + payload
        try:
            for _ in range(200):
                writer.write(frame)
                await asyncio.wait_for(writer.drain(), 5)
        except (ConnectionError, TimeoutError):
            pass
        writer.close()

    # --- sign-in ---

    async def test_lock_out(self):
        browser = Browser(self.server)
        for _ in range(5):
            answer = await browser.http("POST", "/api/v1/sign-in", {"login": "doris.dorfner", "password": "wrong"}, status=403)
            self.assertEqual(answer["error"]["code"], "credentials")
        right = {"login": "doris.dorfner", "password": self.server.passwords["doris.dorfner"]}
        await browser.http("POST", "/api/v1/sign-in", right, status=403)


class Rates(unittest.IsolatedAsyncioTestCase):
    async def test_tries_at_the_same_time_count(self):
        """Five wrong passwords lock a login, however many come at once, and whether anybody has it or not."""
        server = Server()
        self.addCleanup(server.remove)
        await server.start()

        async def sign_in(login, password):
            return (await asyncio.to_thread(Browser(server).request, "POST", "/api/v1/sign-in", {"login": login, "password": password})).status

        self.assertEqual(set(await asyncio.gather(*(sign_in("renate.richter", f"wrong {n}") for n in range(5)))), {403})
        self.assertEqual(set(await asyncio.gather(*(sign_in("nobody", f"wrong {n}") for n in range(4)))), {403})
        self.assertEqual(await sign_in("renate.richter", server.passwords["renate.richter"]), 403)
        with sqlite3.connect(f"{server.folder}/jawort.db", timeout=10) as database:
            tries = database.execute("SELECT tries, locked_until_ms > tried_ms FROM sign_in_try ORDER BY tries").fetchall()
            self.assertEqual(tries, [(4, 0), (5, 1)])
        await server.stop()

    async def test_guessing(self):
        server = Server()
        self.addCleanup(server.remove)
        await server.start()
        browsers = [Browser(server) for _ in range(15)]
        answers = [await asyncio.to_thread(b.request, "POST", "/api/v1/confirm", {"token": "x" * 43}) for b in browsers]
        statuses = [a.status for a in answers]
        self.assertEqual(statuses[0], 403)
        self.assertEqual(statuses[-1], 429, "fresh cookies do not help")
        self.assertTrue(answers[-1].headers["Retry-After"])
        await server.stop()

    async def test_many_cookies(self):
        """Nobody holds every time of an office by being a new visitor with each request."""
        server = Server()
        self.addCleanup(server.remove)
        await server.start()
        answers = [await asyncio.to_thread(Browser(server).request, "POST", "/api/v1/holds", {}) for _ in range(200)]
        self.assertEqual((answers[0].status, answers[-1].status), (400, 429))
        await server.stop()

    async def test_many_visitors_of_one_address(self):
        server = Server()
        self.addCleanup(server.remove)
        await server.start()
        office = next(o for o in (await Browser(server).http("GET", "/api/v1/offices"))["offices"] if "Mitte" in o["name"])["id"]
        times = (await Browser(server).http("GET", f"/api/v1/offices/{office}/times?service=marriage"))["times"]

        def hold(number):
            return Browser(server).request("POST", "/api/v1/holds", {
                "office": office, "service": "marriage", "start_ms": times[number * 4]["start_ms"], "key": os.urandom(16).hex()})

        answers = [await asyncio.to_thread(hold, number) for number in range(11)]
        self.assertEqual([a.status for a in answers], [200] * 10 + [429])
        self.assertEqual(json.loads(answers[-1].content)["error"]["code"], "limit")
        await server.stop()


if __name__ == "__main__":
    unittest.main()

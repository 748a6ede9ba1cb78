# SPDX-License-Identifier: EUPL-1.2
"""Ending while much is going on: nothing crashes, nothing is left behind. JAWORT_STOPS says how often it is tried."""
import asyncio
import os
import unittest

from jawort import DEADLINE, Browser, Couple, Server, officer

STOPS = int(os.environ.get("JAWORT_STOPS", "3"))


class Stop(unittest.IsolatedAsyncioTestCase):
    async def disturb(self, browser):
        """Ask and connect, again and again, until nobody answers."""
        while True:
            try:
                await asyncio.to_thread(browser.request, "GET", "/api/v1/me")
                await asyncio.wait_for(browser.connect(is_welcome=False), DEADLINE)
                await browser.call("media.state", audio=True, video=False)
            except (AssertionError, OSError, Exception) as error:
                if not self.is_stopping and isinstance(error, AssertionError):
                    raise
            if self.is_stopping:
                return

    async def test_while_clients_come(self):
        server = Server("--media-port=0")
        self.addCleanup(server.remove)
        await server.start()
        couple = Couple(server)
        await couple.book()
        browsers = [await couple.open(0), await couple.open(1)]
        for login in ("renate.richter", "tarik.yilmaz"):
            browsers.append(Browser(server))
            await browsers[-1].sign_in(login)
        for stop in range(STOPS):
            self.is_stopping = False
            disturbers = [asyncio.create_task(self.disturb(browser)) for browser in browsers]
            await asyncio.sleep(0.05 * (stop % 10))
            self.is_stopping = True
            await server.stop()
            await asyncio.gather(*disturbers)
            self.assertNotIn("Sanitizer", server.said(), f"stop {stop}")
            if stop + 1 < STOPS:
                await server.start()


if __name__ == "__main__":
    unittest.main()

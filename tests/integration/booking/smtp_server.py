# SPDX-License-Identifier: EUPL-1.2
"""A real SMTP server (aiosmtpd) on a free port, until standard input ends. Prints its port, then each mail as a line of JSON.

Recipients beginning with "busy" are put off (451) at the first try, those with "refused" for good (550);
about those with "hang" nothing is ever said."""
import asyncio
import json
import sys

from aiosmtpd.controller import Controller


class Handler:
	def __init__(self):
		self.busy = set()

	async def handle_RCPT(self, server, session, envelope, address, options):
		if address.startswith("hang"):
			await asyncio.sleep(3600)
		if address.startswith("refused"):
			return "550 no such mailbox"
		if address.startswith("busy") and address not in self.busy:
			self.busy.add(address)
			return "451 try again later"
		envelope.rcpt_tos.append(address)
		return "250 OK"

	async def handle_DATA(self, server, session, envelope):
		print(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "mail": envelope.content.decode("ascii")}), flush=True)
		return "250 OK"


class FreePort(Controller):
	def _trigger_server(self):
		self.port = self.server.sockets[0].getsockname()[1]
		super()._trigger_server()


controller = FreePort(Handler(), hostname="127.0.0.1", port=0)
controller.start()
print(controller.port, flush=True)
sys.stdin.read()
controller.stop()

# SPDX-License-Identifier: EUPL-1.2
"""Read one mail from standard input as a mail program would, with Python's email and icalendar packages, and print what they
found as JSON: what our own code wrote is judged by somebody else's."""
import email
import email.policy
import json
import sys

import icalendar

mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
found = {
	"from": mail["From"].addresses[0].addr_spec,
	"from_name": mail["From"].addresses[0].display_name,
	"to": mail["To"].addresses[0].addr_spec,
	"subject": mail["Subject"],
	"date": mail["Date"].datetime.isoformat(),
	"types": [part.get_content_type() for part in mail.walk()],
	"defects": [str(defect) for part in mail.walk() for defect in part.defects],
	"text": mail.get_body(("plain",)).get_content(),
}
for part in mail.walk():
	if part.get_content_type() != "text/calendar":
		continue
	text = part.get_content()
	calendar = icalendar.Calendar.from_ical(text)
	(event,) = calendar.walk("VEVENT")
	found["calendar"] = {
		"mime_method": part.get_param("method"),
		"method": calendar["METHOD"],
		"longest_line": max(len(line.encode()) for line in text.replace("\r\n", "\n").split("\n")),
		"uid": event["UID"],
		"sequence": event["SEQUENCE"],
		"status": event["STATUS"],
		"class": event["CLASS"],
		"summary": event["SUMMARY"],
		"start": event["DTSTART"].dt.isoformat(),
		"end": event["DTEND"].dt.isoformat(),
		"zones": [zone["TZID"] for zone in calendar.walk("VTIMEZONE")],
		"organizer": event["ORGANIZER"],
		"attendee": event["ATTENDEE"],
		"attendee_name": event["ATTENDEE"].params["CN"],
		"errors": [str(error) for error in event.errors],
	}
json.dump(found, sys.stdout)

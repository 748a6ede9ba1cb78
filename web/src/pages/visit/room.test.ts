/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test } from "vitest";
import type { ViewVisit } from "../../protocol/generated";
import { phaseOf } from "./room";

const view = (appointment: string, session: string | null) => ({ appointment: { state: appointment }, session: session && { state: session } }) as unknown as ViewVisit;

test.each([
  ["confirmed", null, false, "enter"],
  ["checked_in", null, true, "waiting"],
  ["in_session", "assigned", true, "waiting"],
  ["in_session", "live", true, "meeting"],
  ["in_session", "live", false, "enter"],
  ["in_session", "wrap_up", true, "done"],
  ["completed", "ended", true, "done"],
  ["cancelled_by_office", null, true, "done"],
])("appointment %s with session %s, devices open: %s is the phase %s", (appointment, session, hasDevices, phase) => {
  expect(phaseOf(view(appointment, session), hasDevices)).toBe(phase);
});

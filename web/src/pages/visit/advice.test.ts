/* SPDX-License-Identifier: EUPL-1.2 */
import { expect, test } from "vitest";
import type { Quality } from "../../media/conference";
import { adviceOf } from "./advice";

const quality = (reasons: Quality["reasons"], more: Partial<Quality> = {}): Quality => ({ peer: "p", fps: 30, up_kbps: 900, paused: [], reasons, ...more });
const both = { audio: true, video: true };

test.each([
  [undefined, both, null],
  [quality([]), both, null],
  [quality(["upload_slow", "picture_dark"]), both, "upload_slow"],
  [quality(["picture_dark", "audio_quiet"]), { audio: true, video: false }, "audio_quiet"],
  [quality(["audio_quiet"]), { audio: false, video: true }, null],
  [quality(["download_slow"], { paused: ["q"] }), both, "paused"],
])("%j while %j is sent: %s", (measured, sending, advice) => {
  expect(adviceOf(measured, sending)).toBe(advice);
});

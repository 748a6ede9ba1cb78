/* SPDX-License-Identifier: EUPL-1.2 */
/* The figures of a person's connection in words. Pure. */
import type { Quality } from "../../media/conference";

export type QualityWord = "good" | "fair" | "poor" | "unknown";

/* Where a conversation begins to suffer, and where it stops being one (ITU-T G.114 for delay; 2 % and 8 % loss). What the server
 * names as a reason is never good. */
export function inWords(quality: Quality | undefined): QualityWord {
  if (!quality) return "unknown";
  const { loss_percent: loss = 0, rtt_ms: delay = 0, reasons, paused } = quality;
  if (loss > 8 || delay > 400 || paused.length > 0 || reasons.includes("upload_slow")) return "poor";
  return loss > 2 || delay > 150 || reasons.length > 0 ? "fair" : "good";
}

export type StillProblem = "dark" | "blurred" | "small";
const DARK = 60;
const BLURRED = 60;
const SMALL_HEIGHT = 480;

/* What is wrong with a still, at once, while the person still holds the document. */
export function stillProblems(still: { light: number; sharpness: number; height: number }): StillProblem[] {
  const problems: StillProblem[] = [];
  if (still.light < DARK) problems.push("dark");
  if (still.sharpness < BLURRED) problems.push("blurred");
  if (still.height < SMALL_HEIGHT) problems.push("small");
  return problems;
}

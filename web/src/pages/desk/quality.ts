/* SPDX-License-Identifier: EUPL-1.2 */
/* The figures of a person's connection in words. Pure. */
export interface Quality {
  peer: string;
  loss_percent: number;
  rtt_ms: number;
  width: number;
  height: number;
  up_kbps: number;
}

export type QualityWord = "good" | "fair" | "poor" | "unknown";

/* Where a conversation begins to suffer, and where it stops being one (ITU-T G.114 for delay; 2 % and 8 % loss). */
export function inWords(quality: Quality | undefined): QualityWord {
  if (!quality) return "unknown";
  if (quality.loss_percent > 8 || quality.rtt_ms > 400) return "poor";
  if (quality.loss_percent > 2 || quality.rtt_ms > 150 || (quality.height > 0 && quality.height < 480)) return "fair";
  return "good";
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

/* SPDX-License-Identifier: EUPL-1.2 */
/* Small line drawings that show what to do or to have ready. They only repeat what the text says. */
import type { ComponentChildren } from "preact";
import "./drawing.css";

const card = (
  <>
    <rect x="22" y="26" width="76" height="48" rx="5" class="drawing__fill" />
    <rect x="30" y="36" width="20" height="25" rx="2" />
    <circle cx="40" cy="45" r="4.5" />
    <path d="M33 59c1-7 13-7 14 0M58 38h32M58 46h24M58 54h28" />
  </>
);
const back = (
  <>
    <rect x="22" y="26" width="76" height="48" rx="5" class="drawing__fill" />
    <path d="M30 36h26M30 43h18" />
    <path d="M28 56h64M28 62h64M28 68h64" stroke-dasharray="3 2" />
  </>
);
const face = (
  <>
    <rect x="28" y="12" width="64" height="76" rx="8" class="drawing__fill" />
    <circle cx="60" cy="42" r="15" />
    <path d="M36 84c3-26 45-26 48 0M55 40v2M65 40v2M54 48c3 4 9 4 12 0" />
  </>
);

const drawings = {
  document: card,
  back,
  person: face,
  tilt: (
    <>
      <g transform="rotate(-14 60 50)">{card}</g>
      <path d="M12 32c-8 12-8 24 0 36M6 60l6 8 7-6M108 32c8 12 8 24 0 36M114 60l-6 8-7-6" class="drawing__accent" />
    </>
  ),
  finger: (
    <>
      {card}
      <path d="M74 96V58c0-7 10-7 10 0v16l14 4c5 1 7 5 6 10l-2 8" class="drawing__fill drawing__accent" />
    </>
  ),
  ask: (
    <>
      <path d="M16 18h62v40H44L30 72V58H16z" class="drawing__fill" />
      <path d="M28 32h38M28 44h26" />
      <path d="M86 40h18v28h-8v12L82 68H58v-4" class="drawing__accent" />
    </>
  ),
  tan: (
    <>
      <rect x="18" y="16" width="84" height="56" rx="5" class="drawing__fill" />
      <path d="m18 22 42 30 42-30" />
      <path d="M40 88h8M56 88h8M72 88h8" class="drawing__accent" />
    </>
  ),
  consent: (
    <>
      <rect x="30" y="10" width="60" height="80" rx="5" class="drawing__fill" />
      <path d="M42 28h36M42 40h36M42 52h24" />
      <path d="m50 72 8 8 18-18" class="drawing__accent" />
    </>
  ),
  device: (
    <>
      <rect x="12" y="20" width="72" height="48" rx="4" class="drawing__fill" />
      <path d="M4 80h80" />
      <rect x="84" y="30" width="28" height="54" rx="5" class="drawing__fill" />
      <circle cx="48" cy="38" r="7" />
      <path d="M34 62c2-15 26-15 28 0M95 76h6" />
    </>
  ),
  time: (
    <>
      <circle cx="60" cy="50" r="36" class="drawing__fill" />
      <path d="M60 26v24l16 10" class="drawing__accent" />
      <path d="M60 18v4M60 78v4M28 50h4M88 50h4" />
    </>
  ),
  partner: (
    <>
      <circle cx="42" cy="36" r="13" class="drawing__fill" />
      <path d="M16 86c2-34 50-34 52 0" />
      <circle cx="78" cy="36" r="13" class="drawing__fill" />
      <path d="M66 62c14-12 36-4 38 24" />
    </>
  ),
  mail: (
    <>
      <rect x="16" y="24" width="88" height="56" rx="5" class="drawing__fill" />
      <path d="m16 30 44 30 44-30" />
    </>
  ),
  light: (
    <>
      {face}
      <circle cx="12" cy="22" r="7" class="drawing__accent" />
      <path d="M12 6v4M12 34v4M24 22h-1M21 13l-2 2M21 31l-2-2" class="drawing__accent" />
    </>
  ),
} satisfies { [name: string]: ComponentChildren };

export type DrawingName = keyof typeof drawings;

export function Drawing({ of }: { of: DrawingName }) {
  return (
    <svg class="drawing" viewBox="0 0 120 100" aria-hidden="true">
      {drawings[of]}
    </svg>
  );
}

/* The drawing for a step of the procedure, by what it is about. */
const byName: [RegExp, DrawingName][] = [
  [/spot|finger/, "finger"],
  [/tilt|feature|movement/, "tilt"],
  [/back/, "back"],
  [/front|document|mrz|number/, "document"],
  [/person|face|portrait/, "person"],
];
const byKind: { [kind: string]: DrawingName } = { consent: "consent", tan: "tan", rate: "document", compare: "document", capture: "document" };

export function drawingForStep(step: string, kind: string): DrawingName {
  return byName.find(([pattern]) => pattern.test(step))?.[1] ?? byKind[kind] ?? "ask";
}

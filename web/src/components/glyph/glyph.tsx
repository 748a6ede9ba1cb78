/* SPDX-License-Identifier: EUPL-1.2 */
/* The signs on the controls of a meeting, which KERN does not have. Beside each stands its word. */
import "./glyph.css";

const camera = "M3 7.5A1.5 1.5 0 0 1 4.5 6h9A1.5 1.5 0 0 1 15 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 3 16.5zM15 10.5l6-3v9l-6-3";
const microphone = "M9 6.5a3 3 0 0 1 6 0v5a3 3 0 0 1-6 0zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3M8.5 21h7";
const slash = "M3.5 3.5l17 17";

const paths = {
  camera: [camera],
  "camera-off": [camera, slash],
  microphone: [microphone],
  "microphone-off": [microphone, slash],
  chat: ["M4 4.5h16v11.5h-9.5L6 20v-4H4zM8 8.5h8M8 12h5"],
  more: ["M5.5 12h.01M12 12h.01M18.5 12h.01"],
  leave: ["M10 4H4.5v16H10M10 12h10.5M16.5 8l4 4-4 4"],
  screen: ["M3 5h18v11.5H3zM8.5 20h7M12 16.5V20M12 13.5V8M9.5 10.5L12 8l2.5 2.5"],
  apart: ["M12 3v18M7 8a2.5 2.5 0 1 0 0 .01M2.5 19c.5-6 8-6 8.5-.5M17 8a2.5 2.5 0 1 0 0 .01M13 18.5c.5-5.5 8-5.5 8.5.5"],
  flag: ["M5.5 21V4h12l-2.5 4 2.5 4h-12"],
  settings: ["M4 7h9M17 7h3M4 17h3M11 17h9M13 7a2 2 0 1 0 4 0a2 2 0 1 0-4 0M7 17a2 2 0 1 0 4 0a2 2 0 1 0-4 0"],
  help: ["M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M9.5 9.5a2.5 2.5 0 1 1 3.5 2.300c-.7.3-1 .8-1 1.700M12 16.800h.01"],
  keys: ["M3 6.5h18v11H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8"],
  consent: ["M6 3.5h12v17H6zM9 8h6M9 11.5h6M9.5 16l4.5 0"],
} satisfies { [name: string]: string[] };

export type GlyphName = keyof typeof paths;

export function Glyph({ of }: { of: GlyphName }) {
  return (
    <svg class={`glyph glyph--${of}`} viewBox="0 0 24 24" aria-hidden="true">
      {paths[of].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
import { defineConfig } from "vitest/config";

const server = process.env.JAWORT_URL ?? "http://localhost:8080";

export default defineConfig({
  // Nothing may be inlined as a script or style: the server's policy is script-src 'self'; style-src 'self'.
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: true },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  css: { preprocessorOptions: { scss: { quietDeps: true } } },
  server: { proxy: { "/api": { target: server, ws: true } } },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"], testTimeout: 20_000 },
});

// SPDX-License-Identifier: EUPL-1.2
// A stand-in for `jawort serve`, for looking at pages: serves dist/ under the real policy and answers from fixtures.
// A page's situation is chosen by the cookie "scene", e.g. scene=meeting. There is no media server behind it.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import * as fixtures from "./fixtures.mjs";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const statuses = { not_found: 404, signed_out: 401 };

const sceneOf = (request) => /scene=([\w-]+)/.exec(request.headers.cookie ?? "")?.[1] ?? "visitor";

async function answerFile(response, path) {
  const file = join(dist, extname(path) ? path : "index.html");
  try {
    const body = await readFile(file);
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream", "Content-Security-Policy": policy });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

async function answerApi(request, response, url) {
  let body = "";
  for await (const chunk of request) body += chunk;
  const answer = fixtures.http(sceneOf(request), request.method, url.pathname, body ? JSON.parse(body) : {});
  if (Buffer.isBuffer(answer)) return response.writeHead(200, { "Content-Type": "image/svg+xml" }).end(answer);
  if (typeof answer === "string") return response.writeHead(200, { "Content-Type": "text/plain; charset=utf-8" }).end(answer);
  response.writeHead(answer.error ? (statuses[answer.error.code] ?? 409) : 200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(answer));
}

const refused = {
  "media.offer": { code: "media", key: "media", text: "There is no media server here." },
  "check.record": { code: "rule", key: "document_expired", text: "V-34: The document has expired.", rule: "V-34" },
};

export function startMock(port) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    if (url.pathname.startsWith("/api/")) void answerApi(request, response, url);
    else void answerFile(response, url.pathname);
  });
  const sockets = new WebSocketServer({ server, path: "/api/v1/socket" });
  sockets.on("connection", (socket, request) => {
    const scene = sceneOf(request);
    const view = fixtures.view(scene);
    if (scene === "elsewhere") return socket.close(4409, "elsewhere");
    if (!view) return socket.close(4401);
    socket.send(JSON.stringify(view));
    const events = setInterval(() => fixtures.events(scene).forEach((event) => socket.send(JSON.stringify(event))), 200);
    socket.on("close", () => clearInterval(events));
    socket.on("message", (data) => {
      const { id, op } = JSON.parse(data);
      const error = refused[op];
      socket.send(JSON.stringify({ id, ...(error ? { error } : { out: fixtures.ws(op) }) }));
    });
  });
  const close = () => {
    sockets.close();
    server.close();
  };
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve({ port: server.address().port, close })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { port } = await startMock(Number(process.env.PORT ?? 8099));
  console.log(`http://127.0.0.1:${port}`);
}

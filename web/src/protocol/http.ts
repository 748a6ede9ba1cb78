/* SPDX-License-Identifier: EUPL-1.2 */
/* Operations over HTTP. Path and query parameters are taken from the input; the rest is the JSON body. */
import { OFFLINE, ProtocolError } from "./error";
import { type HTTPOperation, type Operations, routes } from "./generated";

type Parameters = Record<string, unknown>;

function split(operation: HTTPOperation, input: Parameters): { method: string; url: string; rest: Parameters } {
  const { method, path: template } = routes[operation];
  const rest = { ...input };
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  if (method !== "GET") return { method, url: path, rest };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) query.set(name, String(value));
  return { method, url: query.size ? `${path}?${query}` : path, rest: {} };
}

/* The address of a file, for links that download it. */
export function address<Name extends HTTPOperation>(operation: Name, input: Operations[Name]["in"]): string {
  return split(operation, input).url;
}

async function send(method: string, url: string, body: Parameters, csrf: string | null): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["Content-Type"] = "application/json";
  if (csrf) headers["X-CSRF-Token"] = csrf;
  try {
    return await fetch(url, { method, headers, credentials: "same-origin", ...(method !== "GET" && { body: JSON.stringify(body) }) });
  } catch {
    throw new ProtocolError(OFFLINE);
  }
}

async function read(response: Response): Promise<unknown> {
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const problem = (answer as { error?: Parameters } | null)?.error;
  throw ProtocolError.from(problem ?? { code: response.status === 404 ? "not_found" : response.status >= 502 ? OFFLINE : "internal" });
}

let csrf: string | null = null;
/* Forget the token: it belongs to a sign-in, and that has just changed. */
export function forgetCsrf(): void {
  csrf = null;
}

export async function call<Name extends HTTPOperation>(operation: Name, input: Operations[Name]["in"]): Promise<Operations[Name]["out"]> {
  const { method, url, rest } = split(operation, input);
  if (method !== "GET" && csrf === null) csrf = (await call("me.get", {})).csrf;
  return (await read(await send(method, url, rest, csrf))) as Operations[Name]["out"];
}

/* A file as text, e.g. a checkpoint. */
export async function callText<Name extends HTTPOperation>(operation: Name, input: Operations[Name]["in"]): Promise<string> {
  const response = await send("GET", address(operation, input), {}, null);
  if (!response.ok) await read(response);
  return response.text();
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What went wrong, as the protocol says it. `text` is made for people; `field` names the input it belongs to. */
export class ProtocolError extends Error {
  constructor(
    readonly code: string,
    readonly text: string = code,
    readonly field: string | null = null,
    readonly rule: string | null = null,
  ) {
    super(`${code}: ${text}`);
  }

  static from(error: { code?: string; text?: string; field?: string | null; rule?: string | null } | undefined): ProtocolError {
    return new ProtocolError(error?.code ?? "internal", error?.text, error?.field, error?.rule);
  }
}
/* No answer came: the network or the server is away. */
export const OFFLINE = "offline";

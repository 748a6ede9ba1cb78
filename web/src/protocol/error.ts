/* SPDX-License-Identifier: EUPL-1.2 */
/* What went wrong, as the protocol says it. `key` is what the pages have a text for, `text` the English one; `field` names the
 * input it belongs to. */
export class ProtocolError extends Error {
  constructor(
    readonly code: string,
    readonly text: string = code,
    readonly field: string | null = null,
    readonly rule: string | null = null,
    readonly key: string = code,
  ) {
    super(`${code}: ${text}`);
  }

  static from(error: { code?: string; text?: string; field?: string | null; rule?: string | null; key?: string } | undefined): ProtocolError {
    return new ProtocolError(error?.code ?? "internal", error?.text, error?.field, error?.rule, error?.key);
  }
}
/* No answer came: the network or the server is away. */
export const OFFLINE = "offline";

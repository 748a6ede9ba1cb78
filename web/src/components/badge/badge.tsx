/* SPDX-License-Identifier: EUPL-1.2 */
export type BadgeKind = "info" | "success" | "warning" | "danger";

export function Badge({ kind, children }: { kind: BadgeKind; children: string }) {
  return (
    <span class={`kern-badge kern-badge--${kind} kern-badge--small`}>
      <span class={`kern-icon kern-icon--${kind} kern-icon--small`} aria-hidden="true" />
      <span class="kern-label kern-label--small">{children}</span>
    </span>
  );
}

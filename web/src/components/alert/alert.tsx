/* SPDX-License-Identifier: EUPL-1.2 */
/* A KERN alert. `live` says it aloud when it appears. */
import type { ComponentChildren } from "preact";
import "./alert.css";

interface Props {
  kind: "info" | "success" | "warning" | "danger";
  title: string;
  live?: "polite" | "assertive";
  testid?: string;
  children?: ComponentChildren;
}

export function Alert({ kind, title, live, testid, children }: Props) {
  return (
    <div class={`kern-alert kern-alert--${kind}`} role={live && (live === "assertive" ? "alert" : "status")} data-testid={testid}>
      <div class="kern-alert__header">
        <span class={`kern-icon kern-icon--${kind}`} aria-hidden="true" />
        <span class="kern-title">{title}</span>
      </div>
      {children && <div class="kern-alert__body">{children}</div>}
    </div>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Names and values below each other (KERN's description list). */
import type { ComponentChildren } from "preact";

export type Fact = [name: string, value: ComponentChildren] | false | "" | null | undefined;

export function Facts({ facts, columns }: { facts: Fact[]; columns?: boolean }) {
  return (
    <dl class={`kern-description-list ${columns ? "kern-description-list--col" : ""}`}>
      {facts.map(
        (fact) =>
          fact && (
            <div class="kern-description-list-item" key={fact[0]}>
              <dt class="kern-description-list-item__key">{fact[0]}</dt>
              <dd class="kern-description-list-item__value">{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

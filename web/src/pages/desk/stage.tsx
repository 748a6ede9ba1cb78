/* SPDX-License-Identifier: EUPL-1.2 */
/* The live picture and the last still in one place: one large, the other small in its corner. A new still is large at once, the next
 * step shows the live picture again. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../components/button/button";
import { useTexts } from "../../i18n/catalogue";
import { desk } from "../../i18n/desk";
import { LastStill } from "./still";
import type { Still } from "./session";

interface Props {
  still: Still | null;
  /* What the live picture is wanted for now. */
  step: string | undefined;
  children: ComponentChildren;
}

export function Stage({ still, step, children }: Props) {
  const t = useTexts(desk);
  const [isStillLarge, setStillLarge] = useState(false);
  useEffect(() => setStillLarge(still !== null), [still?.still]);
  useEffect(() => setStillLarge(false), [step]);
  return (
    <div class="stage">
      <div class={still && isStillLarge ? "stage__inset" : "stage__large"}>{children}</div>
      {still && (
        <>
          <div class={isStillLarge ? "stage__large" : "stage__inset"}>
            <LastStill key={still.still} still={still} isLarge={isStillLarge} />
          </div>
          <div class="stage__swap">
            <Button small hotkey="l" onClick={() => setStillLarge(!isStillLarge)}>
              {t(isStillLarge ? "stage.live_large" : "stage.still_large")}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

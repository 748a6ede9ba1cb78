/* SPDX-License-Identifier: EUPL-1.2 */
/* The calm banner of a lost connection: it counts, comes back by itself, and says when it has. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useNow } from "../../app/load";
import { type Store, useStore } from "../../app/store";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import type { Connection } from "../../protocol/socket";
import "./connection.css";

export function ConnectionBanner({ connection }: { connection: Store<Connection> }) {
  const t = useTexts(common);
  const now = useNow(1000);
  const current = useStore(connection);
  const wasLost = useRef(false);
  const [isBack, setBack] = useState(false);
  useEffect(() => {
    if (current.state === "waiting") wasLost.current = true;
    if (current.state !== "open" || !wasLost.current) return;
    wasLost.current = false;
    setBack(true);
    const timer = setTimeout(() => setBack(false), 4000);
    return () => clearTimeout(timer);
  }, [current]);
  const shown = () => {
    if (current.state === "waiting") return t("connection.lost", { seconds: Math.max(1, Math.ceil((current.retry_ms - now) / 1000)) });
    if (current.state === "connecting" && wasLost.current) return t("connection.trying");
    return isBack && current.state === "open" ? t("connection.back") : null;
  };
  const text = shown();
  return (
    <>
      <p class="kern-sr-only" role="status">
        {/* Said once per change, not each second. */}
        {current.state === "waiting" ? t("connection.trying") : isBack ? t("connection.back") : ""}
      </p>
      {text && (
        <p class={`connection ${isBack ? "connection--back" : ""}`} data-testid="connection" aria-hidden="true">
          {text}
        </p>
      )}
    </>
  );
}

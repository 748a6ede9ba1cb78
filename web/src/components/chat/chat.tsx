/* SPDX-License-Identifier: EUPL-1.2 */
/* Written messages, for when the sound is bad. What is typed stays when sending fails. */
import { useEffect, useRef } from "preact/hooks";
import { useKept } from "../../app/kept";
import { useAction } from "../../app/load";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { useClock } from "../../i18n/time";
import type { ChatLine } from "../../protocol/generated";
import { Problem } from "../alert/problem";
import { Button } from "../button/button";
import { TextField } from "../field/field";
import "./chat.css";

export function Chat({ lines, onSend }: { lines: ChatLine[]; onSend: (text: string) => Promise<unknown> }) {
  const t = useTexts(common);
  const clock = useClock();
  const [text, setText] = useKept("chat", "");
  const log = useRef<HTMLOListElement>(null);
  const send = useAction(async () => {
    await onSend(text.trim());
    setText("");
  });
  useEffect(() => {
    if (log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [lines.length]);
  return (
    <section class="chat" aria-label={t("chat.title")}>
      {lines.length === 0 && <p class="kern-body muted">{t("chat.empty")}</p>}
      <div class="chat__log" role="log" aria-label={t("chat.log")} tabIndex={0}>
        <ol class="plain" ref={log}>
          {lines.map((line) => (
            <li key={`${line.at_ms}${line.from}`}>
              <span class="muted">
                {line.name}, {clock.time(line.at_ms)}
              </span>
              <p>{line.text}</p>
            </li>
          ))}
        </ol>
      </div>
      <Problem error={send.error} />
      <form
        class="chat__form"
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) void send.run();
        }}
      >
        <TextField id="chat" label={t("chat.label")} value={text} onInput={setText} maxLength={2000} autoComplete="off" />
        <Button type="submit" busy={send.isBusy}>
          {t("chat.send")}
        </Button>
      </form>
    </section>
  );
}

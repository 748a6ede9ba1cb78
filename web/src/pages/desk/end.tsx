/* SPDX-License-Identifier: EUPL-1.2 */
/* Ending always asks for a reason and says what happens to the recording, or to the people when nobody has met them. */
import { useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Dialog } from "../../components/dialog/dialog";
import { Choice, TextField } from "../../components/field/field";
import { useTexts } from "../../i18n/catalogue";
import { desk } from "../../i18n/desk";
import type { Operations } from "../../protocol/generated";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";

type Reason = Operations["session.end"]["in"]["reason"];
const reasons: Reason[] = ["completed", "technical", "identification_failed", "no_consent", "person_wishes", "suspected_fraud", "office"];
/* Who has not joined gives the people back: they keep their place and get another officer. */
const causes = ["technical", "office"] as const;
const mediaText = (reason: Reason) => (reason === "completed" ? "end.media_completed" : reason === "suspected_fraud" ? "end.media_fraud" : "end.media_other");

export function EndDialog({ session, conference, onClose }: { session: DeskSession; conference: DeskConference; onClose: () => void }) {
  const t = useTexts(desk);
  const isBefore = session.state === "assigned";
  const options = isBefore ? causes.map((value) => ({ value, label: t(`back.${value}`) })) : reasons.map((value) => ({ value, label: t(`end.${value}`) }));
  const [reason, setReason] = useState<Reason | "">("");
  const [note, setNote] = useState("");
  const [wasTried, setTried] = useState(false);
  const end = useAction(async () => {
    if (reason) await conference.socket.request("session.end", { session: session.id, reason, ...(note.trim() && { note: note.trim() }) });
    onClose();
  });
  return (
    <Dialog
      title={t(isBefore ? "back.title" : "end.title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t(isBefore ? "back.keep" : "end.back")}</Button>
          <Button
            kind="primary"
            busy={end.isBusy}
            onClick={() => {
              setTried(true);
              if (reason) void end.run();
            }}
          >
            {t(isBefore ? "back.button" : "end.confirm")}
          </Button>
        </>
      }
    >
      <Choice
        id="end-reason"
        label={t(isBefore ? "back.reason" : "end.reason")}
        value={reason}
        onChange={setReason}
        options={options}
        error={wasTried && !reason ? t("end.reason_missing") : undefined}
      />
      {isBefore && <p class="kern-body">{t("back.text")}</p>}
      {reason && !isBefore && <Alert kind="info" title={t(mediaText(reason))} live="polite" />}
      <TextField id="end-note" label={t("end.note")} value={note} onInput={setNote} isOptional maxLength={2000} />
      <Problem error={end.error} />
    </Dialog>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* A hint at fraud that nobody in the session notices. */
import { useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Dialog } from "../../components/dialog/dialog";
import { TextField } from "../../components/field/field";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";

export function FlagDialog({ session, conference, onSent, onClose }: { session: DeskSession; conference: DeskConference; onSent: () => void; onClose: () => void }) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const [text, setText] = useState("");
  const flag = useAction(async () => {
    await conference.socket.request("session.flag", { session: session.id, text: text.trim() });
    onSent();
    onClose();
  });
  return (
    <Dialog
      title={t("flag.title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{c("cancel")}</Button>
          <Button kind="primary" busy={flag.isBusy} disabled={!text.trim()} onClick={flag.run}>
            {t("flag.send")}
          </Button>
        </>
      }
    >
      <p class="kern-body">{t("flag.text")}</p>
      <TextField id="flag" label={t("flag.label")} value={text} onInput={setText} maxLength={2000} />
      <Problem error={flag.error} />
    </Dialog>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The two steps of a person that ask before they are done. */
import { useAction } from "../../app/load";
import { navigate } from "../../app/router";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Dialog } from "../../components/dialog/dialog";
import { useTexts } from "../../i18n/catalogue";
import { visit } from "../../i18n/visit";
import type { Conference } from "../../media/conference";
import type { PersonCard } from "../../protocol/generated";

export function Leave({ conference, onClose }: { conference: Conference<"visit">; onClose: () => void }) {
  const t = useTexts(visit);
  const leave = useAction(async () => {
    await conference.socket.request("visit.leave", {});
    conference.devices.close();
    navigate("/visit");
  });
  return (
    <Dialog
      title={t("meeting.leave_title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("meeting.leave_no")}</Button>
          <Button busy={leave.isBusy} onClick={leave.run}>
            {t("meeting.leave_yes")}
          </Button>
        </>
      }
    >
      <Problem error={leave.error} />
      <p class="kern-body">{t("meeting.leave_text")}</p>
    </Dialog>
  );
}

export function Withdraw({ mine, conference, onClose }: { mine: PersonCard[]; conference: Conference<"visit">; onClose: () => void }) {
  const t = useTexts(visit);
  const withdraw = useAction(async () => {
    for (const person of mine) if (person.consent === "given") await conference.socket.request("consent.withdraw", { person: person.id });
    onClose();
  });
  return (
    <Dialog
      title={t("meeting.withdraw_title")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("meeting.withdraw_no")}</Button>
          <Button busy={withdraw.isBusy} onClick={withdraw.run}>
            {t("meeting.withdraw_yes")}
          </Button>
        </>
      }
    >
      <Problem error={withdraw.error} />
      <p class="kern-body">{t("meeting.withdraw_text")}</p>
    </Dialog>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The person's own link: first the date of birth, then the one page to come back to. */
import { useEffect, useState } from "preact/hooks";
import { useAction, useCall } from "../../app/load";
import { office } from "../../app/office";
import { PageFrame } from "../../app/page";
import { navigate } from "../../app/router";
import { Problem } from "../../components/alert/problem";
import { Button, LinkButton } from "../../components/button/button";
import { Dialog } from "../../components/dialog/dialog";
import { Facts } from "../../components/facts/facts";
import { Loading } from "../../components/loading/loading";
import { useTexts } from "../../i18n/catalogue";
import { visit } from "../../i18n/visit";
import { useClock } from "../../i18n/time";
import { OFFLINE } from "../../protocol/error";
import type { ViewVisit } from "../../protocol/generated";
import { address, call, forgetCsrf } from "../../protocol/http";
import { Move } from "./move";
import { OpenLink } from "./open";
import { Reports } from "./reports";
import { endVisit } from "./visit";

export default function Manage() {
  const t = useTexts(visit);
  const [token, setToken] = useState(location.hash.slice(1));
  const { value, error, again } = useCall("appointment.get", token ? null : {});
  useEffect(() => {
    if (value) office.set(value.visit.appointment.office);
  }, [value]);
  const onOpened = () => {
    history.replaceState(null, "", "/visit");
    setToken("");
  };
  if (token || (error && error.code !== OFFLINE)) return <OpenLink token={token} onOpened={onOpened} />;
  if (value) return <Overview view={value.visit} again={again} />;
  return (
    <PageFrame title={t("open.title")}>
      <Problem error={error} again={again} />
      {!error && <Loading />}
    </PageFrame>
  );
}

const states = ["awaiting_mail", "confirmed", "checked_in", "in_session", "completed", "aborted", "no_show"] as const;
const isOpen = (state: string) => ["confirmed", "checked_in", "in_session"].includes(state);

function Overview({ view, again }: { view: ViewVisit; again: () => void }) {
  const t = useTexts(visit);
  const clock = useClock(view.appointment.office.time_zone);
  const [isMoving, setMoving] = useState(false);
  const { state, start_ms, office: where, service } = view.appointment;
  const known = states.find((one) => one === state);
  const stateText = known ? t(`manage.state_${known}`) : state.startsWith("cancelled") ? t("manage.state_cancelled") : t("manage.state_other");
  const here = clock.elsewhere(start_ms);
  const others = view.people.filter((person) => person.id !== view.me.id);
  if (isMoving) return <Move view={view} onBack={() => setMoving(false)} />;
  return (
    <PageFrame title={t("manage.greeting", { name: view.me.name })} lead={stateText}>
      <div class="columns">
        <section class="panel stack stack--tight" aria-label={t("open.title")}>
          <Facts
            columns
            facts={[
              [t("manage.when"), clock.moment(start_ms)],
              here && [t("manage.here"), here],
              [t("manage.what"), service.name],
              [t("manage.where"), `${where.name}, ${where.organisation}`],
              others.length > 0 && [
                t("manage.partner"),
                others.map((person) => t(person.has_confirmed ? "manage.partner_confirmed" : "manage.partner_open", { name: person.name })).join(". "),
              ],
            ]}
          />
          {isOpen(state) && (
            <LinkButton kind="tertiary" icon="calendar-today" href={address("appointment.calendar", {})} download>
              {t("manage.calendar")}
            </LinkButton>
          )}
        </section>
        {isOpen(state) && (
          <section class="stack">
            <div class="panel stack stack--tight">
              <p class="kern-body">{t("manage.prepare_text")}</p>
              <LinkButton kind="primary" icon="visibility" href="/visit/prepare" block>
                {t("manage.prepare")}
              </LinkButton>
            </div>
            <div class="panel stack stack--tight">
              <p class="kern-body">{t("manage.room_text")}</p>
              <LinkButton kind="secondary" icon="arrow-forward" href="/visit/room" block>
                {t("manage.room")}
              </LinkButton>
            </div>
          </section>
        )}
      </div>
      <Reports view={view} />
      {(state === "confirmed" || state === "awaiting_mail") && <Changes onMove={() => setMoving(true)} onCancelled={again} />}
      {!isOpen(state) && (
        <div class="actions">
          <LinkButton href={`/office/${where.id}`}>{t("manage.new")}</LinkButton>
        </div>
      )}
      <SignOut />
    </PageFrame>
  );
}

function Changes({ onMove, onCancelled }: { onMove: () => void; onCancelled: () => void }) {
  const t = useTexts(visit);
  const [isAsking, ask] = useState(false);
  const cancel = useAction(async () => {
    await call("appointment.cancel", {});
    ask(false);
    onCancelled();
  });
  return (
    <section class="stack stack--tight">
      <h2 class="kern-heading-medium">{t("manage.more")}</h2>
      <div class="actions">
        <Button icon="edit" onClick={onMove}>
          {t("manage.move")}
        </Button>
        <Button icon="close" onClick={() => ask(true)}>
          {t("manage.cancel")}
        </Button>
      </div>
      {isAsking && (
        <Dialog
          title={t("manage.cancel_title")}
          onClose={() => ask(false)}
          footer={
            <>
              <Button onClick={() => ask(false)}>{t("manage.cancel_no")}</Button>
              <Button busy={cancel.isBusy} onClick={cancel.run}>
                {t("manage.cancel_yes")}
              </Button>
            </>
          }
        >
          <Problem error={cancel.error} />
          <p class="kern-body">{t("manage.cancel_text")}</p>
        </Dialog>
      )}
    </section>
  );
}

function SignOut() {
  const t = useTexts(visit);
  const signOut = useAction(async () => {
    await call("link.close", {});
    forgetCsrf();
    endVisit();
    navigate("/");
  });
  return (
    <div>
      <Button kind="tertiary" icon="logout" busy={signOut.isBusy} onClick={signOut.run}>
        {t("manage.sign_out")}
      </Button>
      <Problem error={signOut.error} />
    </div>
  );
}

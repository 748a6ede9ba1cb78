/* SPDX-License-Identifier: EUPL-1.2 */
/* Waiting room, meeting and end at one address, so that a reload or a lost network always leads back to where one was. */
import { useEffect } from "preact/hooks";
import { readKept, keep } from "../../app/kept";
import { PageFrame } from "../../app/page";
import { useStore } from "../../app/store";
import { Alert } from "../../components/alert/alert";
import { Button, LinkButton } from "../../components/button/button";
import { ConnectionBanner } from "../../components/connection/connection";
import { Ended, endOf } from "../../components/ended/ended";
import { Loading } from "../../components/loading/loading";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { visit } from "../../i18n/visit";
import type { Conference } from "../../media/conference";
import { readySound } from "../../media/sound";
import type { ViewVisit } from "../../protocol/generated";
import { makeNonce } from "../../protocol/secret";
import { Done } from "./done";
import { Meeting } from "./meeting";
import { useVisit } from "./visit";
import { Waiting } from "./waiting";

export type Phase = "enter" | "waiting" | "meeting" | "done";

const OVER = ["completed", "aborted", "expired", "cancelled_by_person", "cancelled_by_office", "moved", "no_show"];

export function phaseOf(view: ViewVisit, hasDevices: boolean): Phase {
  const session = view.session?.state;
  if (session === "wrap_up" || session === "ended" || OVER.includes(view.appointment.state)) return "done";
  if (!hasDevices) return "enter";
  return session === "live" ? "meeting" : "waiting";
}

/* One share of the draw per visit, the same after a reload. */
function nonce(): string {
  const kept = readKept<string | null>("nonce", null) ?? makeNonce();
  keep("nonce", kept);
  return kept;
}

export default function Room() {
  const { conference, view } = useVisit();
  const local = useStore(conference.devices.local);
  const connection = useStore(conference.socket.connection);
  const end = endOf(connection);
  const phase = view ? phaseOf(view, local.state === "on") : null;
  const isInside = phase === "waiting" || phase === "meeting";
  useEffect(() => {
    void conference.devices.openIfAllowed();
  }, [conference]);
  useEffect(() => {
    if (connection.state === "open" && isInside) conference.socket.request("visit.enter", { nonce: nonce() }).catch(() => undefined);
  }, [connection.state, isInside]);
  useEffect(() => {
    conference.setLive(phase === "meeting");
    if (phase === "done") conference.devices.close();
  }, [phase]);
  return (
    <div class="room" data-testid="room" data-phase={phase ?? "loading"}>
      <div class="room__banner">
        <ConnectionBanner connection={conference.socket.connection} />
      </div>
      {end ? <Ended end={end} conference={conference} /> : <Content phase={phase} view={view} conference={conference} />}
    </div>
  );
}

function Content({ phase, view, conference }: { phase: Phase | null; view: ViewVisit | null; conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  if (!view || !phase) {
    return (
      <PageFrame title={t("enter.title")}>
        <Loading />
      </PageFrame>
    );
  }
  if (phase === "enter") return <Enter conference={conference} />;
  if (phase === "waiting") return <Waiting view={view} conference={conference} />;
  if (phase === "meeting") return <Meeting view={view} conference={conference} />;
  return <Done view={view} />;
}

function Enter({ conference }: { conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const c = useTexts(common);
  const { state, problem } = useStore(conference.devices.local);
  return (
    <PageFrame title={t("enter.title")} lead={t("enter.lead")} width="narrow">
      {problem && <Alert kind="warning" title={c(`media.${problem}`)} live="assertive" />}
      <p class="kern-body" role="status">
        {state === "asking" ? t("prepare.asking") : t("prepare.start_text")}
      </p>
      <div class="actions">
        <Button
          kind="primary"
          icon="arrow-forward"
          busy={state === "asking"}
          onClick={() => {
            readySound();
            void conference.devices.open();
          }}
        >
          {t("enter.button")}
        </Button>
        <LinkButton href="/visit/prepare">{t("prepare.title")}</LinkButton>
      </div>
    </PageFrame>
  );
}

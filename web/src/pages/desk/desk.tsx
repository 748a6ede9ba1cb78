/* SPDX-License-Identifier: EUPL-1.2 */
/* The desk of a registrar or examiner: one screen, every action by a key. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { PageFrame } from "../../app/page";
import { openSocket, useNetworkChange } from "../../app/socket";
import { useStore } from "../../app/store";
import { usePreview } from "../../app/streams";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { areHotkeysOn } from "../../components/button/hotkey";
import { ConnectionBanner } from "../../components/connection/connection";
import { Ended, endOf } from "../../components/ended/ended";
import { CheckField } from "../../components/field/field";
import { Loading } from "../../components/loading/loading";
import { SignedIn, SignOut } from "../../components/sign-in/sign-in";
import { VideoTile } from "../../components/video/video";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import { useClock } from "../../i18n/time";
import { Conference } from "../../media/conference";
import { announceTurn } from "../../media/sound";
import type { ViewDesk } from "../../protocol/generated";
import { Card } from "./card";
import { Session } from "./session";
import { WrapUp } from "./wrap-up";
import "./desk.css";

export type DeskConference = Conference<"desk">;

export default function DeskPage() {
  return <SignedIn roles={["registrar", "examiner"]}>{() => <Desk />}</SignedIn>;
}

function Desk() {
  const t = useTexts(desk);
  const conference = useMemo(() => new Conference(openSocket("desk")), []);
  useEffect(() => () => conference.close(), [conference]);
  useNetworkChange(conference.moved);
  const view = useStore(conference.socket.view);
  const connection = useStore(conference.socket.connection);
  const state = view?.state;
  useEffect(() => {
    if (connection.state === "refused") location.reload();
  }, [connection.state]);
  useEffect(() => {
    void conference.devices.openIfAllowed();
  }, [conference]);
  useEffect(() => {
    conference.setLive(state === "in_session");
    if (state === "assigned") announceTurn();
  }, [state]);
  const end = endOf(connection);
  if (end) return <Ended end={end} conference={conference} />;
  return (
    <div data-testid="desk" data-state={state ?? "loading"} class="desk-page">
      <PageFrame title={t("desk.title")} isTool>
        <ConnectionBanner connection={conference.socket.connection} />
        {!view ? (
          <Loading />
        ) : (
          <Content view={view} conference={conference} />
        )}
      </PageFrame>
    </div>
  );
}

function Content({ view, conference }: { view: ViewDesk; conference: DeskConference }) {
  if (view.state === "in_session" && view.session) return <Session session={view.session} peer={view.media.peer} conference={conference} />;
  return (
    <>
      <TopBar view={view} conference={conference} />
      <div class="desk">
        <Today view={view} />
        <div class="stack">
          <Idle view={view} conference={conference} />
        </div>
        <Self conference={conference} />
      </div>
    </>
  );
}

function TopBar({ view, conference }: { view: ViewDesk; conference: DeskConference }) {
  const t = useTexts(desk);
  const clock = useClock();
  const { me } = view;
  const request = useAction((operation: "desk.ready" | "desk.pause") => conference.socket.request(operation, {}));
  const canSwitch = view.state === "ready" || view.state === "paused" || view.state === "wrap_up";
  return (
    <section class="desk__bar" aria-label={me.name}>
      <div class="desk__about">
        <strong>{me.name}</strong>
        <span class="muted">
          {me.organisation.name} · {me.trained_until_ms > view.now_ms ? t("desk.trained_until", { date: clock.day(me.trained_until_ms) }) : t("desk.training_missing")}
        </span>
      </div>
      <p class="desk__state" role="status">
        <strong>{t(`desk.state_${view.state}`)}</strong>
        <span class="muted">{view.waiting_count ? t("desk.waiting", { count: view.waiting_count }) : t("desk.waiting_none")}</span>
      </p>
      <div class="row">
        {canSwitch && view.state !== "ready" && !view.blocked && (
          <Button kind="primary" small hotkey="b" busy={request.isBusy} onClick={() => void request.run("desk.ready")}>
            {t("desk.ready")}
          </Button>
        )}
        {canSwitch && view.state !== "paused" && (
          <Button small hotkey="p" busy={request.isBusy} onClick={() => void request.run("desk.pause")}>
            {t("desk.pause")}
          </Button>
        )}
        <Keys />
        <SignOut />
      </div>
      <Problem error={request.error} />
    </section>
  );
}

function Keys() {
  const t = useTexts(desk);
  const areOn = useStore(areHotkeysOn);
  return (
    <Button kind="tertiary" small pressed={areOn} onClick={() => areHotkeysOn.set(!areOn)}>
      {t("desk.keys")}
    </Button>
  );
}

function Idle({ view, conference }: { view: ViewDesk; conference: DeskConference }) {
  const t = useTexts(desk);
  if (view.state === "assigned" && view.session) return <Card session={view.session} conference={conference} />;
  if (view.state === "wrap_up" && view.session) return <WrapUp session={view.session} />;
  if (view.blocked === "room_not_attested" || (view.state === "off" && !view.blocked)) return <StartShift conference={conference} />;
  if (view.blocked) {
    return (
      <Alert kind="warning" title={t("desk.blocked")}>
        <p class="kern-body">{t(view.blocked === "training_expired" ? "desk.blocked_training_expired" : "desk.blocked_other")}</p>
      </Alert>
    );
  }
  return (
    <div class="panel desk__quiet">
      <div>
        <p class="kern-title">{t(`desk.state_${view.state}`)}</p>
        <p class="kern-body">{view.waiting_count ? t("desk.waiting", { count: view.waiting_count }) : t("desk.waiting_none")}</p>
      </div>
    </div>
  );
}

function StartShift({ conference }: { conference: DeskConference }) {
  const t = useTexts(desk);
  const [isAttested, attest] = useState(false);
  const [wasTried, setTried] = useState(false);
  const start = useAction(() => conference.socket.request("desk.start_shift", { room_attested: true }));
  return (
    <form
      class="panel stack"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (isAttested) void start.run();
      }}
    >
      <h2 class="kern-title">{t("shift.title")}</h2>
      <CheckField id="attest" label={t("shift.attest")} isChecked={isAttested} onChange={attest} error={wasTried && !isAttested ? t("shift.attest_missing") : undefined} />
      <Problem error={start.error} />
      <div class="actions">
        <Button kind="primary" type="submit" busy={start.isBusy}>
          {t("shift.start")}
        </Button>
      </div>
    </form>
  );
}

function Self({ conference }: { conference: DeskConference }) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const { state, stream, problem } = useStore(conference.devices.local);
  const preview = usePreview(stream);
  return (
    <section class="stack stack--tight" aria-label={t("stage.self")}>
      {state === "on" ? (
        <VideoTile person="self" name={c("video.self")} stream={preview} isSelf isMirrored hasVideo hasAudio />
      ) : (
        <Button block icon="visibility" busy={state === "asking"} onClick={() => void conference.devices.open()}>
          {t("desk.camera")}
        </Button>
      )}
      {problem && <Alert kind="warning" title={c(`media.${problem}`)} live="assertive" />}
      <p class="kern-body kern-body--small muted">{t("desk.camera_text")}</p>
    </section>
  );
}

const todayStates = ["confirmed", "checked_in", "in_session", "completed", "aborted", "no_show"] as const;

function Today({ view }: { view: ViewDesk }) {
  const t = useTexts(desk);
  const clock = useClock();
  return (
    <section class="stack stack--tight" aria-labelledby="today">
      <h2 class="kern-title" id="today">
        {t("today.title")}
      </h2>
      {view.today.length === 0 && <p class="kern-body muted">{t("today.none")}</p>}
      <ol class="plain today">
        {view.today.map((one) => (
          <li key={one.appointment} class={one.state === "checked_in" ? "today__waiting" : ""}>
            <span class="today__time">{clock.time(one.start_ms)}</span>
            <span>
              {one.names ?? one.service}
              <span class="muted"> · {t(`today.state_${todayStates.find((state) => state === one.state) ?? "other"}`)}</span>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Trying everything out beforehand: camera, microphone, speaker, and the connection through the media server. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { PageFrame } from "../../app/page";
import { useStore } from "../../app/store";
import { useCallState, usePreview } from "../../app/streams";
import { Alert } from "../../components/alert/alert";
import { Badge } from "../../components/badge/badge";
import { Button, LinkButton } from "../../components/button/button";
import { ConnectionBanner } from "../../components/connection/connection";
import { DeviceChoice } from "../../components/devices/devices";
import { Drawing } from "../../components/drawing/drawing";
import { Ended, endOf } from "../../components/ended/ended";
import { Level } from "../../components/level/level";
import { Loading } from "../../components/loading/loading";
import { QrCode } from "../../components/qr/qr";
import { VideoTile } from "../../components/video/video";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { visit } from "../../i18n/visit";
import type { Conference } from "../../media/conference";
import { DARK, watchLight } from "../../media/light";
import { playTestTone, readySound } from "../../media/sound";
import { Ways } from "../office/office";
import { keptLink, useVisit } from "./visit";
import "./prepare.css";

type Status = "open" | "ok" | "failed";

export default function Prepare() {
  const t = useTexts(visit);
  const { conference, view } = useVisit();
  const end = endOf(useStore(conference.socket.connection));
  if (end) return <Ended end={end} conference={conference} />;
  return (
    <PageFrame title={t("prepare.title")} lead={t("prepare.lead")}>
      <ConnectionBanner connection={conference.socket.connection} />
      {view ? <Checks conference={conference} /> : <Loading />}
      <div class="columns">
        <section class="panel prepare__advice">
          <Drawing of="light" />
          <div class="stack stack--tight">
            <h2 class="kern-title">{t("prepare.light")}</h2>
            <p class="kern-body">{t("prepare.light_text")}</p>
          </div>
        </section>
        <Phone />
      </div>
      <div class="narrow">
        {(["recorded", "who", "long"] as const).map((question) => (
          <details class="kern-accordion" key={question} open={question === "recorded"}>
            <summary class="kern-accordion__header">
              <span class="kern-title">{t(`prepare.${question}`)}</span>
            </summary>
            <section class="kern-accordion__body">
              <p class="kern-body">{t(`prepare.${question}_text`)}</p>
            </section>
          </details>
        ))}
      </div>
      {view && <Ways office={view.appointment.office} />}
    </PageFrame>
  );
}

function Checks({ conference }: { conference: Conference<"visit"> }) {
  const t = useTexts(visit);
  const c = useTexts(common);
  const { state, stream, problem } = useStore(conference.devices.local);
  const call = useCallState(conference);
  const [hasSpoken, setSpoken] = useState(false);
  const [speaker, setSpeaker] = useState<Status>("open");
  const [wasPlayed, setPlayed] = useState(false);
  const preview = usePreview(stream);
  const isDark = useIsDark(preview);
  const camera: Status = state === "on" ? "ok" : state === "failed" ? "failed" : "open";
  const microphone: Status = state === "failed" ? "failed" : hasSpoken ? "ok" : "open";
  const connection: Status = call.state === "connected" ? "ok" : call.state === "broken" || call.state === "ended" ? "failed" : "open";
  if (state === "off" || state === "asking") {
    return (
      <section class="panel stack stack--tight prepare__start">
        <p class="kern-body">{state === "asking" ? t("prepare.asking") : t("prepare.start_text")}</p>
        <div class="actions">
          <Button
            kind="primary"
            icon="visibility"
            busy={state === "asking"}
            onClick={() => {
              readySound();
              void conference.devices.open();
            }}
          >
            {t("prepare.start")}
          </Button>
        </div>
      </section>
    );
  }
  return (
    <section class="prepare" data-testid="device-check" data-camera={camera} data-microphone={microphone} data-connection={connection}>
      <div class="stack stack--tight">
        <VideoTile person="self" name={c("video.self")} stream={preview} isSelf isMirrored hasVideo hasAudio />
        {stream && <DeviceChoice devices={conference.devices} />}
      </div>
      <ul class="plain stack stack--tight">
        <Check
          name={t("prepare.camera")}
          status={camera}
          text={camera === "failed" && problem ? c(`media.${problem}`) : t(camera !== "ok" ? "prepare.camera_open" : isDark ? "advice.picture_dark" : "prepare.camera_ok")}
        >
          {camera === "failed" && (
            <Button kind="secondary" small icon="autorenew" onClick={() => void conference.devices.open()}>
              {c("again")}
            </Button>
          )}
        </Check>
        <Check name={t("prepare.microphone")} status={microphone} text={t(hasSpoken ? "prepare.microphone_ok" : "prepare.microphone_open")}>
          {preview && <Level stream={preview} onHeard={() => setSpoken(true)} />}
        </Check>
        <Check name={t("prepare.speaker")} status={speaker} text={t(wasPlayed && speaker === "open" ? "prepare.heard" : `prepare.speaker_${speaker}`)}>
          <div class="row">
            <Button
              small
              onClick={() => {
                playTestTone();
                setPlayed(true);
              }}
            >
              {t("prepare.tone")}
            </Button>
            {wasPlayed && speaker !== "ok" && (
              <>
                <Button small onClick={() => setSpeaker("ok")}>
                  {c("yes")}
                </Button>
                <Button small onClick={() => setSpeaker("failed")}>
                  {c("no")}
                </Button>
              </>
            )}
          </div>
        </Check>
        <Check name={t("prepare.connection")} status={connection} text={call.problem ? c(`media.problem_${call.problem}`) : t(`prepare.connection_${connection}`)} />
        {camera === "ok" && connection === "ok" && (
          <li>
            <Alert kind="success" title={t("prepare.done")} />
          </li>
        )}
        <li class="actions">
          <LinkButton kind="primary" icon="arrow-forward" href="/visit/room">
            {t("prepare.next")}
          </LinkButton>
        </li>
      </ul>
    </section>
  );
}

function useIsDark(stream: MediaStream | null): boolean {
  const [isDark, setDark] = useState(false);
  useEffect(() => (stream ? watchLight(stream, (light) => setDark(light < DARK)) : undefined), [stream]);
  return isDark;
}

const badges = { open: "info", ok: "success", failed: "warning" } as const;

function Check({ name, status, text, children }: { name: string; status: Status; text: string; children?: ComponentChildren }) {
  const t = useTexts(visit);
  return (
    <li class="panel stack stack--tight prepare__check">
      <div class="row row--between">
        <h2 class="kern-title">{name}</h2>
        <Badge kind={badges[status]}>{t(`prepare.status_${status}`)}</Badge>
      </div>
      <p class="kern-body" role="status">
        {text}
      </p>
      {children}
    </li>
  );
}

function Phone() {
  const t = useTexts(visit);
  const token = keptLink();
  return (
    <section class="panel stack stack--tight prepare__phone">
      <h2 class="kern-title">{t("prepare.phone")}</h2>
      <p class="kern-body">{t(token ? "prepare.phone_text" : "prepare.phone_lost")}</p>
      {token && <QrCode text={`${location.origin}/visit#${token}`} label={t("prepare.qr")} />}
    </section>
  );
}

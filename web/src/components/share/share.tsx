/* SPDX-License-Identifier: EUPL-1.2 */
/* Showing a second video: the screen, or another camera that looks at papers. */
import { useEffect, useState } from "preact/hooks";
import { useAction } from "../../app/load";
import { useStore } from "../../app/store";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import type { Conference } from "../../media/conference";
import { listDevices } from "../../media/devices";
import { canShowScreen, type Source } from "../../media/document";
import type { Views } from "../../protocol/socket";
import { Problem } from "../alert/problem";
import { Button } from "../button/button";
import "./share.css";

export function Share<View extends keyof Views>({ conference, onDone }: { conference: Conference<View>; onDone: () => void }) {
  const t = useTexts(common);
  const { stream } = useStore(conference.devices.local);
  const shown = useStore(conference.document.shown);
  const [cameras, setCameras] = useState<MediaDeviceInfo[]>([]);
  useEffect(() => void listDevices().then((found) => setCameras(found.cameras)), []);
  const inUse = stream?.getVideoTracks()[0]?.getSettings().deviceId;
  const others = cameras.filter((camera) => camera.deviceId !== inUse);
  const start = useAction(async (source: Source) => {
    if (await conference.document.start(source)) onDone();
  });
  if (shown) {
    return (
      <>
        <p class="kern-body">{t(`share.now_${shown.kind}`)}</p>
        <Button kind="primary" block onClick={() => conference.document.stop()}>
          {t("share.stop")}
        </Button>
      </>
    );
  }
  return (
    <>
      <p class="kern-body">{t("share.text")}</p>
      {canShowScreen() && (
        <Button block busy={start.isBusy} onClick={() => void start.run({ kind: "screen" })}>
          {t("share.screen")}
        </Button>
      )}
      {others.map((camera, i) => (
        <Button key={camera.deviceId} block busy={start.isBusy} onClick={() => void start.run({ kind: "camera", id: camera.deviceId })}>
          {t("share.camera", { name: camera.label || String(i + 2) })}
        </Button>
      ))}
      {!canShowScreen() && others.length === 0 && <p class="kern-body">{t("share.nothing")}</p>}
      <Problem error={start.error} />
    </>
  );
}

/* Always there while something is shown: nobody shows a screen without knowing. */
export function ShareSign<View extends keyof Views>({ conference }: { conference: Conference<View> }) {
  const t = useTexts(common);
  const shown = useStore(conference.document.shown);
  if (!shown) return null;
  return (
    <div class="share-sign" role="status" data-testid="sharing" data-kind={shown.kind}>
      <span>{t(`share.now_${shown.kind}`)}</span>
      <Button small onClick={() => conference.document.stop()}>
        {t("share.stop")}
      </Button>
    </div>
  );
}

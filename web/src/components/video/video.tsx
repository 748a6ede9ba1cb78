/* SPDX-License-Identifier: EUPL-1.2 */
/* One person's picture with name and state on it. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { Button } from "../button/button";
import "./video.css";

interface Props {
  /* "self", "officer", "partner_1" …: what tests and styles call it */
  person: string;
  name: string;
  stream: MediaStream | null;
  isSelf?: boolean;
  isMirrored?: boolean;
  hasVideo: boolean;
  hasAudio: boolean;
  /* An outline to hold the document into. */
  frame?: boolean;
  /* The pictures stand still: the connection has no room for them. */
  isPaused?: boolean;
  /* Why there is nothing to see, when it is not just late. */
  empty?: string;
  children?: ComponentChildren;
}

export function VideoTile({ person, name, stream, isSelf = false, isMirrored = false, hasVideo, hasAudio, frame, isPaused, empty, children }: Props) {
  const t = useTexts(common);
  const video = useRef<HTMLVideoElement>(null);
  const [isBlocked, setBlocked] = useState(false);
  const [ratio, setRatio] = useState(16 / 9);
  const play = () =>
    video.current?.play().then(
      () => setBlocked(false),
      (error: DOMException) => setBlocked(error.name === "NotAllowedError"),
    );
  useEffect(() => {
    if (!video.current) return;
    video.current.srcObject = stream;
    if (stream) void play();
  }, [stream]);
  return (
    <figure class={`tile ${isMirrored ? "tile--mirrored" : ""} ${frame ? "tile--whole" : ""}`} data-testid="tile" data-person={person} style={{ "--ratio": ratio }}>
      <video
        ref={video}
        playsInline
        autoPlay
        muted={isSelf}
        aria-label={name}
        hidden={!stream || !hasVideo}
        onResize={({ currentTarget: { videoWidth, videoHeight } }) => videoHeight > 0 && setRatio(videoWidth / videoHeight)}
      />
      {(!stream || !hasVideo) && (
        <div class="tile__empty">
          <span class="kern-icon kern-icon--account-circle kern-icon--x-large" aria-hidden="true" />
          <span>{empty ?? (stream ? t("video.off") : t("video.waiting"))}</span>
        </div>
      )}
      {isPaused && stream && hasVideo && <p class="tile__paused">{t("video.paused")}</p>}
      {frame && <div class="tile__frame" aria-hidden="true" />}
      <figcaption class="tile__name">
        <span>{name}</span>
        {stream && !hasAudio && <span class="tile__muted">{t("video.muted")}</span>}
        {children}
      </figcaption>
      {isBlocked && (
        <div class="tile__play">
          <Button kind="primary" onClick={play}>
            {t("video.play")}
          </Button>
        </div>
      )}
    </figure>
  );
}

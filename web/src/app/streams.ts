/* SPDX-License-Identifier: EUPL-1.2 */
import { useEffect, useState } from "preact/hooks";
import type { Conference } from "../media/conference";
import type { Call } from "../media/call";
import type { Views } from "../protocol/socket";
import { Store, useStore } from "./store";

const nobody = new Store<(string | null)[]>([]);
const nothing = new Store<MediaStream[]>([]);
const unproblematic = new Store<Call["problem"]["value"]>(null);
const unborn = new Store<Call["state"]["value"]>("new");

/* How the call is, and who is seen in which stream; draws again when either changes. */
export function useCallState<View extends keyof Views>(conference: Conference<View>) {
  const call = useStore(conference.call);
  const state = useStore(call?.state ?? unborn);
  const problem = useStore(call?.problem ?? unproblematic);
  useStore(call?.people ?? nobody);
  useStore(call?.streams ?? nothing);
  useStore(call?.owners ?? nobody);
  return { state, problem, call, streamOf: (peer: string | null) => conference.streamOf(peer), documentOf: (peer: string | null) => conference.documentOf(peer) };
}

/* Own picture and sound to look at while nothing is sent: a copy that stays in this tab. */
export function usePreview(stream: MediaStream | null): MediaStream | null {
  const [preview, setPreview] = useState<MediaStream | null>(null);
  useEffect(() => {
    const copy = stream?.clone() ?? null;
    for (const track of copy?.getTracks() ?? []) track.enabled = true;
    setPreview(copy);
    return () => copy?.getTracks().forEach((track) => track.stop());
  }, [stream]);
  return preview;
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The second video of this device: its screen, or another camera that looks at papers. */
import { Store } from "../app/store";

export type Source = { kind: "screen" } | { kind: "camera"; id: string };
export interface Shown {
  stream: MediaStream;
  kind: Source["kind"];
}

/* Letters want sharpness; they do not move. */
const SCREEN: MediaTrackConstraints = { frameRate: { max: 10 } };
const CAMERA: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 15 } };

export const canShowScreen = () => typeof navigator.mediaDevices?.getDisplayMedia === "function";

const open = (source: Source) =>
  source.kind === "screen" ? navigator.mediaDevices.getDisplayMedia({ video: SCREEN }) : navigator.mediaDevices.getUserMedia({ video: { ...CAMERA, deviceId: { exact: source.id } } });

export class DocumentShare {
  readonly shown = new Store<Shown | null>(null);

  /* False: the person chose nothing after all. */
  async start(source: Source): Promise<boolean> {
    try {
      const stream = await open(source);
      this.stop();
      const [track] = stream.getVideoTracks();
      track!.contentHint = "detail";
      track!.addEventListener("ended", () => this.shown.value?.stream === stream && this.stop()); /* by the browser's own button */
      this.shown.set({ stream, kind: source.kind });
      return true;
    } catch (error) {
      if ((error as DOMException).name === "NotAllowedError") return false;
      throw error;
    }
  }

  stop(): void {
    for (const track of this.shown.value?.stream.getTracks() ?? []) track.stop();
    this.shown.set(null);
  }
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Camera and microphone of this device. */
import { Store } from "../app/store";

export type DeviceProblem = "denied" | "busy" | "missing";
export interface LocalMedia {
  state: "off" | "asking" | "on" | "failed";
  stream: MediaStream | null;
  problem: DeviceProblem | null;
}

const problems: { [name: string]: DeviceProblem } = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotReadableError: "busy",
  AbortError: "busy",
};

/* A document in the hand needs every line of it: 720p is what the rules give as an example. */
const video: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

export class Devices {
  readonly local = new Store<LocalMedia>({ state: "off", stream: null, problem: null });
  private cameraId: string | undefined;
  private microphoneId: string | undefined;

  async open(): Promise<void> {
    if (this.local.value.state === "asking" || this.local.value.state === "on") return;
    this.local.set({ state: "asking", stream: null, problem: null });
    await this.ask();
  }

  async choose(kind: "camera" | "microphone", id: string): Promise<void> {
    if (kind === "camera") this.cameraId = id;
    else this.microphoneId = id;
    this.stop();
    await this.ask();
  }

  close(): void {
    this.stop();
    this.local.set({ state: "off", stream: null, problem: null });
  }

  /* Open without a question, when an earlier one was answered with yes. */
  async openIfAllowed(): Promise<void> {
    try {
      const names = ["camera", "microphone"] as unknown as PermissionName[];
      const states = await Promise.all(names.map((name) => navigator.permissions.query({ name })));
      if (states.every((status) => status.state === "granted")) await this.open();
    } catch {
      /* This browser does not tell: the person will press the button. */
    }
  }

  private stop(): void {
    for (const track of this.local.value.stream?.getTracks() ?? []) track.stop();
  }

  private async ask(): Promise<void> {
    try {
      const exact = (id: string | undefined) => (id ? { deviceId: { exact: id } } : {});
      const stream = await navigator.mediaDevices.getUserMedia({
        video: { ...video, ...exact(this.cameraId) },
        audio: { ...audio, ...exact(this.microphoneId) },
      });
      this.local.set({ state: "on", stream, problem: null });
    } catch (error) {
      this.local.set({ state: "failed", stream: null, problem: problems[(error as DOMException).name] ?? "missing" });
    }
  }
}

/* The cameras and microphones there are, after the person has allowed their use. */
export async function listDevices(): Promise<{ cameras: MediaDeviceInfo[]; microphones: MediaDeviceInfo[] }> {
  const all = await navigator.mediaDevices.enumerateDevices();
  return { cameras: all.filter((one) => one.kind === "videoinput"), microphones: all.filter((one) => one.kind === "audioinput") };
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* What a page of a meeting has: the connection to the server, the devices, and the call between them.
 *
 * The call is made as soon as the devices are open, so that nobody waits for it later; until the session is live the own
 * tracks are switched off, and nothing of the person leaves the device. */
import { Store } from "../app/store";
import type { Events } from "../protocol/generated";
import type { Socket, Views } from "../protocol/socket";
import { Call } from "./call";
import { Devices } from "./devices";
import { DocumentShare } from "./document";
import { watchLight } from "./light";

/* The server gives up after ten seconds; later there is nobody. */
const ANSWER_MS = 12_000;

/* A change of the own light that is worth telling. */
const LIGHT_STEP = 8;

export type Quality = Events["quality"];

export interface Sending {
  audio: boolean;
  video: boolean;
}

export class Conference<View extends keyof Views> {
  readonly devices = new Devices();
  /* The own second video, while the session is live. */
  readonly document = new DocumentShare();
  /* How the connections are, by peer: a person knows the own one, the officer all. */
  readonly quality = new Store<ReadonlyMap<string, Quality>>(new Map());
  readonly call = new Store<Call | null>(null);
  /* What the person wants to send; it is sent while the session is live. */
  readonly sending = new Store<Sending>({ audio: true, video: true });
  private isLive = false;
  private hasRelays = false;
  private unwatchLight = () => {};

  constructor(readonly socket: Socket<View>) {
    socket.view.subscribe(() => {
      this.useRelays();
      this.begin();
    });
    this.devices.local.subscribe(() => {
      this.apply();
      this.begin();
      void this.call.value?.send(this.devices.local.value.stream);
      this.measureLight();
    });
    this.document.shown.subscribe((shown) => void this.call.value?.show(shown?.stream.getVideoTracks()[0] ?? null));
    socket.connection.subscribe(({ state }) => {
      if (state === "elsewhere" || state === "wrong") this.stop();
      if (state !== "open") return;
      this.call.value?.check();
      this.tell();
    });
    socket.onEvent((event) => {
      if (event.event === "slots") {
        const { slots, documents } = event as unknown as Events["slots"];
        this.call.value?.people.set(slots);
        this.call.value?.owners.set(documents ?? []);
      }
      if (event.event === "quality") {
        const quality = event as unknown as Quality;
        this.quality.set(new Map(this.quality.value).set(quality.peer, quality));
      }
      if (event.event === "media_closed" && event.reason === "fingerprint_mismatch") this.call.value?.end("tampered");
      if (event.event === "media_lost") this.call.value?.connect();
    });
  }

  /* This device is in another network: nothing that was open needs to work any more, even if nobody says so. */
  readonly moved = (): void => {
    this.socket.reopen();
    this.call.value?.restart();
  };

  setLive(isLive: boolean): void {
    if (isLive === this.isLive) return;
    this.isLive = isLive;
    this.apply();
    this.call.value?.setLive(isLive);
    this.measureLight();
    if (!isLive) this.document.stop();
    this.tell();
  }

  toggle(kind: keyof Sending): void {
    this.sending.set({ ...this.sending.value, [kind]: !this.sending.value[kind] });
    this.apply();
    this.tell();
  }

  /* The stream that shows `peer`, if it is in the room. */
  streamOf(peer: string | null): MediaStream | null {
    const call = this.call.value;
    const slot = peer === null ? -1 : (call?.people.value.indexOf(peer) ?? -1);
    return call?.streams.value[slot] ?? null;
  }

  /* The second video of `peer`, while there is one. */
  documentOf(peer: string | null): MediaStream | null {
    const call = this.call.value;
    const line = peer === null ? -1 : (call?.owners.value.indexOf(peer) ?? -1);
    return call?.documents.value[line] ?? null;
  }

  close(): void {
    this.stop();
    this.socket.close();
  }

  private stop(): void {
    this.document.stop();
    this.call.value?.close();
    this.call.set(null);
    this.devices.close();
  }

  private begin(): void {
    const view = this.socket.view.value;
    const { stream } = this.devices.local.value;
    if (!view || !stream || this.call.value) return;
    const call = new Call({
      slots: view.media.slots,
      iceServers: () => this.socket.view.value?.media.ice_servers ?? [],
      offer: (sdp) => this.offer(sdp),
      moved: () => this.socket.reopen(),
    });
    void call.send(stream);
    void call.show(this.document.shown.value?.stream.getVideoTracks()[0] ?? null);
    call.setLive(this.isLive);
    this.call.set(call);
    call.connect();
  }

  /* Relays are told when the session begins: whoever could not connect without tries again at once. */
  private useRelays(): void {
    const hasRelays = (this.socket.view.value?.media.ice_servers.length ?? 0) > 0;
    if (hasRelays && !this.hasRelays) this.call.value?.check();
    this.hasRelays = hasRelays;
  }

  private async offer(sdp: string): Promise<string> {
    await this.socket.opened();
    const late = setTimeout(() => this.socket.reopen(), ANSWER_MS);
    return (await this.socket.request("media.offer", { sdp }).finally(() => clearTimeout(late))).sdp;
  }

  private apply(): void {
    for (const track of this.devices.local.value.stream?.getTracks() ?? [])
      track.enabled = this.isLive && this.sending.value[track.kind as keyof Sending];
  }

  private measureLight(): void {
    const { stream } = this.devices.local.value;
    let told = Number.NEGATIVE_INFINITY;
    this.unwatchLight();
    this.unwatchLight = () => {};
    if (!stream || !this.isLive) return;
    this.unwatchLight = watchLight(stream, (light) => {
      if (!this.sending.value.video || Math.abs(light - told) < LIGHT_STEP) return;
      told = light;
      this.socket.request("media.light", { light }).catch(() => undefined); /* measured again soon */
    });
  }

  private tell(): void {
    if (!this.isLive) return;
    this.socket.request("media.state", this.sending.value).catch(() => undefined); /* told again with the next connection */
  }
}

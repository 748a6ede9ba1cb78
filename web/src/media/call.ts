/* SPDX-License-Identifier: EUPL-1.2 */
/* This device's one connection to the media server.
 *
 * It offers the own audio and video, `slots` pairs of incoming audio and video, a line for an own document (a second video) and
 * two for documents of others; the server fills them and says who is where, so that nothing is negotiated again when somebody
 * comes or goes. It repairs
 * itself: a restart of ICE, which keeps everything else, when the way is lost or the network another; a new connection after a
 * failure or when the server says that it was lost. */
import { Store } from "../app/store";
import { OFFLINE, ProtocolError } from "../protocol/error";
import { watchPath } from "./path";

export type CallState = "new" | "connecting" | "connected" | "broken" | "ended";
/* "network": several tries have failed, more follow. After the others none does: somebody between here and the server changed what
 * was sent, or the server takes no more offers of this page. */
export type CallProblem = "network" | "tampered" | "refused";

export interface CallOptions {
  slots: number;
  /* Relays, as they are known when a connection is made. */
  iceServers(): RTCIceServer[];
  /* Bring the offer to the server, as soon as it can be reached; gives its answer. */
  offer(sdp: string): Promise<string>;
  /* The way to the server was lost or is another: what else goes there should look, too. */
  moved(): void;
}

const CONNECT_MS = 10_000;
/* Until a silent way counts as lost, doubled each time that the next one is silent, too: then it is the server that has trouble. */
const QUIET_MS = 1_500;
const LONGEST_QUIET_MS = 24_000;
const DOCUMENTS = 2;
const RETRY_MS = [500, 1_000, 2_000, 4_000];
const FAILURES_TO_TELL = 2;
/* Refusals of an offer that would come again; the others pass. */
const FINAL = ["state", "limit", "input", "too_large", "not_found"];
/* Enough for a sharp document at 720p; the server lowers it when a receiver cannot follow. */
const MAX_BITRATE = 2_500_000;

/* VP8 first, then H.264, and retransmission; nothing else, because the room has one codec and nobody transcodes. */
function preferredCodecs(): RTCRtpCodec[] {
  const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs ?? [];
  const of = (type: string) => codecs.filter((codec) => codec.mimeType.toLowerCase() === type);
  const h264 = of("video/h264").filter((codec) => codec.sdpFmtpLine?.includes("packetization-mode=1"));
  return [...of("video/vp8"), ...h264, ...of("video/rtx")];
}

/* How the picture is sent: hardly while nobody may see it; small at first, so that it is there at once; then sharp. */
const paces = {
  idle: { scaleResolutionDownBy: 4, maxFramerate: 5 },
  first: { scaleResolutionDownBy: 2, maxFramerate: 30 },
  full: { scaleResolutionDownBy: 1, maxFramerate: 30 },
};
const FIRST_MS = 1_500;

/* With little bandwidth rather fewer pictures than smaller ones: faces and documents are looked at closely. */
async function setPace(sender: RTCRtpSender, pace: keyof typeof paces): Promise<void> {
  const parameters = sender.getParameters();
  const encodings = parameters.encodings.map((encoding) => ({ ...encoding, ...paces[pace] }));
  await sender.setParameters({ ...parameters, encodings, degradationPreference: "maintain-resolution" }).catch(() => undefined);
}

export class Call {
  readonly state = new Store<CallState>("new");
  readonly problem = new Store<CallProblem | null>(null);
  /* Whom slot i shows. */
  readonly people = new Store<(string | null)[]>([]);
  /* What slot i plays; the same objects until the next connection. */
  readonly streams = new Store<MediaStream[]>([]);
  /* Whose document comes in each of the lines for them, and what they play. */
  readonly owners = new Store<(string | null)[]>([]);
  readonly documents = new Store<MediaStream[]>([]);
  private connection: RTCPeerConnection | null = null;
  private tracks: { audio: MediaStreamTrack | null; video: MediaStreamTrack | null } = { audio: null, video: null };
  private document: MediaStreamTrack | null = null;
  private documentLine: RTCRtpTransceiver | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private quiet_ms = QUIET_MS;
  /* Counts the offers: only the answer to the last one matters. */
  private offers = 0;
  private isAsking = false;
  private unwatch = () => {};
  private isLive = false;
  /* A restart of ICE does not begin anew. */
  private paced: RTCPeerConnection | null = null;
  private sharpen: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: CallOptions) {}

  /* Send this stream's tracks from now on; null sends nothing. */
  async send(stream: MediaStream | null): Promise<void> {
    this.tracks = { audio: stream?.getAudioTracks()[0] ?? null, video: stream?.getVideoTracks()[0] ?? null };
    const [audio, video] = this.connection?.getTransceivers() ?? [];
    await Promise.all([audio?.sender.replaceTrack(this.tracks.audio), video?.sender.replaceTrack(this.tracks.video)]);
  }

  /* Show this as the second video; null shows none. */
  async show(document: MediaStreamTrack | null): Promise<void> {
    this.document = document;
    await this.documentLine?.sender.replaceTrack(document);
  }

  /* From now on others may see the picture, or nobody any more. */
  setLive(isLive: boolean): void {
    this.isLive = isLive;
    this.pace();
  }

  /* Documents want sharpness rather than motion. */
  setDetail(isDetail: boolean): void {
    if (this.tracks.video) this.tracks.video.contentHint = isDetail ? "detail" : "";
  }

  /* A new connection, whatever was before. */
  connect(): void {
    this.drop();
    const connection = new RTCPeerConnection({ iceServers: this.options.iceServers(), bundlePolicy: "max-bundle" });
    this.connection = connection;
    this.state.set("connecting");
    connection.addTransceiver(this.tracks.audio ?? "audio", { direction: "sendonly" });
    connection.addTransceiver(this.tracks.video ?? "video", { direction: "sendonly", sendEncodings: [{ maxBitrate: MAX_BITRATE, ...paces[this.isLive ? "first" : "idle"] }] });
    const streams: MediaStream[] = [];
    for (let slot = 0; slot < this.options.slots; slot++) {
      const pair = (["audio", "video"] as const).map((kind) => connection.addTransceiver(kind, { direction: "recvonly" }));
      streams.push(new MediaStream(pair.map((one) => one.receiver.track)));
    }
    this.documentLine = connection.addTransceiver(this.document ?? "video", { direction: "sendonly", sendEncodings: [{ maxBitrate: MAX_BITRATE }] });
    const documents = Array.from({ length: DOCUMENTS }, () => new MediaStream([connection.addTransceiver("video", { direction: "recvonly" }).receiver.track]));
    const codecs = preferredCodecs();
    for (const one of connection.getTransceivers()) if (one.receiver.track.kind === "video" && codecs.length) one.setCodecPreferences(codecs);
    this.streams.set(streams);
    this.documents.set(documents);
    connection.onconnectionstatechange = () => this.follow(connection);
    void this.negotiate(connection);
  }

  /* Find the way to the server anew; session, streams and keys stay. What was never connected begins from the start. */
  restart(): void {
    const { connection } = this;
    if (this.state.value === "ended") return;
    if (!connection || !["connected", "disconnected"].includes(connection.connectionState)) return this.connect();
    this.state.set("broken");
    connection.setConfiguration({ ...connection.getConfiguration(), iceServers: this.options.iceServers() });
    connection.restartIce();
    void this.negotiate(connection);
  }

  /* The connection to the server is back: look whether media is, too. */
  check(): void {
    if (this.state.value !== "connected" && this.state.value !== "ended" && !this.isAsking) this.restart();
  }

  /* No more tries. */
  end(problem: CallProblem): void {
    this.drop();
    this.state.set("ended");
    this.problem.set(problem);
  }

  close(): void {
    this.drop();
    this.state.set("new");
  }

  private drop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.sharpen);
    this.unwatch();
    this.offers++;
    this.isAsking = false;
    if (!this.connection) return;
    this.connection.onconnectionstatechange = null;
    this.connection.close();
    this.connection = null;
  }

  private async negotiate(connection: RTCPeerConnection): Promise<void> {
    const offer = ++this.offers;
    clearTimeout(this.timer);
    this.unwatch();
    this.isAsking = true;
    try {
      await connection.setLocalDescription(await connection.createOffer());
      const answer = await this.options.offer(connection.localDescription!.sdp);
      if (offer !== this.offers) return;
      await connection.setRemoteDescription({ type: "answer", sdp: answer });
    } catch (error) {
      if (offer !== this.offers) return;
      this.isAsking = false;
      console.warn("media: no answer", error);
      const code = error instanceof ProtocolError ? error.code : "";
      if (FINAL.includes(code) && this.failures >= FAILURES_TO_TELL) this.end("refused");
      else if (code !== OFFLINE) this.retry();
      return;
    }
    if (offer !== this.offers) return;
    this.isAsking = false;
    this.timer = setTimeout(() => this.retry(), CONNECT_MS);
    if (connection.connectionState === "connected") this.settle(connection);
  }

  private follow(connection: RTCPeerConnection): void {
    if (this.isAsking) return;
    if (connection.connectionState === "connected") this.settle(connection);
    else if (connection.connectionState === "disconnected") this.lost();
    else if (connection.connectionState === "failed") this.retry();
  }

  private settle(connection: RTCPeerConnection): void {
    clearTimeout(this.timer);
    this.unwatch();
    this.failures = 0;
    this.problem.set(null);
    this.state.set("connected");
    if (this.paced !== connection) this.pace();
    this.paced = connection;
    this.unwatch = watchPath(connection, this.quiet_ms, {
      heard: () => {
        this.quiet_ms = QUIET_MS;
      },
      quiet: () => {
        this.quiet_ms = Math.min(this.quiet_ms * 2, LONGEST_QUIET_MS);
        this.lost();
      },
      moved: () => this.options.moved(),
    });
  }

  private pace(): void {
    const sender = this.connection?.getTransceivers()[1]?.sender;
    clearTimeout(this.sharpen);
    if (!sender) return;
    void setPace(sender, this.isLive ? "first" : "idle");
    if (this.isLive) this.sharpen = setTimeout(() => void setPace(sender, "full"), FIRST_MS);
  }

  private lost(): void {
    this.options.moved();
    this.restart();
  }

  private retry(): void {
    this.state.set("broken");
    if (this.failures >= FAILURES_TO_TELL) this.problem.set("network");
    this.drop();
    this.timer = setTimeout(() => this.connect(), RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]);
  }
}

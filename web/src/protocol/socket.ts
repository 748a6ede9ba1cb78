/* SPDX-License-Identifier: EUPL-1.2 */
/* The WebSocket to the server: requests with answers, snapshots of a view, events.
 *
 * It comes back by itself after a loss (0.5 s doubling to 15 s, with jitter) and then gets a fresh snapshot, so there is
 * nothing to resume. A request that has no answer when the connection is lost fails with OFFLINE: the caller knows
 * whether it may be asked again. Knows no DOM: the connection, the clock and chance are handed in. */
import { Store } from "../app/store";
import { OFFLINE, ProtocolError } from "./error";
import type { Operations, ViewDesk, ViewVisit, WebSocketOperation } from "./generated";

export type Views = { visit: ViewVisit; desk: ViewDesk };
export type ServerEvent = { event: string } & Record<string, unknown>;

/* `retry_ms` is when the next try is made, on the clock of `now`. No more tries by itself after "refused": signed out or not
 * allowed; "elsewhere": the person is at another device or window; "wrong": this page said what the server does not take. */
type Final = "refused" | "elsewhere" | "wrong";
export type Connection = { state: "connecting" | "open" | "closed" | Final } | { state: "waiting"; retry_ms: number };

export interface SocketSurroundings {
  open(): WebSocket;
  /* Asked when a connection was refused before it opened: a browser does not tell why. */
  isSignedIn(): Promise<boolean>;
  now(): number;
  random(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
/* The close statuses that another try would not change. */
const FINAL: { [code: number]: Final } = { 4401: "refused", 4409: "elsewhere", 1002: "wrong", 1003: "wrong", 1007: "wrong", 1009: "wrong" };
const POLICY = 1008;
const TOO_MANY_ERRORS = "too many errors";
const finalOf = (code: number, reason: string) => (code === POLICY && reason === TOO_MANY_ERRORS ? "wrong" : FINAL[code]);
const isFinal = (state: string) => Object.values(FINAL).includes(state as Final);
/* In another network a connection is dead and does not know: it is asked something small now and then. */
const ASK_MS = 10_000;
const ANSWER_MS = 5_000;

export class Socket<View extends keyof Views> {
  readonly connection = new Store<Connection>({ state: "connecting" });
  readonly view = new Store<Views[View] | null>(null);
  private readonly listeners = new Set<(event: ServerEvent) => void>();
  private readonly pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private socket: WebSocket | null = null;
  private timer: unknown = null;
  private failures = 0;
  private lastId = 0;

  constructor(
    private readonly name: View,
    private readonly around: SocketSurroundings,
  ) {
    this.connect();
  }

  /* Ask `operation` of the server. */
  request<Name extends WebSocketOperation>(operation: Name, input: Operations[Name]["in"]): Promise<Operations[Name]["out"]> {
    if (this.connection.value.state !== "open") return Promise.reject(new ProtocolError(OFFLINE));
    const id = ++this.lastId;
    this.socket!.send(JSON.stringify({ id, op: operation, in: input }));
    return new Promise((resolve, reject) => this.pending.set(id, { resolve: resolve as (value: unknown) => void, reject }));
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /* Begin a new connection, whatever the present one seems to be: in another network it is dead without knowing. */
  reopen(): void {
    const { state } = this.connection.value;
    if (isFinal(state) || state === "closed") return;
    const before = this.socket;
    this.drop();
    before?.close();
    this.connect();
  }

  /* Somebody wants to go on here although the server ended it. */
  again(): void {
    if (isFinal(this.connection.value.state)) this.connect();
  }

  /* Resolves when it is open, at once when it is. */
  opened(): Promise<void> {
    return new Promise((resolve) => {
      const unsubscribe = this.connection.subscribe(({ state }) => state === "open" && done());
      const done = () => {
        unsubscribe();
        resolve();
      };
      if (this.connection.value.state === "open") done();
    });
  }

  close(): void {
    this.connection.set({ state: "closed" });
    this.socket?.close(1000);
    this.drop();
  }

  private connect(): void {
    const socket = this.around.open();
    this.socket = socket;
    if (this.connection.value.state !== "connecting") this.connection.set({ state: "connecting" });
    let wasOpen = false;
    socket.onopen = () => {
      wasOpen = true;
      this.failures = 0;
      this.connection.set({ state: "open" });
      this.listen();
    };
    socket.onmessage = (message) => this.receive(String(message.data));
    socket.onclose = ({ code, reason }) => {
      if (this.socket !== socket) return;
      this.drop();
      const state = finalOf(code, reason);
      if (state) return this.connection.set({ state });
      this.wait();
      if (!wasOpen) void this.askWhetherRefused();
    };
  }

  private listen(): void {
    const { setTimeout, clearTimeout } = this.around;
    this.timer = setTimeout(() => {
      this.timer = setTimeout(() => this.reopen(), ANSWER_MS);
      const lives = () => {
        clearTimeout(this.timer);
        this.listen();
      };
      this.request("me.get", {}).then(lives, (error: ProtocolError) => error.code !== OFFLINE && lives());
    }, ASK_MS);
  }

  private async askWhetherRefused(): Promise<void> {
    const isSignedIn = await this.around.isSignedIn().catch(() => true);
    if (isSignedIn || this.connection.value.state === "closed") return;
    this.around.clearTimeout(this.timer);
    this.connection.set({ state: "refused" });
  }

  private wait(): void {
    const longest = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures++);
    const wait = longest * (0.5 + this.around.random() / 2);
    this.timer = this.around.setTimeout(() => this.connect(), wait);
    this.connection.set({ state: "waiting", retry_ms: this.around.now() + wait });
  }

  private drop(): void {
    this.around.clearTimeout(this.timer);
    this.socket = null;
    for (const { reject } of this.pending.values()) reject(new ProtocolError(OFFLINE));
    this.pending.clear();
  }

  private receive(data: string): void {
    const message = JSON.parse(data) as { id?: number; out?: unknown; error?: object; view?: string; state?: unknown; event?: string };
    if (message.id !== undefined) {
      const waiting = this.pending.get(message.id);
      this.pending.delete(message.id);
      if (message.error) waiting?.reject(ProtocolError.from(message.error));
      else waiting?.resolve(message.out);
    } else if (message.view === this.name) this.view.set(message.state as Views[View]);
    else if (message.event !== undefined) for (const listener of this.listeners) listener(message as ServerEvent);
  }
}

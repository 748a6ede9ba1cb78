/* SPDX-License-Identifier: EUPL-1.2 */
/* The protocol's socket in this browser. */
import { useEffect } from "preact/hooks";
import { call } from "../protocol/http";
import { Socket, type Views } from "../protocol/socket";

export function openSocket<View extends keyof Views>(view: View): Socket<View> {
  return new Socket(view, {
    open: () => new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/socket`),
    isSignedIn: async () => (await call("me.get", {})).kind === (view === "visit" ? "person" : "staff"),
    now: () => Date.now(),
    random: () => Math.random(),
    setTimeout: (run, ms) => setTimeout(run, ms),
    clearTimeout: (timer) => clearTimeout(timer as number),
  });
}

/* Try at once when the device says that it is online again. */
export function useSocketRetry(socket: { retry(): void }): void {
  useEffect(() => {
    const retry = () => socket.retry();
    addEventListener("online", retry);
    return () => removeEventListener("online", retry);
  }, [socket]);
}

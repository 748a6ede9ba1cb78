/* SPDX-License-Identifier: EUPL-1.2 */
/* The protocol's socket in this browser. */
import { useEffect } from "preact/hooks";
import type { Conference } from "../media/conference";
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

/* Go on here although the person was last at another device or window. */
export async function takeOver<View extends keyof Views>(conference: Conference<View>): Promise<void> {
  await call("page.take_over", {});
  conference.socket.again();
  await conference.devices.openIfAllowed();
}

/* Tells when this device has come into a network: back from none, or into one of another kind. */
export function useNetworkChange(onChange: () => void): void {
  useEffect(() => {
    const information = (navigator as { connection?: EventTarget & { type?: string } }).connection;
    let type = information?.type;
    const compare = () => {
      if (type === (type = information?.type)) return; /* only an estimate of its speed changed */
      if (navigator.onLine) onChange();
    };
    addEventListener("online", onChange);
    information?.addEventListener("change", compare);
    return () => {
      removeEventListener("online", onChange);
      information?.removeEventListener("change", compare);
    };
  }, [onChange]);
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* The visit of this tab: one connection from preparation to the end, whatever page of it is open. */
import { useEffect } from "preact/hooks";
import { forget, keep, readKept } from "../../app/kept";
import { office } from "../../app/office";
import { navigate } from "../../app/router";
import { openSocket, useNetworkChange } from "../../app/socket";
import { useStore } from "../../app/store";
import { Conference } from "../../media/conference";
import type { ViewVisit } from "../../protocol/generated";

let current: Conference<"visit"> | null = null;

/* The link's secret, kept in this tab only, to show it as a QR code. */
const LINK = "link";
export const keepLink = (token: string) => keep(LINK, token);
export const keptLink = () => readKept<string | null>(LINK, null);

export function endVisit(): void {
  current?.close();
  current = null;
  forget(LINK);
  forget("nonce");
  forget("chat");
}

export function useVisit(): { conference: Conference<"visit">; view: ViewVisit | null } {
  current ??= new Conference(openSocket("visit"));
  const conference = current;
  useNetworkChange(conference.moved);
  const view = useStore(conference.socket.view);
  const connection = useStore(conference.socket.connection);
  useEffect(() => {
    if (view) office.set(view.appointment.office);
  }, [view?.appointment.office.id]);
  useEffect(() => {
    if (connection.state !== "refused") return;
    current?.close();
    current = null;
    navigate("/visit", { replace: true });
  }, [connection.state]);
  return { conference, view };
}

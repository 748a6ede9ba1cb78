/* SPDX-License-Identifier: EUPL-1.2 */
/* Is the way to the media server still there, and still the same? Browsers tell of a lost one after five seconds and more, and of
 * another one not at all. */
export interface PathEvents {
  /* Something came, the first time. */
  heard(): void;
  /* Nothing came for so long, not even reports, of which a server sends ten a second. */
  quiet(): void;
  /* This device has another address: it is in another network. */
  moved(): void;
}

const LOOK_MS = 500;

type Pair = RTCIceCandidatePairStats & { selected?: boolean };

async function look(connection: RTCPeerConnection): Promise<{ bytes: number; address: string | undefined }> {
  const stats = await connection.getStats();
  const all = [...(stats as unknown as Map<string, RTCStats>).values()];
  const pairs = all.filter((one): one is Pair => one.type === "candidate-pair");
  const transport = all.find((one): one is RTCTransportStats => one.type === "transport");
  /* Firefox marks the pair itself. */
  const selected = pairs.find((pair) => pair.id === transport?.selectedCandidatePairId || pair.selected);
  const local = selected && (stats.get(selected.localCandidateId) as { address?: string } | undefined);
  return { bytes: pairs.reduce((sum, pair) => sum + (pair.bytesReceived ?? 0), 0), address: local?.address };
}

/* Until the returned function is called. */
export function watchPath(connection: RTCPeerConnection, quiet_ms: number, events: PathEvents): () => void {
  let before: Awaited<ReturnType<typeof look>> | undefined;
  let hasHeard = false;
  let heard = performance.now();
  const timer = setInterval(async () => {
    const now = await look(connection);
    if (before && now.bytes !== before.bytes && !hasHeard) {
      hasHeard = true;
      events.heard();
    }
    if (now.bytes !== before?.bytes) heard = performance.now();
    else if (performance.now() - heard >= quiet_ms) {
      heard = performance.now();
      events.quiet();
    }
    if (before?.address && now.address && now.address !== before.address) events.moved();
    before = now;
  }, LOOK_MS);
  return () => clearInterval(timer);
}

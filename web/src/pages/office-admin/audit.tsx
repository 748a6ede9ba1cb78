/* SPDX-License-Identifier: EUPL-1.2 */
/* The log of the organisation, and its verification in this browser: the signature of the checkpoint, the inclusion of every
 * entry shown, and that the log has only grown since the last visit. */
import { useEffect, useState } from "preact/hooks";
import { useAction, useLoaded } from "../../app/load";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Loading } from "../../components/loading/loading";
import type { Me } from "../../components/sign-in/sign-in";
import { Table } from "../../components/table/table";
import { useTexts } from "../../i18n/catalogue";
import { office } from "../../i18n/office";
import { useClock } from "../../i18n/time";
import { call, callText } from "../../protocol/http";
import { type Entry, type Finding, verify } from "./verify";

const PAGE = 50;

export function Audit({ me }: { me: Me }) {
  const t = useTexts(office);
  const clock = useClock();
  const organisation = me.organisation!;
  const [page, setPage] = useState<number | null>(null);
  const [finding, setFinding] = useState<Finding | null>(null);
  const checkpoint = useLoaded(`checkpoint ${organisation}`, () => callText("audit.checkpoint", { organisation }));
  const size = Number(checkpoint.value?.split("\n")[1] ?? 0);
  const from = page ?? Math.max(0, size - PAGE);
  const entries = useLoaded(size ? `entries ${from} ${size}` : null, async () => {
    const answer = await call("audit.entries", { organisation, from, count: Math.min(PAGE, size - from) });
    return answer.entries as unknown as Entry[];
  });
  useEffect(() => setFinding(null), [from]);
  const check = useAction(async () => setFinding(await verify(organisation, checkpoint.value!, entries.value!)));
  const error = checkpoint.error?.code === "not_found" ? null : (checkpoint.error ?? entries.error);
  return (
    <>
      <p class="kern-body">{t("audit.text")}</p>
      {checkpoint.error?.code === "not_found" && <p class="kern-body">{t("audit.empty")}</p>}
      <Problem error={error} again={checkpoint.error ? checkpoint.again : entries.again} />
      {!checkpoint.value && !checkpoint.error && <Loading />}
      {checkpoint.value && (
        <details class="kern-accordion">
          <summary class="kern-accordion__header">
            <span class="kern-title kern-title--small">{t("audit.checkpoint")}</span>
          </summary>
          <section class="kern-accordion__body">
            <pre class="kern-table-responsive" tabIndex={0}>{checkpoint.value}</pre>
          </section>
        </details>
      )}
      {entries.value && (
        <>
          <div class="actions">
            <Button kind="primary" icon="check" busy={check.isBusy} onClick={check.run}>
              {t("audit.verify")}
            </Button>
            <Button icon="arrow-back" disabled={from === 0} onClick={() => setPage(Math.max(0, from - PAGE))}>
              {t("audit.older")}
            </Button>
            <Button icon="arrow-forward" disabled={from + PAGE >= size} onClick={() => setPage(from + PAGE)}>
              {t("audit.newer")}
            </Button>
          </div>
          <Problem error={check.error} />
          <Result finding={finding} isBusy={check.isBusy} />
          {entries.value.length === 0 && <p class="kern-body">{t("audit.none")}</p>}
          <Table
            caption={t("tab.audit")}
            columns={[t("audit.sequence"), t("audit.time"), t("audit.action"), t("audit.actor"), t("audit.subjects")]}
            rows={[...entries.value].reverse().map((entry) => ({
              key: String(entry.sequence),
              cells: [entry.sequence, clock.stamp(entry.time_ms), <code>{entry.action}</code>, <code>{entry.actor}</code>, <code>{entry.subjects.join(" ")}</code>],
            }))}
          />
        </>
      )}
    </>
  );
}

function Result({ finding, isBusy }: { finding: Finding | null; isBusy: boolean }) {
  const t = useTexts(office);
  if (isBusy) return <p role="status">{t("audit.verifying")}</p>;
  if (!finding) return null;
  if (finding.kind === "good") {
    return (
      <Alert kind="success" title={t("audit.good", { count: finding.count, size: finding.size })} live="polite" testid="audit-good">
        {finding.before !== null && <p class="kern-body">{t("audit.grown", { before: finding.before })}</p>}
      </Alert>
    );
  }
  if (finding.kind === "unsupported") return <Alert kind="warning" title={t("audit.unsupported")} live="polite" />;
  return (
    <Alert kind="danger" title={t("audit.bad")} live="assertive" testid="audit-bad">
      <p class="kern-body">{finding.kind === "bad_inclusion" ? t("audit.bad_inclusion", { sequence: finding.sequence }) : t(`audit.${finding.kind}`)}</p>
    </Alert>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
import { useCall } from "../../app/load";
import { Problem } from "../../components/alert/problem";
import { Loading } from "../../components/loading/loading";
import { Table } from "../../components/table/table";
import { useTexts } from "../../i18n/catalogue";
import { office } from "../../i18n/office";
import { useClock } from "../../i18n/time";

interface Row {
  id: string;
  session: string;
  taken_ms: number;
  destroyed_ms: number | null;
  details?: { parts?: unknown[] };
}

export function Recordings() {
  const t = useTexts(office);
  const clock = useClock();
  const { value, error, again } = useCall("recording.list", {});
  const rows = value?.recordings as unknown as Row[] | undefined;
  return (
    <>
      <p class="kern-body">{t("recordings.text")}</p>
      <Problem error={error} again={again} />
      {!rows && !error && <Loading />}
      {rows?.length === 0 && <p class="kern-body">{t("recordings.none")}</p>}
      {rows && rows.length > 0 && (
        <Table
          caption={t("tab.recordings")}
          columns={[t("recording.taken"), t("recording.session"), t("recording.size"), t("recording.state")]}
          rows={rows.map((row) => ({
            key: row.id,
            cells: [
              clock.stamp(row.taken_ms),
              <code>{row.session}</code>,
              row.details?.parts ? t("recording.parts", { count: row.details.parts.length }) : "",
              row.destroyed_ms ? t("recording.destroyed", { date: clock.stamp(row.destroyed_ms) }) : t("recording.kept"),
            ],
          }))}
        />
      )}
    </>
  );
}

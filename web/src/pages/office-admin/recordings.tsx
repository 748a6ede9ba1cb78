/* SPDX-License-Identifier: EUPL-1.2 */
import { useCall } from "../../app/load";
import { useStore } from "../../app/store";
import { Problem } from "../../components/alert/problem";
import { Loading } from "../../components/loading/loading";
import { Table } from "../../components/table/table";
import { useTexts } from "../../i18n/catalogue";
import { office } from "../../i18n/office";
import { language } from "../../i18n/language";
import { megabytes, useClock } from "../../i18n/time";

interface Row {
  id: string;
  session: string;
  state: string;
  started_ms: number | null;
  stopped_ms: number | null;
  bytes: number;
  /* once it has stopped: a list as JSON */
  files: string | null;
}

const isFilm = ({ file }: { file: string }) => file.endsWith(".webm.age");

/* The films of a recording, and its bytes: exact when it has stopped, before that as last anchored in the log. */
export function sizeOf({ files, bytes }: Pick<Row, "files" | "bytes">): { films: number | null; bytes: number } {
  if (!files) return { films: null, bytes };
  const list = JSON.parse(files) as { file: string; bytes: number }[];
  return { films: list.filter(isFilm).length, bytes: list.reduce((sum, one) => sum + one.bytes, 0) };
}

export function Recordings() {
  const t = useTexts(office);
  const clock = useClock();
  const into = useStore(language);
  const { value, error, again } = useCall("recording.list", {});
  const rows = value?.recordings as unknown as Row[] | undefined;
  const size = (row: Row) => {
    if (row.state === "destroyed") return "";
    const { films, bytes } = sizeOf(row);
    return [films !== null && t("recording.films", { count: films }), megabytes(bytes, into)].filter(Boolean).join(" · ");
  };
  const state = (row: Row) => {
    if (row.state === "destroyed") return t("recording.destroyed", { date: clock.stamp(row.stopped_ms ?? 0) });
    if (row.state === "failed") return t("recording.failed");
    return t(row.stopped_ms ? "recording.kept" : "recording.running");
  };
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
            cells: [row.started_ms ? clock.stamp(row.started_ms) : t("recording.never"), <code>{row.session}</code>, size(row), state(row)],
          }))}
        />
      )}
    </>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
import { useState } from "preact/hooks";
import { useCall } from "../../app/load";
import { Problem } from "../../components/alert/problem";
import { TextField } from "../../components/field/field";
import { Loading } from "../../components/loading/loading";
import { Table } from "../../components/table/table";
import { useTexts } from "../../i18n/catalogue";
import { office } from "../../i18n/office";
import { useClock } from "../../i18n/time";

interface Row {
  id: string;
  start_ms: number;
  state: string;
  office: string;
  service: string;
  performing: string;
  names: string;
}

const states = ["awaiting_mail", "confirmed", "checked_in", "in_session", "completed", "aborted", "cancelled_by_person", "cancelled_by_office", "no_show"] as const;

export function Day() {
  const t = useTexts(office);
  const clock = useClock();
  const [date, setDate] = useState(clock.date(Date.now()));
  const { value, error, again } = useCall("office.day", /^\d{4}-\d{2}-\d{2}$/.test(date) ? { date } : null);
  const rows = value?.appointments as unknown as Row[] | undefined;
  const stateText = (state: string) => {
    const known = states.find((one) => one === state);
    return known ? t(`state.${known}`) : state;
  };
  return (
    <>
      <div class="narrow">
        <TextField id="date" label={t("day.date")} type="date" value={date} onInput={setDate} />
      </div>
      <Problem error={error} again={again} />
      {!rows && !error && <Loading />}
      {rows?.length === 0 && <p class="kern-body">{t("day.none")}</p>}
      {rows && rows.length > 0 && (
        <Table
          caption={t("tab.day")}
          columns={[t("day.time"), t("day.names"), t("day.service"), t("day.office"), t("day.state"), t("day.performing")]}
          rows={rows.map((row) => ({ key: row.id, cells: [clock.time(row.start_ms), row.names, row.service, row.office, stateText(row.state), row.performing] }))}
        />
      )}
    </>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
import { useCall } from "../../app/load";
import { Problem } from "../../components/alert/problem";
import { Badge } from "../../components/badge/badge";
import { Loading } from "../../components/loading/loading";
import { Table } from "../../components/table/table";
import { useTexts } from "../../i18n/catalogue";
import { office } from "../../i18n/office";
import { useClock } from "../../i18n/time";

interface Row {
  id: string;
  name: string;
  languages: string;
  is_active: number | boolean;
  trained_until_ms: number;
  roles: string[];
}

const roles = ["administrator", "registrar", "examiner", "reviewer", "privacy_officer"] as const;

export function Staff() {
  const t = useTexts(office);
  const clock = useClock();
  const { value, error, again } = useCall("staff.list", {});
  const rows = value?.staff as unknown as Row[] | undefined;
  const keysOf = (row: Row) => roles.filter((key) => row.roles.includes(key));
  const training = (row: Row) => {
    if (row.trained_until_ms > Date.now()) return t("staff.trained", { date: clock.day(row.trained_until_ms) });
    return keysOf(row).some((key) => key === "registrar" || key === "examiner") ? <Badge kind="warning">{t("staff.untrained")}</Badge> : "";
  };
  return (
    <>
      <Problem error={error} again={again} />
      {!rows && !error && <Loading />}
      {rows && (
        <Table
          caption={t("tab.staff")}
          columns={[t("staff.name"), t("staff.roles"), t("staff.languages"), t("staff.training")]}
          rows={rows.map((row) => ({
            key: row.id,
            cells: [
              row.is_active ? row.name : `${row.name} (${t("staff.inactive")})`,
              keysOf(row).map((key) => t(`role.${key}`)).join(", "),
              row.languages.replaceAll(",", ", "),
              training(row),
            ],
          }))}
        />
      )}
    </>
  );
}

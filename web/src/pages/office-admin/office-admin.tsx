/* SPDX-License-Identifier: EUPL-1.2 */
/* Administration: the day, staff, agreements, recordings, log. Which areas show depends on the roles. */
import { useKept } from "../../app/kept";
import { PageFrame } from "../../app/page";
import { Button } from "../../components/button/button";
import { type Me, SignedIn, SignOut } from "../../components/sign-in/sign-in";
import { useTexts } from "../../i18n/catalogue";
import { office } from "../../i18n/office";
import { Agreements } from "./agreements";
import { Audit } from "./audit";
import { Day } from "./day";
import { Recordings } from "./recordings";
import { Staff } from "./staff";

const areas = [
  { key: "day", roles: ["administrator", "registrar"], area: Day },
  { key: "staff", roles: ["administrator"], area: Staff },
  { key: "agreements", roles: ["administrator"], area: Agreements },
  { key: "recordings", roles: ["administrator", "reviewer", "privacy_officer"], area: Recordings },
  { key: "audit", roles: ["administrator", "reviewer", "privacy_officer"], area: Audit },
] as const;

export default function OfficeAdmin() {
  return <SignedIn roles={["administrator", "registrar", "reviewer", "privacy_officer"]}>{(me) => <Areas me={me} />}</SignedIn>;
}

function Areas({ me }: { me: Me }) {
  const t = useTexts(office);
  const [chosen, choose] = useKept<string>("area", "");
  const allowed = areas.filter(({ roles }) => roles.some((role) => me.roles.includes(role)));
  const current = allowed.find(({ key }) => key === chosen) ?? allowed[0]!;
  return (
    <PageFrame title={t("title")} preline={me.name}>
      <div class="row row--between">
        <div class="row" role="tablist" aria-label={t("tabs")}>
          {allowed.map(({ key }) => (
            <Button key={key} small kind={key === current.key ? "primary" : "secondary"} role="tab" selected={key === current.key} onClick={() => choose(key)}>
              {t(`tab.${key}`)}
            </Button>
          ))}
        </div>
        <SignOut />
      </div>
      <section role="tabpanel" aria-label={t(`tab.${current.key}`)} class="stack">
        <current.area me={me} />
      </section>
    </PageFrame>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Booking: what you need, a time, your details in short steps, check and send. One thing at a time; all of it survives a reload. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useKept } from "../../app/kept";
import { useAction, useCall } from "../../app/load";
import { office } from "../../app/office";
import { PageFrame } from "../../app/page";
import type { PageProps } from "../../app/router";
import { useStore } from "../../app/store";
import { Alert } from "../../components/alert/alert";
import { Problem } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { type Hold, HoldBar } from "../../components/hold-bar/hold-bar";
import { Loading } from "../../components/loading/loading";
import { Steps } from "../../components/steps/steps";
import { booking } from "../../i18n/booking";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { language } from "../../i18n/language";
import type { Office, Service, Time } from "../../protocol/generated";
import { call } from "../../protocol/http";
import { makeSecret } from "../../protocol/secret";
import { Booked } from "./booked";
import { Check } from "./check";
import { type Draft, emptyDraft, type Step, steps, toIntake } from "./draft";
import { Need } from "./need";
import { Person } from "./person";
import { ChooseTime } from "./choose-time";
import { Together } from "./together";

const titles = {
  need: "need.title",
  times: "times.title",
  together: "together.title",
  person_1: "person.title_1",
  person_2: "person.title_2",
  check: "check.title",
  booked: "booked.title",
} as const;
const leads = {
  need: "need.lead",
  times: "times.lead",
  together: undefined,
  person_1: "person.lead",
  person_2: "person.lead",
  check: "check.lead",
  booked: "booked.lead",
} as const;

export default function Book({ parameters }: PageProps) {
  const { value, error, again } = useCall("office.get", { office: parameters.office!, language: useStore(language) });
  const t = useTexts(booking);
  useEffect(() => {
    if (value) office.set(value.office);
  }, [value]);
  const service = value?.services.find((one) => one.key === parameters.service);
  if (value && service) return <Booking office={value.office} service={service} />;
  return (
    <PageFrame title={t("times.title")}>
      <Problem error={error} again={again} />
      {!error && <Loading />}
    </PageFrame>
  );
}

function Booking({ office, service }: { office: Office; service: Service }) {
  const t = useTexts(booking);
  const c = useTexts(common);
  const [draft, setDraft] = useKept<Draft>(`book:${office.id}:${service.key}`, emptyDraft(useStore(language)));
  const [isOver, setOver] = useState(false);
  const order = steps(service.person_count);
  const change = (some: Partial<Draft>) => setDraft((before) => ({ ...before, ...some }));
  const go = (step: Step) => {
    change({ step });
    scrollTo(0, 0);
  };
  const next = () => go(order[order.indexOf(draft.step) + 1]!);
  const back = () => go(order[Math.max(0, order.indexOf(draft.step) - 1)]!);
  const isHeld = draft.hold !== null && draft.step !== "booked";

  /* A repeat of the same wish, e.g. after a lost connection, carries the same key and gets the same answer. */
  const wish = useRef({ start_ms: 0, key: "" });
  const hold = useAction(async (time: Time) => {
    if (wish.current.start_ms !== time.start_ms) wish.current = { start_ms: time.start_ms, key: makeSecret() };
    const held: Hold = {
      ...(await call("hold.create", { office: office.id, service: service.key, start_ms: time.start_ms, key: wish.current.key })),
      made_ms: Date.now(),
    };
    wish.current = { start_ms: 0, key: "" };
    setOver(false);
    const afterTimes = order[order.indexOf("times") + 1]!;
    const isFilled = draft.persons.slice(0, service.person_count).every((person) => person.document_type !== "");
    change({ hold: held, step: isFilled ? "check" : afterTimes });
    scrollTo(0, 0);
  });
  const extend = async () => {
    const extended = await call("hold.extend", { appointment: draft.hold!.appointment });
    change({ hold: { ...draft.hold!, ...extended, made_ms: Date.now() } });
  };
  const book = useAction(async () => {
    const persons = draft.persons.slice(0, service.person_count).map(toIntake);
    const booked = await call("appointment.book", { appointment: draft.hold!.appointment, together: draft.together !== "no", persons });
    change({ step: "booked", confirm_until_ms: booked.expires_ms });
    scrollTo(0, 0);
  });
  const chooseAgain = () => {
    change({ hold: null, step: "times" });
    setOver(false);
    book.clear();
  };

  const lead = leads[draft.step];
  return (
    <PageFrame
      key={draft.step}
      title={t(titles[draft.step])}
      preline={t("book.preline", { service: service.name, office: office.name })}
      width={draft.step === "need" || draft.step === "times" ? "wide" : "narrow"}
      {...(lead && { lead: t(lead) })}
    >
      {draft.step !== "booked" && <Steps number={order.indexOf(draft.step) + 1} total={order.length} />}
      {isHeld && draft.step !== "times" && !isOver && <HoldBar hold={draft.hold!} onExtend={extend} onOver={() => setOver(true)} />}
      {isHeld && isOver && (
        <Alert kind="warning" title={t("hold.over")} live="assertive">
          <p class="kern-body">{t("hold.over_text")}</p>
          <Button kind="primary" onClick={chooseAgain}>
            {t("hold.choose")}
          </Button>
        </Alert>
      )}
      {draft.step === "need" && <Need service={service} onNext={next} />}
      {draft.step === "times" && <ChooseTime office={office} service={service} hold={hold} />}
      {draft.step === "together" && <Together value={draft.together} onChange={(together) => change({ together })} onNext={next} />}
      {(draft.step === "person_1" || draft.step === "person_2") && (
        <Person
          key={draft.step}
          person={draft.persons[draft.step === "person_1" ? 0 : 1]}
          mustBeAdult={service.person_count > 1}
          onChange={(person) => change({ persons: draft.step === "person_1" ? [person, draft.persons[1]] : [draft.persons[0], person] })}
          onNext={next}
        />
      )}
      {draft.step === "check" && (
        <Check office={office} service={service} draft={draft} isOver={isOver} book={book} go={go} onConsent={(consent) => change({ consent })} chooseAgain={chooseAgain} />
      )}
      {draft.step === "booked" && <Booked office={office} draft={draft} />}
      {draft.step !== "need" && draft.step !== "booked" && (
        <div>
          <Button kind="tertiary" icon="arrow-back" onClick={back}>
            {c("back")}
          </Button>
        </div>
      )}
    </PageFrame>
  );
}

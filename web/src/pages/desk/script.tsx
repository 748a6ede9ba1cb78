/* SPDX-License-Identifier: EUPL-1.2 */
/* The script: what to say, what to look at, and the few moves the procedure allows now. The next step appears by itself. */
import { useEffect, useState } from "preact/hooks";
import { type Action, useAction } from "../../app/load";
import { useStore } from "../../app/store";
import { Alert } from "../../components/alert/alert";
import { Problem, useRefusal } from "../../components/alert/problem";
import { Button } from "../../components/button/button";
import { Dialog } from "../../components/dialog/dialog";
import { Drawing, drawingForStep } from "../../components/drawing/drawing";
import { SelectField, TextField } from "../../components/field/field";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import { desk } from "../../i18n/desk";
import { language } from "../../i18n/language";
import type { ProtocolError } from "../../protocol/error";
import type { Attempt, Check, Operations } from "../../protocol/generated";
import type { DeskSession } from "./card";
import type { DeskConference } from "./desk";
import { latestAttempt, Outcomes } from "./outcomes";
import type { Still } from "./session";

type Result = Operations["check.record"]["in"]["result"];
type Texts = { [language: string]: string };

export const reasonCodes = [
  "image_quality",
  "sound_quality",
  "transmission",
  "document_damaged",
  "document_not_accepted",
  "document_expired",
  "feature_failed",
  "zone_unreadable",
  "data_differ",
  "portrait_differs",
  "number_wrong",
  "question_failed",
  "tan_failed",
  "prompted",
  "under_pressure",
  "no_consent",
  "person_wishes",
  "suspected_fraud",
  "technical",
  "other",
] as const;

export const answers = ["document_number", "issue_date", "mrz", "difference", "text"] as const;
const needed: readonly string[] = ["document_number", "issue_date"];

interface Props {
  session: DeskSession;
  conference: DeskConference;
  onStill: (still: Still) => void;
}

export function Script({ session, conference, onStill }: Props) {
  const t = useTexts(desk);
  const running = session.attempts.find((attempt) => attempt.state === "running");
  return (
    <section class="script" aria-labelledby="script">
      <h2 class="kern-sr-only" id="script">
        {t("script.title")}
      </h2>
      {!session.service.is_identifying && <p class="kern-body">{t("script.no_identification")}</p>}
      <Outcomes session={session} />
      {running ? (
        <Running key={running.id} attempt={running} session={session} conference={conference} onStill={onStill} />
      ) : (
        session.service.is_identifying && <Begin session={session} conference={conference} />
      )}
    </section>
  );
}

function Begin({ session, conference }: { session: DeskSession; conference: DeskConference }) {
  const t = useTexts(desk);
  const start = useAction((person: string) => conference.socket.request("attempt.start", { session: session.id, person }));
  const open = session.people.filter((person) => latestAttempt(session, person.id)?.verdict !== "identified");
  const present = session.people.filter((person) => person.is_present);
  const hasConsent = present.length > 0 && present.every((person) => person.consent === "given");
  const isRecording = session.recording.state === "on";
  return (
    <>
      {session.attempts.at(-1)?.state === "interrupted" && <Alert kind="warning" title={t("script.interrupted")} live="polite" />}
      {!hasConsent && <p role="status">{t("script.needs_consent")}</p>}
      {hasConsent && !isRecording && open.length > 0 && <p role="status">{t("script.needs_recording")}</p>}
      <Refusal error={start.error} />
      {open.map((person, i) => (
        <Button
          key={person.id}
          kind={i === 0 ? "primary" : "secondary"}
          block
          hotkey={String(i + 1)}
          busy={start.isBusy}
          disabled={!isRecording || !person.is_present || person.consent !== "given"}
          onClick={() => void start.run(person.id)}
        >
          {t(latestAttempt(session, person.id) ? "script.start_again" : "script.start", { name: person.name })}
        </Button>
      ))}
    </>
  );
}

function Running({ attempt, session, conference, onStill }: Props & { attempt: Attempt }) {
  const t = useTexts(desk);
  const [isAborting, setAborting] = useState(false);
  const now = attempt.checks.find((check) => check.state === "now");
  const hasFailed = attempt.checks.some((check) => check.state === "failed");
  return (
    <>
      {now && !hasFailed ? (
        <Step key={now.step} check={now} attempt={attempt} session={session} conference={conference} onStill={onStill} />
      ) : (
        <Verdict attempt={attempt} hasFailed={hasFailed} conference={conference} />
      )}
      <details class="script__all">
        <summary>{t("script.all")}</summary>
        <ol class="plain">
          {attempt.checks.map((check) => (
            <li key={check.step} class={`script__item script__item--${check.state}`}>
              {titleOf(check, useStore(language))} <span class="muted">· {t(`script.state_${check.state}`)}</span>
            </li>
          ))}
        </ol>
      </details>
      <div class="script__end">
        <Button kind="tertiary" small hotkey="a" onClick={() => setAborting(true)}>
          {t("script.abort")}
        </Button>
      </div>
      {isAborting && <AbortDialog attempt={attempt} conference={conference} onClose={() => setAborting(false)} />}
    </>
  );
}

const textOf = (check: Check, name: string, into: string) => (check.parameters[name] as Texts | undefined)?.[into];
const titleOf = (check: Check, into: string) => textOf(check, "title", into) ?? check.step;

function Step({ check, attempt, session, conference, onStill }: Props & { check: Check; attempt: Attempt }) {
  const t = useTexts(desk);
  const spoken = useStore(language);
  const person = session.people.find((one) => one.id === attempt.person);
  const [answer, setAnswer] = useState("");
  const [isMissing, setMissing] = useState(false);
  const theirs = session.intake.find((one) => one.person === attempt.person)?.language ?? spoken;
  const wanted = answers.find((one) => one === check.parameters.answer);
  const of = { attempt: attempt.id, step: check.step };
  const capture = useAction(async () => onStill(await conference.socket.request("check.capture", of)));
  const tan = useAction(() => conference.socket.request("tan.send", { attempt: attempt.id }));
  const record = useAction(async (result: Result) => {
    await conference.socket.request("check.record", { ...of, result, ...(answer.trim() && { answer: answer.trim() }) });
  });
  const decide = (result: Result) => {
    if (result === "pass" && wanted && needed.includes(wanted) && !answer.trim()) setMissing(true);
    else void record.run(result);
  };
  const canCapture = check.kind === "capture" || typeof check.parameters.subject === "string";
  const number = attempt.checks.indexOf(check) + 1;
  const say = textOf(check, "say", spoken);
  const sayTheirs = theirs === spoken ? undefined : textOf(check, "say", theirs);
  const look = textOf(check, "look", spoken);
  return (
    <div class="script__now" data-testid="step" data-step={check.step} data-kind={check.kind} data-state={check.state}>
      <div class="script__head">
        <p class="muted">
          {person?.name} · {t("script.step", { number, count: attempt.checks.length })} · {t("script.rule", { rule: check.rule })}
          {check.tries > 0 && ` · ${t("script.tries", { count: check.tries })}`}
        </p>
        <p class="script__title" role="status">
          {titleOf(check, spoken)}
        </p>
        <progress class="script__progress" value={number - 1} max={attempt.checks.length} aria-label={t("script.step", { number, count: attempt.checks.length })} />
      </div>
      <div class="script__text" tabIndex={0} role="group" aria-label={t("script.say")}>
        <div class="script__say">
          <h3>{t("script.say")}</h3>
          <Drawing of={drawingForStep(check.step, check.kind)} />
          <p>{say}</p>
          {sayTheirs && <p lang={theirs}>{sayTheirs}</p>}
        </div>
        {look && (
          <div class="script__look">
            <h3>{t("script.look")}</h3>
            <p>{look}</p>
          </div>
        )}
      </div>
      <Refusal error={capture.error ?? record.error ?? tan.error} />
      {wanted && (
        <TextField
          id="answer"
          label={t(`script.answer_${wanted}`)}
          type={wanted === "issue_date" ? "date" : "text"}
          value={answer}
          onInput={setAnswer}
          isOptional={!needed.includes(wanted)}
          maxLength={500}
          rows={wanted === "mrz" ? 3 : 1}
          autoComplete="off"
          error={isMissing && !answer.trim() ? t("script.answer_missing") : undefined}
        />
      )}
      <Moves check={check} canCapture={canCapture} capture={capture} tan={tan} record={record} decide={decide} />
    </div>
  );
}

interface MovesProps {
  check: Check;
  canCapture: boolean;
  capture: Action<[]>;
  tan: Action<[]>;
  record: Action<[Result]>;
  decide: (result: Result) => void;
}

function Moves({ check, canCapture, capture, tan, record, decide }: MovesProps) {
  const t = useTexts(desk);
  if (check.kind === "tan") {
    return (
      <div class="script__moves">
        <Button kind="primary" small block hotkey="t" busy={tan.isBusy} onClick={tan.run}>
          {t("script.tan")}
        </Button>
        <p role="status">{check.tries > 0 || check.result === "sent" ? t("script.tan_sent") : ""}</p>
        <Button small block hotkey="2" busy={record.isBusy} onClick={() => decide("fail")}>
          {t("script.fail")}
        </Button>
      </div>
    );
  }
  const hasStill = check.still !== null;
  const mustCapture = check.kind === "capture" && !hasStill;
  return (
    <div class="script__moves">
      {canCapture && (
        <Button kind={mustCapture ? "primary" : "secondary"} small block hotkey=" " busy={capture.isBusy} onClick={capture.run}>
          {t("script.capture")}
        </Button>
      )}
      <p class="kern-sr-only" role="status">
        {capture.isBusy && t("still.taking")}
      </p>
      <Button kind={mustCapture ? "secondary" : "primary"} small block hotkey="1" busy={record.isBusy} disabled={mustCapture} onClick={() => decide("pass")}>
        {t("script.pass")}
      </Button>
      <div class="script__pair">
        <Button small block hotkey="2" busy={record.isBusy} onClick={() => decide("fail")}>
          {t("script.fail")}
        </Button>
        <Button small block hotkey="3" busy={record.isBusy} onClick={() => decide("repeat")}>
          {t("script.repeat")}
        </Button>
      </div>
    </div>
  );
}

/* The engine's refusal with its rule, or whatever else went wrong. */
function Refusal({ error }: { error: ProtocolError | null }) {
  const t = useTexts(desk);
  const inWords = useRefusal();
  if (!error?.rule) return <Problem error={error} />;
  return (
    <Alert kind="warning" title={t("script.refused")} live="assertive" testid="refusal">
      <p class="kern-body">{t("script.refused_rule", { text: inWords(error), rule: error.rule })}</p>
    </Alert>
  );
}

function ReasonField({ value, onChange, error }: { value: string; onChange: (value: string) => void; error?: string | undefined }) {
  const t = useTexts(desk);
  const options = [{ value: "", label: "–" }, ...reasonCodes.map((code) => ({ value: code, label: t(`reason.${code}`) }))];
  return <SelectField id="reason" label={t("verdict.reason")} value={value} onChange={onChange} options={options} error={error} />;
}

function Verdict({ attempt, hasFailed, conference }: { attempt: Attempt; hasFailed: boolean; conference: DeskConference }) {
  const t = useTexts(desk);
  const [isNegative, setNegative] = useState(hasFailed);
  const [reason, setReason] = useState("");
  const [wasTried, setTried] = useState(false);
  useEffect(() => setNegative(hasFailed), [hasFailed]);
  const give = useAction((verdict: "identified" | "not_identified") =>
    conference.socket.request("attempt.verdict", { attempt: attempt.id, verdict, reasons: verdict === "identified" ? [] : [reason] }),
  );
  return (
    <div class="stack stack--tight" data-testid="verdict">
      <h3>{t("verdict.title")}</h3>
      <p role="status">{t(hasFailed ? "verdict.text_failed" : "verdict.text")}</p>
      {!hasFailed && !isNegative && (
        <>
          <Button kind="primary" block hotkey="1" busy={give.isBusy} onClick={() => void give.run("identified")}>
            {t("verdict.identified")}
          </Button>
          <Button block hotkey="2" onClick={() => setNegative(true)}>
            {t("verdict.not_identified")}
          </Button>
        </>
      )}
      {isNegative && (
        <>
          <ReasonField value={reason} onChange={setReason} error={wasTried && !reason ? t("verdict.reason_missing") : undefined} />
          <Button
            kind="primary"
            block
            busy={give.isBusy}
            onClick={() => {
              setTried(true);
              if (reason) void give.run("not_identified");
            }}
          >
            {t("verdict.not_identified")}: {t("verdict.confirm")}
          </Button>
        </>
      )}
      <Refusal error={give.error} />
    </div>
  );
}

function AbortDialog({ attempt, conference, onClose }: { attempt: Attempt; conference: DeskConference; onClose: () => void }) {
  const t = useTexts(desk);
  const c = useTexts(common);
  const [reason, setReason] = useState("");
  const [wasTried, setTried] = useState(false);
  const abort = useAction(async () => {
    await conference.socket.request("attempt.abort", { attempt: attempt.id, reason });
    onClose();
  });
  return (
    <Dialog
      title={t("script.abort")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{c("cancel")}</Button>
          <Button
            kind="primary"
            busy={abort.isBusy}
            onClick={() => {
              setTried(true);
              if (reason) void abort.run();
            }}
          >
            {t("script.abort")}
          </Button>
        </>
      }
    >
      <ReasonField value={reason} onChange={setReason} error={wasTried && !reason ? t("verdict.reason_missing") : undefined} />
      <Refusal error={abort.error} />
    </Dialog>
  );
}

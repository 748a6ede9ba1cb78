/* SPDX-License-Identifier: EUPL-1.2 */
/* Pages of staff: asks to sign in, then shows `children` to those who have one of `roles`. */
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useAction, useCall } from "../../app/load";
import { PageFrame } from "../../app/page";
import { useTexts } from "../../i18n/catalogue";
import { desk } from "../../i18n/desk";
import { OFFLINE } from "../../protocol/error";
import type { Operations } from "../../protocol/generated";
import { call, forgetCsrf } from "../../protocol/http";
import { Problem } from "../alert/problem";
import { Button } from "../button/button";
import { TextField } from "../field/field";
import { Loading } from "../loading/loading";

export type Me = Operations["me.get"]["out"];

export function SignedIn({ roles, children }: { roles: string[]; children: (me: Me) => ComponentChildren }) {
  const t = useTexts(desk);
  const [turn, setTurn] = useState(0);
  const { value, error, again } = useCall("me.get", {});
  const signedIn = () => {
    setTurn(turn + 1);
    again();
  };
  if (value?.kind === "staff") {
    if (value.roles.some((role) => roles.includes(role))) return <>{children(value)}</>;
    return (
      <PageFrame title={t("sign_in.title")} lead={t("sign_in.other_role", { name: value.name })} width="narrow">
        <SignOut />
      </PageFrame>
    );
  }
  return (
    <PageFrame title={t("sign_in.title")} lead={t("sign_in.lead")} width="narrow">
      <Problem error={error} again={again} />
      {value ? <Form key={turn} onSignedIn={signedIn} /> : !error && <Loading />}
    </PageFrame>
  );
}

function Form({ onSignedIn }: { onSignedIn: () => void }) {
  const t = useTexts(desk);
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useAction(async () => {
    await call("staff.sign_in", { login: login.trim(), password });
    forgetCsrf();
    onSignedIn();
  });
  const isWrong = signIn.error && signIn.error.code !== OFFLINE && signIn.error.code !== "rate";
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (login && password) void signIn.run();
      }}
    >
      <Problem error={signIn.error}>{isWrong ? t("sign_in.wrong") : undefined}</Problem>
      <TextField id="login" label={t("sign_in.login")} value={login} onInput={setLogin} autoComplete="username" maxLength={80} />
      <TextField id="password" label={t("sign_in.password")} value={password} onInput={setPassword} type="password" autoComplete="current-password" maxLength={200} />
      <div class="actions">
        <Button kind="primary" type="submit" busy={signIn.isBusy}>
          {t("sign_in.button")}
        </Button>
      </div>
    </form>
  );
}

export function SignOut() {
  const t = useTexts(desk);
  const signOut = useAction(async () => {
    await call("staff.sign_out", {});
    forgetCsrf();
    location.reload();
  });
  return (
    <Button kind="tertiary" icon="logout" small busy={signOut.isBusy} onClick={signOut.run}>
      {t("sign_out")}
    </Button>
  );
}

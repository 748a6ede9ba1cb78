/* SPDX-License-Identifier: EUPL-1.2 */
/* Six large digits; pasting "123 456" works, and the sixth digit sends them. */
import { useState } from "preact/hooks";
import { useTexts } from "../../i18n/catalogue";
import { visit } from "../../i18n/visit";
import { Button } from "../button/button";
import { TextField } from "../field/field";
import "./tan.css";

const LENGTH = 6;

export const digits = (text: string) => text.replace(/\D/g, "").slice(0, LENGTH);

interface Props {
  error?: string | undefined;
  isBusy: boolean;
  onEnter: (tan: string) => void;
}

export function TanInput({ error, isBusy, onEnter }: Props) {
  const t = useTexts(visit);
  const [tan, setTan] = useState("");
  const enter = (value: string) => {
    if (value.length === LENGTH && !isBusy) onEnter(value);
  };
  return (
    <form
      class="tan"
      onSubmit={(event) => {
        event.preventDefault();
        enter(tan);
      }}
    >
      <TextField
        id="tan"
        label={t("tan.label")}
        hint={t("tan.hint")}
        value={tan}
        error={error}
        inputMode="numeric"
        autoComplete="one-time-code"
        onInput={(text) => {
          const next = digits(text);
          setTan(next);
          if (next !== tan) enter(next);
        }}
      />
      <Button kind="primary" type="submit" busy={isBusy} disabled={tan.length !== LENGTH}>
        {t("tan.send")}
      </Button>
    </form>
  );
}

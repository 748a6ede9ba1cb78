/* SPDX-License-Identifier: EUPL-1.2 */
/* Inputs with label, hint and error as KERN draws them. An `error` is read with the field and linked from the summary. */
import type { ComponentChildren } from "preact";
import { useTexts } from "../../i18n/catalogue";
import { common } from "../../i18n/common";
import "./field.css";

interface Common {
  id: string;
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
}

const describedBy = ({ id, hint, error }: Common) => [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || undefined;

function Hint({ id, hint }: Common) {
  return hint ? (
    <div class="kern-hint" id={`${id}-hint`}>
      {hint}
    </div>
  ) : null;
}

function FieldError({ id, error }: Common) {
  return error ? (
    <p class="kern-error" id={`${id}-error`}>
      <span class="kern-icon kern-icon--danger" aria-hidden="true" />
      <span class="kern-body">{error}</span>
    </p>
  ) : null;
}

interface TextProps extends Common {
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "email" | "tel" | "password" | "date";
  autoComplete?: string;
  inputMode?: "text" | "numeric" | "email" | "tel";
  isOptional?: boolean;
  maxLength?: number;
  width?: 2 | 4;
  /* more than one: several lines */
  rows?: number;
}

export function TextField({ value, onInput, type = "text", autoComplete, inputMode, isOptional, maxLength, width, rows = 1, ...rest }: TextProps) {
  const t = useTexts(common);
  const shared = {
    id: rest.id,
    name: rest.id,
    value,
    autoComplete,
    inputMode,
    maxLength,
    spellcheck: false,
    "aria-describedby": describedBy(rest),
    "aria-invalid": rest.error ? ("true" as const) : undefined,
    class: ["kern-form-input__input", rest.error && "kern-form-input__input--error", width && `kern-form-input__input--width-${width}`].filter(Boolean).join(" "),
  };
  return (
    <div class={`kern-form-input ${rest.error ? "kern-form-input--error" : ""}`}>
      <label class="kern-label" for={rest.id}>
        {rest.label} {isOptional && <span class="kern-label__optional">({t("optional")})</span>}
      </label>
      <Hint {...rest} />
      {rows > 1 ? (
        <textarea {...shared} rows={rows} onInput={(event) => onInput(event.currentTarget.value)} />
      ) : (
        <input {...shared} type={type as "text"} onInput={(event) => onInput(event.currentTarget.value)} />
      )}
      <FieldError {...rest} />
    </div>
  );
}

interface GroupProps extends Common {
  children: ComponentChildren;
  horizontal?: boolean;
}

export function FieldGroup({ children, horizontal, ...rest }: GroupProps) {
  return (
    <fieldset class={`kern-fieldset ${rest.error ? "kern-fieldset--error" : ""}`} id={rest.id} tabIndex={-1} aria-describedby={describedBy(rest)}>
      <legend class="kern-label">{rest.label}</legend>
      <Hint {...rest} />
      <div class={`kern-fieldset__body ${horizontal ? "kern-fieldset__body--horizontal" : ""}`}>{children}</div>
      <FieldError {...rest} />
    </fieldset>
  );
}

interface ChoiceProps<Value extends string> extends Common {
  options: { value: Value; label: string; hint?: string }[];
  value: Value | "";
  onChange: (value: Value) => void;
}

export function Choice<Value extends string>({ options, value, onChange, ...rest }: ChoiceProps<Value>) {
  return (
    <FieldGroup {...rest}>
      {options.map((option) => (
        <div class="kern-form-check" key={option.value}>
          <input
            class={`kern-form-check__radio ${rest.error ? "kern-form-check__radio--error" : ""}`}
            type="radio"
            id={`${rest.id}-${option.value}`}
            name={rest.id}
            checked={value === option.value}
            aria-describedby={option.hint && `${rest.id}-${option.value}-hint`}
            onChange={() => onChange(option.value)}
          />
          <div class="choice__text">
            <label class="kern-label" for={`${rest.id}-${option.value}`}>
              {option.label}
            </label>
            {option.hint && (
              <span class="kern-body kern-body--small muted" id={`${rest.id}-${option.value}-hint`}>
                {option.hint}
              </span>
            )}
          </div>
        </div>
      ))}
    </FieldGroup>
  );
}

interface CheckProps extends Common {
  isChecked: boolean;
  onChange: (isChecked: boolean) => void;
}

export function CheckField({ isChecked, onChange, ...rest }: CheckProps) {
  return (
    <div>
      <div class={`kern-form-check ${rest.error ? "kern-form-check--error" : ""}`}>
        <input
          class={`kern-form-check__checkbox ${rest.error ? "kern-form-check__checkbox--error" : ""}`}
          type="checkbox"
          id={rest.id}
          checked={isChecked}
          aria-describedby={describedBy(rest)}
          aria-invalid={rest.error ? "true" : undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <label class="kern-label" for={rest.id}>
          {rest.label}
        </label>
      </div>
      <Hint {...rest} />
      <FieldError {...rest} />
    </div>
  );
}

interface SelectProps extends Common {
  options: { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}

export function SelectField({ options, value, onChange, ...rest }: SelectProps) {
  return (
    <div class="kern-form-input">
      <label class="kern-label" for={rest.id}>
        {rest.label}
      </label>
      <Hint {...rest} />
      <div class="kern-form-input__select-wrapper">
        <select class="kern-form-input__select" id={rest.id} aria-describedby={describedBy(rest)} onChange={(event) => onChange(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
      <FieldError {...rest} />
    </div>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Texts by key, one catalogue per area of the pages, the same keys in each language.
 *
 * A text may hold {placeholders}; a text that depends on {count} is a pair {one, other}. TypeScript knows the keys and
 * the placeholders from the German catalogue, so a missing one does not compile. */
import { useStore } from "../app/store";
import type { Language } from "../protocol/generated";
import { language } from "./language";

type Message = string | { readonly one: string; readonly other: string };
type Messages = { readonly [key: string]: Message };
type Placeholders<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholders<Rest> : never;
type Values<M> = M extends { other: infer Other } ? Placeholders<Other> | "count" : Placeholders<M>;
type Arguments<M> = [Values<M>] extends [never] ? [] : [{ [name in Values<M>]: string | number }];

/* The same keys, any wording; what is a pair in German is a pair elsewhere. */
export type Translation<German extends Messages> = {
  readonly [key in keyof German]: German[key] extends string ? string : { readonly one: string; readonly other: string };
};
export type Catalogue<German extends Messages> = { readonly de: German } & {
  readonly [other in Exclude<Language, "de">]: Translation<German>;
};
export type Texts<German extends Messages> = <Key extends keyof German & string>(
  key: Key,
  ...values: Arguments<German[Key]>
) => string;

export function texts<German extends Messages>(catalogue: Catalogue<German>, into: Language): Texts<German> {
  const plural = new Intl.PluralRules(into);
  const number = new Intl.NumberFormat(into);
  return (key, ...values) => {
    const message: Message = (catalogue as { [name in Language]: Messages })[into][key]!;
    const given: Record<string, string | number> = values[0] ?? {};
    const text = typeof message === "string" ? message : message[plural.select(Number(given.count)) === "one" ? "one" : "other"];
    return text.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = given[name]!;
      return typeof value === "number" ? number.format(value) : value;
    });
  };
}

export function useTexts<German extends Messages>(catalogue: Catalogue<German>): Texts<German> {
  return texts(catalogue, useStore(language));
}

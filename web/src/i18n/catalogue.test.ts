/* SPDX-License-Identifier: EUPL-1.2 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { booking } from "./booking";
import { OFFLINE } from "../protocol/error";
import { refusals } from "../protocol/generated";
import { type Catalogue, texts } from "./catalogue";
import { common } from "./common";
import { desk } from "./desk";
import { legal } from "./legal";
import { office } from "./office";
import { refusal } from "./refusal";
import { visit } from "./visit";

type Any = Record<string, string | { one: string; other: string }>;
const catalogues = { booking, common, desk, legal, office, refusal, visit } as unknown as { [area: string]: Catalogue<Any> };

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !/\.test\./.test(file) && !/i18n\/\w+\//.test(file))
  .map((file) => readFileSync(join("src", file), "utf8"))
  .join("\n");

/* A key is used when it stands in the sources as it is, or when a template there fits it, such as `reason.${code}`. */
const templates = [...sources.matchAll(/`([a-z_]+\.\w*)\$\{[^`]*\}(\w*)`/g)].map(([, before, after]) => new RegExp(`^${before!.replace(".", "\\.")}\\w+${after}$`));
const isUsed = (key: string) => sources.includes(`"${key}"`) || templates.some((template) => template.test(key));

const placeholders = (message: Any[string]) =>
  [...new Set((typeof message === "string" ? message : message.one + message.other).match(/\{\w+\}/g))].sort();

describe.each(Object.entries(catalogues))("%s", (_, { de, en }) => {
  test("has the same keys in each language", () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(de).sort());
  });
  test("has the same placeholders in each language", () => {
    for (const key of Object.keys(de)) expect([key, placeholders(en[key]!)]).toEqual([key, placeholders(de[key]!)]);
  });
  test("has no text that nothing shows", () => {
    expect(Object.keys(de).filter((key) => !isUsed(key))).toEqual([]);
  });
  test("has no text that is empty or untidy", () => {
    for (const language of [de, en])
      for (const [key, message] of Object.entries(language))
        for (const text of typeof message === "string" ? [message] : [message.one, message.other])
          expect([key, text]).toEqual([key, text.trim().replace(/ {2,}/g, " ") || "empty"]);
  });
});

test("every refusal of the server has a text, and no other", () => {
  expect(Object.keys(refusal.de).sort()).toEqual([OFFLINE, ...refusals].map((key) => `refusal.${key}`).sort());
});

test("a text takes its values and its plural", () => {
  const catalogue = {
    de: { minutes: { one: "{count} Minute", other: "{count} Minuten" }, hello: "Guten Tag, {name}" },
    en: { minutes: { one: "{count} minute", other: "{count} minutes" }, hello: "Hello, {name}" },
  } as const;
  const t = texts(catalogue, "de");
  expect(t("minutes", { count: 1 })).toBe("1 Minute");
  expect(t("minutes", { count: 1234 })).toBe("1.234 Minuten");
  expect(t("hello", { name: "Zoë Łukasiewicz" })).toBe("Guten Tag, Zoë Łukasiewicz");
});

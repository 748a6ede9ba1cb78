/* SPDX-License-Identifier: EUPL-1.2 */
/* The language of the pages: what the person chose last, else what the browser asks for, else German. */
import { Store } from "../app/store";
import type { Language } from "../protocol/generated";

export const languages: { [language in Language]: string } = { de: "Deutsch", en: "English" };

function first(): Language {
  const chosen = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
  return chosen in languages ? (chosen as Language) : "en";
}

export const language = new Store<Language>(first());
language.subscribe((value) => localStorage.setItem("language", value));

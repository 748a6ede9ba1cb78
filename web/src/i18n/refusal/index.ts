/* SPDX-License-Identifier: EUPL-1.2 */
import type { Catalogue } from "../catalogue";
import de from "./de";
import en from "./en";

export const refusal: Catalogue<typeof de> = { de, en };

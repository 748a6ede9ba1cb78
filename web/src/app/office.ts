/* SPDX-License-Identifier: EUPL-1.2 */
/* The office this tab is concerned with: its name stands on top, its imprint in the footer. */
import type { Office } from "../protocol/generated";
import { keep, readKept } from "./kept";
import { Store } from "./store";

export const office = new Store<Office | null>(readKept<Office | null>("office", null));
office.subscribe((value) => keep("office", value));

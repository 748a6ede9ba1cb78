/* SPDX-License-Identifier: EUPL-1.2 */
/* State that survives a reload of this tab: what people type is kept until they are done or close the tab. */
import { useEffect, useState } from "preact/hooks";

export function readKept<Value>(key: string, initial: Value): Value {
  const kept = sessionStorage.getItem(key);
  return kept === null ? initial : (JSON.parse(kept) as Value);
}

export function keep(key: string, value: unknown): void {
  sessionStorage.setItem(key, JSON.stringify(value));
}

export function forget(key: string): void {
  sessionStorage.removeItem(key);
}

export function useKept<Value>(key: string, initial: Value): [Value, (value: Value | ((before: Value) => Value)) => void] {
  const [value, setValue] = useState(() => readKept(key, initial));
  useEffect(() => keep(key, value), [key, value]);
  return [value, setValue];
}

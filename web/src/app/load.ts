/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking the server for what a page shows, and doing what a button says. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { OFFLINE, ProtocolError } from "../protocol/error";
import type { HTTPOperation, Operations } from "../protocol/generated";
import { call } from "../protocol/http";

export interface Loaded<Value> {
  value: Value | null;
  error: ProtocolError | null;
  again(): void;
}

export function asProtocolError(error: unknown): ProtocolError {
  if (error instanceof ProtocolError) return error;
  console.error(error);
  return new ProtocolError("internal");
}

/* What `work` gives, again whenever `key` changes; the last answer stays until the next is there. A null key: nothing yet. */
export function useLoaded<Value>(key: string | null, work: () => Promise<Value>): Loaded<Value> {
  const [loaded, setLoaded] = useState<{ value: Value | null; error: ProtocolError | null }>({ value: null, error: null });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (key === null) return;
    let isWanted = true;
    work().then(
      (value) => isWanted && setLoaded({ value, error: null }),
      (error: unknown) => isWanted && setLoaded((before) => ({ value: before.value, error: asProtocolError(error) })),
    );
    return () => {
      isWanted = false;
    };
  }, [key, turn]);
  /* Without a network, ask again by itself. */
  useEffect(() => {
    if (loaded.error?.code !== OFFLINE) return;
    const timer = setTimeout(() => setTurn((before) => before + 1), 3000);
    return () => clearTimeout(timer);
  }, [loaded]);
  return { ...loaded, again: () => setTurn(turn + 1) };
}

export function useCall<Name extends HTTPOperation>(operation: Name, input: Operations[Name]["in"] | null): Loaded<Operations[Name]["out"]> {
  return useLoaded(input && operation + JSON.stringify(input), () => call(operation, input!));
}

export interface Action<Arguments extends unknown[]> {
  run(...given: Arguments): Promise<boolean>;
  isBusy: boolean;
  error: ProtocolError | null;
  clear(): void;
}

/* A button's work: busy while it runs, its error kept until the next try, never twice at once. */
export function useAction<Arguments extends unknown[]>(work: (...given: Arguments) => Promise<unknown>): Action<Arguments> {
  const [state, setState] = useState<{ isBusy: boolean; error: ProtocolError | null }>({ isBusy: false, error: null });
  const isRunning = useRef(false);
  const latest = useRef(work);
  latest.current = work;
  const run = useCallback(async (...given: Arguments) => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setState({ isBusy: true, error: null });
    try {
      await latest.current(...given);
      setState({ isBusy: false, error: null });
      return true;
    } catch (error) {
      setState({ isBusy: false, error: asProtocolError(error) });
      return false;
    } finally {
      isRunning.current = false;
    }
  }, []);
  return { ...state, run, clear: () => setState({ isBusy: false, error: null }) };
}

/* The present time, told again each `every_ms`. */
export function useNow(every_ms: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every_ms);
    return () => clearInterval(timer);
  }, [every_ms]);
  return now;
}

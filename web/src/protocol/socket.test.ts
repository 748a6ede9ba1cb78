/* SPDX-License-Identifier: EUPL-1.2 */
import { beforeEach, describe, expect, test } from "vitest";
import { OFFLINE } from "./error";
import { Socket, type SocketSurroundings } from "./socket";

/* A connection, a clock and chance that the test moves. */
class FakeSocket {
  sent: { id: number; op: string; in: unknown }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason?: string }) => void) | null = null;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {}
  push(message: unknown) {
    this.onmessage!({ data: JSON.stringify(message) });
  }
}

let opened: FakeSocket[];
let timers: { run: () => void; ms: number }[];
let now: number;
let random: number;
let isSignedIn: boolean;
let socket: Socket<"visit">;
const last = () => opened.at(-1)!;
const forget = (timer: unknown) => {
  timers = timers.filter((one) => one !== timer);
};

beforeEach(() => {
  [opened, timers, now, random, isSignedIn] = [[], [], 1000, 1, true];
  const around: SocketSurroundings = {
    open: () => {
      opened.push(new FakeSocket());
      return last() as unknown as WebSocket;
    },
    isSignedIn: async () => isSignedIn,
    now: () => now,
    random: () => random,
    setTimeout: (run, ms) => {
      const timer = { run: () => (forget(timer), run()), ms };
      timers.push(timer);
      return timer;
    },
    clearTimeout: forget,
  };
  socket = new Socket("visit", around);
});

describe("requests", () => {
  test("get their own answers, in whatever order these come", async () => {
    last().onopen!();
    const first = socket.request("chat.send", { text: "a" });
    const second = socket.request("tan.enter", { attempt: "attempt_1", tan: "123456" });
    const [one, two] = last().sent;
    expect(two).toEqual({ id: two!.id, op: "tan.enter", in: { attempt: "attempt_1", tan: "123456" } });
    last().push({ id: two!.id, out: { is_right: false, tries_left: 2 } });
    last().push({ id: one!.id, out: {} });
    expect(await second).toEqual({ is_right: false, tries_left: 2 });
    expect(await first).toEqual({});
  });

  test("fail with the server's code, text and rule", async () => {
    last().onopen!();
    const answer = socket.request("check.record", { attempt: "a", step: "tilt", result: "pass" });
    last().push({ id: last().sent[0]!.id, error: { code: "rule", text: "V-29: not now", rule: "V-29" } });
    await expect(answer).rejects.toMatchObject({ code: "rule", text: "V-29: not now", rule: "V-29" });
  });

  test("fail at once while there is no connection, and when it is lost", async () => {
    await expect(socket.request("visit.leave", {})).rejects.toMatchObject({ code: OFFLINE });
    last().onopen!();
    const answer = socket.request("visit.leave", {});
    last().onclose!({ code: 1006 });
    await expect(answer).rejects.toMatchObject({ code: OFFLINE });
  });
});

describe("an open connection", () => {
  test("is asked now and then, and lives when an answer comes, whatever it is", async () => {
    last().onopen!();
    for (const answer of [{ out: {} }, { error: { code: "rate" } }]) {
      timers.at(-1)!.run();
      const { id, op } = last().sent.at(-1)!;
      expect(op).toBe("me.get");
      last().push({ id, ...answer });
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(opened).toHaveLength(1);
    expect(timers.map(({ ms }) => ms)).toEqual([10_000]);
  });

  test("is replaced when no answer comes", () => {
    last().onopen!();
    timers.at(-1)!.run();
    expect(timers.at(-1)!.ms).toBe(5_000);
    timers.at(-1)!.run();
    expect(opened).toHaveLength(2);
  });
});

describe("a lost connection", () => {
  test("is tried again, with longer waits up to 15 s, and counts from the start after a success", () => {
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      last().onclose!({ code: 1006 });
      waits.push(timers.at(-1)!.ms);
      timers.at(-1)!.run();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
    last().onopen!();
    last().onclose!({ code: 1006 });
    expect(timers.at(-1)!.ms).toBe(500);
    expect(socket.connection.value).toEqual({ state: "waiting", retry_ms: now + 500 });
  });

  test("spreads the tries of many clients", () => {
    random = 0;
    last().onclose!({ code: 1006 });
    expect(timers.at(-1)!.ms).toBe(250);
  });

  test("is tried at once when the device is online again", () => {
    last().onclose!({ code: 1006 });
    socket.reopen();
    expect(opened).toHaveLength(2);
    expect(socket.connection.value.state).toBe("connecting");
  });

  test("is replaced when it only seems to be open; what was asked there has failed", async () => {
    last().onopen!();
    const answer = socket.request("visit.leave", {});
    const dead = last();
    socket.reopen();
    await expect(answer).rejects.toMatchObject({ code: OFFLINE });
    const open = socket.opened();
    last().onopen!();
    await open;
    dead.onclose!({ code: 1006 });
    expect(opened).toHaveLength(2);
    expect(socket.connection.value.state).toBe("open");
  });

  test("stays closed and refused, whatever the network does", () => {
    last().onopen!();
    last().onclose!({ code: 4401 });
    socket.reopen();
    expect(opened).toHaveLength(1);
  });

  test("keeps the last view until the next snapshot", () => {
    last().onopen!();
    last().push({ view: "visit", state: { now_ms: 1 } });
    last().onclose!({ code: 1006 });
    expect(socket.view.value).toEqual({ now_ms: 1 });
    timers.at(-1)!.run();
    last().onopen!();
    last().push({ view: "visit", state: { now_ms: 2 } });
    expect(socket.view.value).toEqual({ now_ms: 2 });
  });

  test("is given up when the server says so", () => {
    last().onopen!();
    last().onclose!({ code: 4401 });
    expect(socket.connection.value.state).toBe("refused");
    expect(timers).toHaveLength(0);
  });

  test("is given up when it never opened and the person is signed out", async () => {
    isSignedIn = false;
    last().onclose!({ code: 1006 });
    await Promise.resolve();
    await Promise.resolve();
    expect(socket.connection.value.state).toBe("refused");
  });

  test("is not missed after closing", () => {
    last().onopen!();
    socket.close();
    last().onclose?.({ code: 1000 });
    expect(timers).toHaveLength(0);
    expect(socket.connection.value.state).toBe("closed");
  });
});

test("events reach their listeners until these leave", () => {
  const heard: unknown[] = [];
  const leave = socket.onEvent((event) => heard.push(event));
  last().push({ event: "slots", slots: ["a", null] });
  leave();
  last().push({ event: "media_lost" });
  expect(heard).toEqual([{ event: "slots", slots: ["a", null] }]);
});

describe("an end that another try does not change", () => {
  test.each([
    [4401, "", "refused"],
    [4409, "elsewhere", "elsewhere"],
    [1009, "too large", "wrong"],
    [1008, "too many errors", "wrong"],
  ])("%i %s: no try by itself, %s", (code, reason, state) => {
    last().onopen!();
    last().onclose!({ code, reason });
    expect(socket.connection.value).toEqual({ state });
    socket.reopen();
    expect(opened).toHaveLength(1);
  });

  test("too slow is no such end", () => {
    last().onopen!();
    last().onclose!({ code: 1008, reason: "too slow" });
    expect(socket.connection.value.state).toBe("waiting");
  });

  test("somebody goes on here: it connects again, once", () => {
    last().onopen!();
    last().onclose!({ code: 4409, reason: "elsewhere" });
    socket.again();
    socket.again();
    expect(opened).toHaveLength(2);
    last().onopen!();
    expect(socket.connection.value).toEqual({ state: "open" });
  });
});

// SPDX-License-Identifier: EUPL-1.2
// Looks at every page in Chromium, at several widths, light and dark, in both languages: a picture of each in look/, and axe on
// each. Ends with an error when axe finds a violation, the policy blocks something, or a page is wider than the screen.
//     node tests/look.mjs [PAGES [LOOKS]]      both regular expressions
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { startMock } from "./mock-server.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const out = process.env.LOOK_DIR ?? new URL("../look", import.meta.url).pathname;
mkdirSync(out, { recursive: true });

const office = "office_00000000000000000000000001";
const book = `/book/${office}/marriage`;
const click = (role, name) => (page) => page.getByRole(role, { name }).first().click();
const next = click("button", /^(Weiter|Continue)$/);
const times = click("button", /freien Zeiten|free times/);
const inOrder = (...acts) => async (page) => {
  for (const act of acts) await act(page);
};
const choose = inOrder(times, (page) => page.getByTestId("time").nth(1).click());
const together = inOrder(choose, (page) => page.locator("#together-no").check(), next);
async function fill(page) {
  const answers = { given_names: "Zoë Æ.", family_name: "Łuczak-Åkesson", "birth_date-day": "8", "birth_date-month": "3", "birth_date-year": "1992", email: "zoe@beispiel.de" };
  for (const [id, text] of Object.entries(answers)) await page.locator(`#${id}`).fill(text);
  await page.locator("#document_type-id_card").check();
  await next(page);
}
const check = inOrder(together, fill, fill);
const keys = (...pressed) => async (page) => {
  await page.getByTestId("step").waitFor();
  for (const key of pressed) await page.keyboard.press(key);
};

/* name, scene, path, what to do before the picture */
const pages = [
  ["offices", "visitor", "/"],
  ["office", "visitor", `/office/${office}`],
  ["book-need", "visitor", book],
  ["book-times", "visitor", book, times],
  ["book-calendar", "visitor", book, inOrder(times, click("button", /Kalender|calendar/), (page) => page.locator(".calendar__day").first().click())],
  ["book-together", "visitor", book, choose],
  ["book-person", "visitor", book, together],
  ["book-errors", "visitor", book, inOrder(together, next)],
  ["book-check", "visitor", book, check],
  ["book-booked", "visitor", book, inOrder(check, (page) => page.locator("#consent").check(), click("button", /buchen|Book/), (page) => page.getByTestId("booked").waitFor())],
  ["confirm", "visitor", "/confirm#AAAAAAAAAAAAAAAAAAAAAA"],
  ["confirmed", "visitor", "/confirm#AAAAAAAAAAAAAAAAAAAAAA", click("button", /bestätigen|Confirm/)],
  ["visit-open", "visitor", "/visit#AAAAAAAAAAAAAAAAAAAAAA"],
  ["visit-manage", "manage", "/visit"],
  ["visit-cancel", "manage", "/visit", click("button", /absagen|Cancel/)],
  ["visit-completed", "completed", "/visit"],
  ["prepare-start", "manage", "/visit/prepare"],
  [
    "prepare",
    "manage",
    "/visit/prepare",
    async (page) => {
      await page.evaluate(() => sessionStorage.setItem("link", '"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"'));
      await page.reload();
      await click("button", /einschalten|Turn on/)(page);
      await page.getByTestId("device-check").waitFor();
    },
  ],
  ["room-waiting", "waiting", "/visit/room"],
  ["room-assigned", "assigned", "/visit/room"],
  ["room-consent", "consent", "/visit/room"],
  ["room-meeting", "meeting", "/visit/room", click("button", /^Chat/)],
  ["room-document", "document", "/visit/room"],
  ["room-apart", "apart", "/visit/room"],
  ["room-more", "meeting", "/visit/room", click("button", /^(Mehr|More)/)],
  ["room-share", "meeting", "/visit/room", inOrder(click("button", /^(Mehr|More)/), click("button", /zeigen$|screen$/))],
  ["room-tan", "tan", "/visit/room"],
  ["room-elsewhere", "elsewhere", "/visit/room"],
  ["room-done", "done", "/visit/room"],
  ["sign-in", "visitor", "/desk"],
  ["desk-off", "desk-off", "/desk"],
  ["desk-ready", "desk-ready", "/desk"],
  ["desk-assigned", "desk-assigned", "/desk"],
  ["desk-back", "desk-assigned", "/desk", inOrder((page) => page.getByTestId("card").waitFor(), (page) => page.keyboard.press("e"))],
  ["desk-consent", "desk-consent", "/desk"],
  ["desk-session", "desk-session", "/desk", inOrder(keys(" "), (page) => page.getByTestId("still").waitFor())],
  ["desk-refused", "desk-session", "/desk", inOrder(keys("2"), (page) => page.getByTestId("refusal").waitFor())],
  ["desk-apart", "desk-apart", "/desk"],
  ["desk-divide", "desk-session", "/desk", keys("g")],
  ["desk-verdict", "desk-verdict", "/desk"],
  ["desk-end", "desk-session", "/desk", inOrder(keys("e"), (page) => page.locator("#end-reason-technical").check())],
  ["desk-wrap-up", "desk-wrap-up", "/desk"],
  ["admin-day", "admin", "/office-admin"],
  ["admin-staff", "admin", "/office-admin", click("tab", /Mitarbeitende|Staff/)],
  ["admin-agreements", "admin", "/office-admin", click("tab", /Vereinbarungen|Agreements/)],
  ["admin-recordings", "admin", "/office-admin", click("tab", /Aufnahmen|Recordings/)],
  ["admin-audit", "admin", "/office-admin", click("tab", /Protokoll|Log/)],
  ["imprint", "visitor", `/imprint?office=${office}`],
  ["privacy", "visitor", `/privacy?office=${office}`],
  ["accessibility", "visitor", `/accessibility?office=${office}`],
  ["not-found", "visitor", "/no-such-page"],
];
const hasDialog = /cancel|consent$|end$|back$|divide$/;
const looks = [
  { name: "1280-light", width: 1280, height: 800, colorScheme: "light", locale: "de-DE" },
  { name: "1280-dark", width: 1280, height: 800, colorScheme: "dark", locale: "de-DE" },
  { name: "360-light", width: 360, height: 740, colorScheme: "light", locale: "de-DE" },
  { name: "360-dark", width: 360, height: 740, colorScheme: "dark", locale: "de-DE" },
  { name: "320-en", width: 320, height: 640, colorScheme: "light", locale: "en-GB" },
];
const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const wanted = (i) => new RegExp(process.argv[i] ?? ".");
const mock = await startMock(0);
const base = `http://localhost:${mock.port}`;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
});
const problems = [];

async function look(at, [name, scene, path, act]) {
  const title = `${name} ${at.name}`;
  const { width, height, colorScheme, locale } = at;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, locale, reducedMotion: "reduce", permissions: name.startsWith("prepare") ? [] : ["camera", "microphone"] });
  await context.addCookies([{ name: "scene", value: scene, url: base }]);
  const page = await context.newPage();
  page.setDefaultTimeout(8000);
  page.on("console", (message) => /Content Security Policy|Uncaught/.test(message.text()) && problems.push(`${title}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(`${title}: ${error.message}`));
  try {
    await page.goto(base + path);
    await page.locator("h1").waitFor();
    await page.waitForLoadState("networkidle");
    await act?.(page);
    await page.waitForTimeout(300);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) problems.push(`${title}: ${wide} pixels wide`);
    await page.screenshot({ path: `${out}/${name}-${at.name}.png`, fullPage: !hasDialog.test(name) });
    /* Through the debugger, which the page's policy does not bind. */
    const { violations } = await page.evaluate(`${axe}; axe.run(document, { runOnly: ${JSON.stringify(rules)} })`);
    for (const { id, nodes } of violations) problems.push(`${title}: ${id}: ${nodes.map((node) => node.target.join(" ")).slice(0, 3).join(" | ")}`);
  } catch (error) {
    problems.push(`${title}: ${error.message.split("\n")[0]}`);
    await page.screenshot({ path: `${out}/${name}-${at.name}-failed.png` }).catch(() => undefined);
  }
  await context.close();
}

for (const at of looks.filter(({ name }) => wanted(3).test(name))) for (const page of pages.filter(([name]) => wanted(2).test(name))) await look(at, page);
await browser.close();
mock.close();
for (const problem of problems) console.log(problem);
console.log(`${problems.length} problems`);
process.exit(problems.length ? 1 : 0);

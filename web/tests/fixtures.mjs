// SPDX-License-Identifier: EUPL-1.2
// What the mock server answers: one couple, three offices, and each situation in which a page can be.
const MINUTE = 60_000;
const DAY = 86_400_000;
const id = (kind, number) => `${kind}_${String(number).padStart(26, "0")}`;
const now = () => Date.now();
const nextDay = (days, minutes) => new Date().setUTCHours(0, 0, 0, 0) + days * DAY + minutes * MINUTE;

const office = {
  id: id("office", 1),
  name: "Standesamt Musterstadt Mitte",
  organisation: "Stadt Musterstadt",
  address: "Rathausplatz 1, 12345 Musterstadt",
  time_zone: "Europe/Berlin",
  phone: "01234 5670",
  imprint: "Stadt Musterstadt, vertreten durch die Oberbürgermeisterin, Rathausplatz 1, 12345 Musterstadt",
  privacy_contact: "datenschutz@musterstadt.example",
};
const offices = [
  office,
  { ...office, id: id("office", 2), name: "Standesamt Musterstadt Nord", address: "Nordring 20, 12347 Musterstadt" },
  { ...office, id: id("office", 3), name: "Standesamt Musterdorf", organisation: "Gemeinde Musterdorf", address: "Dorfstraße 3, 98765 Musterdorf" },
];
const services = [
  { key: "marriage", name: "Anmeldung der Eheschließung", about: "Sie melden Ihre Eheschließung zu zweit an und weisen sich per Video aus.", duration_min: 30, is_identifying: true, person_count: 2, fee_cent: 5000 },
  { key: "identity", name: "Identitätsfeststellung", about: "Sie weisen sich per Video mit Ausweis oder Reisepass aus, zum Beispiel für eine Urkunde.", duration_min: 10, is_identifying: true, person_count: 1, fee_cent: 0 },
  { key: "advice", name: "Beratung", about: "Ein Gespräch ohne Ausweis: Welche Unterlagen brauchen Sie, wie geht es weiter?", duration_min: 15, is_identifying: false, person_count: 1, fee_cent: 0 },
];
const times = [1, 2, 3, 6, 7, 9, 14, 15, 21].flatMap((day) =>
  Array.from({ length: day === 2 ? 20 : 6 }, (_, i) => ({ start_ms: nextDay(day, 7 * 60 + i * 30), end_ms: nextDay(day, 7 * 60 + i * 30 + 30), free: 1 })),
);

const one = { id: id("person", 1), role: "partner_1", name: "Zoë Åkesson-Łuczak" };
const two = { id: id("person", 2), role: "partner_2", name: "Erika Mustermann" };
const card = (person, more) => ({ ...person, is_present: true, has_confirmed: true, peer: `peer-${person.role}`, audio: true, video: true, consent: "open", is_apart: false, ...more });
const consented = [card(one, { consent: "given" }), card(two, { consent: "given" })];
const media = { peer: "peer-me", slots: 3, ice_servers: [] };
const chat = [
  { at_ms: now() - 4 * MINUTE, from: "officer", name: "Martina Sommer", text: "Guten Tag! Hören Sie mich gut?" },
  { at_ms: now() - 3 * MINUTE, from: one.id, name: one.name, text: "Ja, sehr gut." },
];
const report = { id: id("report", 1), person: one.id, name: one.name, verdict: "identified", made_ms: now() - MINUTE };
const recording = { state: "on", since_ms: now() - 12 * MINUTE, part: 1 };
const noRecording = { state: "off", since_ms: null, part: 0 };

function visit(more) {
  const { state = "confirmed", ...rest } = more ?? {};
  return {
    now_ms: now(),
    me: { ...one, language: "de" },
    covers: [one.id],
    appointment: { id: id("appointment", 1), state, start_ms: nextDay(1, 8 * 60 + 30), end_ms: nextDay(1, 9 * 60), together: false, office, service: services[0] },
    people: [card(one), card(two, { is_present: false, has_confirmed: false, peer: null })],
    media,
    waiting: null,
    session: null,
    reports: [],
    ...rest,
  };
}
const officer = { name: "Martina Sommer", organisation: "Stadt Musterstadt", peer: "peer-officer", audio: true, video: true, is_apart: false };
const live = (more) => ({ id: id("session", 1), state: "live", officer, recording, now: null, tan: null, chat, end_reason: null, ...more });
const meet = (session, people = consented) => visit({ state: "in_session", people, session: live(session) });
const step = (name, kind, number, de) => ({ person: one.id, step: name, kind, number, count: 19, parameters: { banner: { de, en: "Hold the front of your document still in front of the camera." } } });

const visits = {
  manage: () => visit(),
  completed: () => visit({ state: "completed", reports: [report] }),
  waiting: () => visit({ state: "checked_in", people: [card(one), card(two)], waiting: { place: 3, estimate_min_ms: 6 * MINUTE, estimate_max_ms: 14 * MINUTE, since_ms: now() - 5 * MINUTE } }),
  assigned: () => meet({ state: "assigned", recording: noRecording }),
  consent: () => meet({ recording: noRecording }, [card(one), card(two)]),
  meeting: () => meet({ now: step("purpose", "confirm", 2, "Sagen Sie bitte, wofür dieser Termin ist.") }),
  document: () => meet({ now: step("document_front", "capture", 5, "Halten Sie die Vorderseite Ihres Ausweises ruhig in die Kamera.") }),
  tan: () => meet({ now: step("tan", "tan", 19, "Geben Sie die sechs Ziffern aus der E-Mail ein."), tan: { person: one.id, attempt: id("attempt", 1), tries_left: 3, expires_ms: now() + 9 * MINUTE, resend_from_ms: now() } }),
  apart: () => meet({ officer: { ...officer, is_apart: true } }, [card(one, { consent: "given" }), card(two, { consent: "given", is_apart: true })]),
  done: () => visit({ state: "completed", people: consented, session: live({ state: "ended", end_reason: "completed" }), reports: [report] }),
};

const texts = (title, say = "", look = "") => ({ title: { de: title, en: title }, say: { de: say, en: say && "Please hold the front of your document still in front of the camera." }, look: { de: look, en: look } });
const check = (name, kind, rule, state, parameters, more) => ({ step: name, kind, rule, state, result: state === "done" ? "pass" : null, answer: null, parameters, still: null, tries: 0, ...more });
const front = { ...texts("Vorderseite", "Bitte halten Sie die Vorderseite Ihres Ausweises ruhig in die Kamera.", "Alle Angaben sind lesbar, nichts ist verdeckt, kein Blendfleck."), subject: "document_front", still: true };
const attempt = {
  id: id("attempt", 1),
  person: two.id,
  number: 1,
  state: "running",
  procedure: "bafin-3-2017",
  checks: [
    check("consent", "consent", "V-22", "done", texts("Einwilligung")),
    check("purpose", "confirm", "V-24", "done", texts("Zweck")),
    check("person", "capture", "V-25", "done", texts("Foto der Person"), { still: id("still", 1) }),
    check("document_front", "capture", "V-26", "now", front, { tries: 1 }),
    check("number", "ask", "V-36", "done", { ...texts("Ausweisnummer"), answer: "document_number" }, { answer: "T220001293" }),
    check("tan", "tan", "V-40", "later", texts("TAN")),
  ],
  mrz: ["IDD<<T220001293<<<<<<<<<<<<<<<", "6408125<2010315D<<<<<<<<<<<<<4", "MUSTERMANN<<ERIKA<<<<<<<<<<<<<"],
  comparisons: [
    { field: "given_names", intake: "Erika", mrz: "ERIKA", is_equal: true },
    { field: "family_name", intake: "Mustermann", mrz: "MUSTERMANN", is_equal: true },
    { field: "birth_date", intake: "1964-08-12", mrz: "1964-08-21", is_equal: false },
  ],
  verdict: null,
  reasons: [],
  report: null,
};
const done = attempt.checks.map((each) => ({ ...each, state: "done" }));
const intake = [one, two].map((person, i) => ({ person: person.id, given_names: person.name.split(" ")[0], family_name: person.name.split(" ")[1], birth_name: "", birth_date: "1990-03-08", language: i ? "en" : "de", document_type: "id_card", email: null }));
const deskSession = (more) => ({
  id: id("session", 1),
  state: "live",
  started_ms: now() - 12 * MINUTE,
  appointment: id("appointment", 1),
  office,
  service: services[0],
  is_overflow: false,
  is_apart: false,
  people: consented,
  intake,
  recording,
  attempts: [],
  chat,
  draw: {},
  ...more,
});
const today = [
  { appointment: id("appointment", 1), start_ms: nextDay(0, 8 * 60), end_ms: nextDay(0, 8 * 60 + 30), service: services[0].name, state: "completed", names: "Mustermann, Åkesson-Łuczak" },
  { appointment: id("appointment", 2), start_ms: nextDay(0, 9 * 60), end_ms: nextDay(0, 9 * 60 + 30), service: services[0].name, state: "checked_in", names: null },
];
const desk = (state, session = null) => ({
  now_ms: now(),
  me: { id: id("staff", 1), name: "Martina Sommer", roles: ["registrar"], organisation: { id: id("organisation", 1), name: "Stadt Musterstadt", kind: "municipality" }, trained_until_ms: now() + 200 * DAY },
  state,
  blocked: null,
  waiting_count: 2,
  media,
  today,
  session,
});
const desks = {
  "desk-off": () => desk("off"),
  "desk-ready": () => desk("ready"),
  "desk-assigned": () => desk("assigned", deskSession({ state: "assigned", is_overflow: true, recording: noRecording })),
  "desk-consent": () => desk("in_session", deskSession({ people: [card(one), card(two, { consent: "given" })], recording: noRecording })),
  "desk-session": () => desk("in_session", deskSession({ attempts: [attempt] })),
  "desk-apart": () => desk("in_session", deskSession({ is_apart: true, people: [card(one, { consent: "given" }), card(two, { consent: "given", is_apart: true })], attempts: [attempt] })),
  "desk-verdict": () => desk("in_session", deskSession({ attempts: [{ ...attempt, checks: done }] })),
  "desk-wrap-up": () => desk("wrap_up", deskSession({ state: "wrap_up", attempts: [{ ...attempt, state: "closed", verdict: "identified", report: id("report", 1) }] })),
};

/* The snapshot pushed over the WebSocket, null when the scene is signed out. */
export function view(scene) {
  if (visits[scene]) return { view: "visit", state: visits[scene]() };
  if (desks[scene]) return { view: "desk", state: desks[scene]() };
  return null;
}

const quality = (peer, more) => ({ event: "quality", peer, loss_percent: 0.4, rtt_ms: 31, width: 1280, height: 720, fps: 29, up_kbps: 1400, light: 130, paused: [], reasons: [], ...more });

export function events(scene) {
  if (scene === "document") return [quality("peer-me", { reasons: ["picture_dark"], light: 40 })];
  if (!desks[scene]) return [];
  return [quality("peer-partner_1"), quality("peer-partner_2", { loss_percent: 11, rtt_ms: 240, width: 640, height: 360, fps: 14, up_kbps: 180, light: 40, reasons: ["upload_slow", "picture_dark"] })];
}

const stillPicture = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720"><rect width="1280" height="720" fill="#555"/><rect x="290" y="140" width="700" height="440" rx="24" fill="#e8ecf4"/><text x="340" y="230" font-size="44">SPECIMEN</text></svg>',
);

export function ws(operation) {
  if (operation === "check.capture") return { still: id("still", 2), width: 1280, height: 720, light: 42, sharpness: 180, mrz: [] };
  if (operation === "tan.enter") return { is_right: false, tries_left: 2 };
  return {};
}

const consentText = {
  version: "recording-1",
  title: "Einwilligung in die Aufzeichnung",
  paragraphs: [
    "Während der Videoidentifizierung zeichnen wir Bild und Ton auf und machen Fotos von Ihnen und Ihrem Ausweis. Ohne Ihr Ja wird nichts aufgezeichnet.",
    "Die Aufzeichnung wird sofort verschlüsselt. Öffnen können sie nur befugte Personen der Behörde; jede Öffnung braucht einen Grund und wird protokolliert.",
    "Ihre Einwilligung ist freiwillig. Sie können sie jederzeit widerrufen: Dann endet die Aufzeichnung sofort und wird gelöscht.",
  ],
  spoken: "Ich bin einverstanden, dass Bild und Ton aufgezeichnet werden.",
};
const entries = Array.from({ length: 12 }, (_, sequence) => ({ sequence, time_ms: now() - (12 - sequence) * MINUTE, action: sequence % 2 ? "appointment.confirmed" : "hold.created", actor: sequence % 2 ? "system" : "visitor:5f2a", subjects: [id("appointment", 1)], leaf: "{}" }));

const routes = {
  "GET /offices": () => ({ offices }),
  "GET /times": () => ({ times }),
  "POST /holds": ({ start_ms }) => ({ appointment: id("appointment", 1), start_ms, end_ms: start_ms + 30 * MINUTE, expires_ms: now() + 10 * MINUTE, can_extend: true }),
  "POST /extend": () => ({ expires_ms: now() + 10 * MINUTE, can_extend: false }),
  "POST /book": () => ({ state: "awaiting_mail", expires_ms: now() + 60 * MINUTE }),
  "POST /confirm": () => ({ state: "confirmed", start_ms: times[0].start_ms, office, service: services[0] }),
  "POST /link": () => ({ person: one.id }),
  "POST /move": ({ start_ms }) => ({ state: "confirmed", start_ms }),
  "POST /cancel": () => ({ state: "cancelled_by_person" }),
  "GET /consent": () => consentText,
  "GET /day": () => ({ appointments: today.map((each, i) => ({ ...each, id: each.appointment, names: each.names ?? "Müller, Öztürk", office: office.name, performing: i ? "Prüfdienst Nordlicht GmbH" : "Stadt Musterstadt" })) }),
  "GET /staff": () => ({
    staff: [
      { id: id("staff", 1), name: "Martina Sommer", languages: "de,en", is_active: 1, trained_until_ms: now() + 200 * DAY, roles: ["registrar", "administrator"] },
      { id: id("staff", 2), name: "Jörg Weiß", languages: "de", is_active: 1, trained_until_ms: 0, roles: ["examiner"] },
    ],
  }),
  "GET /agreements": () => ({
    agreements: [
      {
        id: id("agreement", 1),
        responsible: "Stadt Musterstadt",
        performer: "Prüfdienst Nordlicht GmbH",
        rules: [
          { kind: "wait_over", minutes: 5 },
          { kind: "outside_hours", minutes: 0 },
        ],
        languages: "de,en",
        quota_per_day: 20,
        used_today: 3,
        price_cent: 850,
        valid_from_ms: now() - 30 * DAY,
        valid_until_ms: now() + 300 * DAY,
      },
    ],
  }),
  "GET /recordings": () => ({
    recordings: [
      { id: id("recording", 1), session: id("session", 1), state: "on", started_ms: now() - 12 * MINUTE, stopped_ms: null, part: 1, bytes: 84_200_000, chain: null, files: null },
      {
        id: id("recording", 2),
        session: id("session", 2),
        state: "stopped",
        started_ms: now() - DAY,
        stopped_ms: now() - DAY + 18 * MINUTE,
        part: 2,
        bytes: 0,
        chain: "",
        files: JSON.stringify(["001-partner_1.webm.age", "001-partner_2.webm.age", "key.age"].map((file, i) => ({ file, sha256: "", bytes: i < 2 ? 61_400_000 : 500 }))),
      },
      { id: id("recording", 3), session: id("session", 3), state: "destroyed", started_ms: now() - 2 * DAY, stopped_ms: now() - 2 * DAY + 3 * MINUTE, part: 1, bytes: 0, chain: "", files: null },
    ],
  }),
  "GET /checkpoint": () => `jawort/audit/organisation_1\n12\n${"A".repeat(43)}=\n\n— jawort/audit/organisation_1 AAAA\n`,
  "GET /entries": () => ({ entries }),
};

const me = (scene) => {
  const isStaff = scene.startsWith("desk") || scene === "admin";
  if (!isStaff) return { kind: "visitor", csrf: "c", name: "", roles: [], language: "de", organisation: null };
  return { kind: "staff", csrf: "c", name: "Martina Sommer", roles: [scene === "admin" ? "administrator" : "registrar"], language: "de", organisation: id("organisation", 1) };
};

/* The answer to an HTTP operation: an object, a text or a file. */
export function http(scene, method, path, input) {
  const [, first, ...rest] = path.replace("/api/v1", "").split("/");
  if (first === "me") return me(scene);
  if (first === "stills") return stillPicture;
  if (first === "appointment" && method === "GET") return visits[scene] ? { visit: visits[scene]() } : { error: { code: "signed_out", text: "" } };
  if (first === "offices" && rest.length === 1) return { office: offices.find((each) => each.id === rest[0]) ?? office, services };
  const route = routes[`${method} /${rest.at(-1)}`] ?? routes[`${method} /${first}`];
  return route ? route(input) : {};
}

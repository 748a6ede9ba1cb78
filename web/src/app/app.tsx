/* SPDX-License-Identifier: EUPL-1.2 */
/* The whole: the frame around, and in it the page that the address names. */
import { useEffect, useState } from "preact/hooks";
import { Loading } from "../components/loading/loading";
import { Problem } from "../components/alert/problem";
import { Shell } from "../components/shell/shell";
import { language } from "../i18n/language";
import { OFFLINE, ProtocolError } from "../protocol/error";
import { match, type Page, path } from "./router";
import { useStore } from "./store";

interface Shown {
  path: string;
  page: Page;
  parameters: Record<string, string>;
}

export function App() {
  const wanted = useStore(path);
  const spoken = useStore(language);
  const [shown, show] = useState<Shown | null>(null);
  const [hasFailed, fail] = useState(false);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    document.documentElement.lang = spoken;
  }, [spoken]);
  useEffect(() => {
    let isWanted = true;
    const { route, parameters } = match(wanted);
    fail(false);
    route.load().then(
      (area) => isWanted && show({ path: wanted, page: area.default, parameters }),
      () => isWanted && fail(true),
    );
    return () => {
      isWanted = false;
    };
  }, [wanted, turn]);
  return (
    <Shell>
      {hasFailed ? (
        <main id="main" class="page">
          <Problem error={new ProtocolError(OFFLINE)} again={() => setTurn(turn + 1)} />
        </main>
      ) : shown ? (
        <shown.page key={shown.path} parameters={shown.parameters} />
      ) : (
        <main id="main" class="page">
          <Loading />
        </main>
      )}
    </Shell>
  );
}

/* SPDX-License-Identifier: EUPL-1.2 */
/* Addresses of the pages. Links are ordinary links; a click inside the site changes the page without loading it anew. */
import type { ComponentType } from "preact";
import { Store } from "./store";

export interface PageProps {
  parameters: Record<string, string>;
}
export type Page = ComponentType<PageProps>;
type Area = { default: Page };
interface Route {
  path: string;
  load: () => Promise<Area>;
}

/* Each line is a piece of its own, loaded when it is needed. */
const routes: Route[] = [
  { path: "/", load: () => import("../pages/offices/offices") },
  { path: "/office/:office", load: () => import("../pages/office/office") },
  { path: "/book/:office/:service", load: () => import("../pages/book/book") },
  { path: "/confirm", load: () => import("../pages/confirm/confirm") },
  { path: "/visit", load: () => import("../pages/visit/manage") },
  { path: "/visit/prepare", load: () => import("../pages/visit/prepare") },
  { path: "/visit/room", load: () => import("../pages/visit/room") },
  { path: "/desk", load: () => import("../pages/desk/desk") },
  { path: "/office-admin", load: () => import("../pages/office-admin/office-admin") },
  { path: "/imprint", load: () => import("../pages/legal/imprint") },
  { path: "/privacy", load: () => import("../pages/legal/privacy") },
  { path: "/accessibility", load: () => import("../pages/legal/accessibility") },
];
const nowhere: Route = { path: "", load: () => import("../pages/legal/not-found") };

export function match(path: string): { route: Route; parameters: Record<string, string> } {
  const given = path.replace(/\/+$/, "").split("/");
  for (const route of routes) {
    const parts = route.path.replace(/\/+$/, "").split("/");
    if (parts.length !== given.length) continue;
    const parameters: Record<string, string> = {};
    const fits = parts.every((part, i) => {
      if (!part.startsWith(":")) return part === given[i];
      parameters[part.slice(1)] = decodeURIComponent(given[i]!);
      return given[i] !== "";
    });
    if (fits) return { route, parameters };
  }
  return { route: nowhere, parameters: {} };
}

export const path = new Store(location.pathname);

export function navigate(to: string, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", to);
  path.set(location.pathname);
  if (!replace) scrollTo(0, 0);
}

export function startRouter(): void {
  addEventListener("popstate", () => path.set(location.pathname));
  document.addEventListener("click", (click) => {
    const link = (click.target as Element).closest?.("a");
    if (!link || click.defaultPrevented || click.button !== 0 || click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return;
    if (link.origin !== location.origin || link.target || link.hasAttribute("download") || link.pathname.startsWith("/api/")) return;
    if (link.hash && link.pathname === location.pathname) return;
    click.preventDefault();
    navigate(link.pathname + link.search + link.hash);
  });
}

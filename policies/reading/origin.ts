import type { Report } from "../rule.ts";

/** Objects to an origin that browsers may call from unless it is one site's, with TLS. */
export function judgeOrigin(path: string, origin: string, report: Report): void {
  if (!origin.startsWith("https://") || /^https:\/\/\*?$/.test(origin))
    report(path, origin, "https:// origins");
}

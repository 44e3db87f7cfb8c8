import type { Report } from "../rule.ts";

/**
 * Objects to an origin that browsers may call from unless it is one site's, with TLS. A wildcard may stand for
 * subdomains of a named domain: `https://*.acme.example`, not `https://*acme.example`, which `evilacme.example` is too.
 */
export function judgeOrigin(path: string, origin: string, report: Report): void {
  if (!/^https:\/\/([^/]*\*(?=\.[^.*:/]+\.[^.*:/]))?[^*/][^*]*$/.test(origin))
    report(path, origin, "https:// origins");
}

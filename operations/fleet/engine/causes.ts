/** From what the CLI says to what a person needs: the actual error, on its own, without secrets. */
import { stripVTControlCharacters } from "node:util";
import type { DiagnosticEvent, PolicyEvent } from "@pulumi/pulumi/automation/events.js";

/** Sums an operation up in words that name no cause; the causes come before it. */
const summaries =
  /^(?:update|preview|refresh|destroy|deployment)(?: failed| canceled| cancelled)?$/i;

const longest = 2000;

/** @returns `undefined` for what is no cause: a warning, or the sentence that only says it failed. */
export function diagnosticCause({ severity, message, urn }: DiagnosticEvent): string | undefined {
  const text = plain(message).replace(/^error:\s*/, "");
  if (severity !== "error" || summaries.test(text)) return undefined;
  const resource = urn && !urn.includes("::pulumi:pulumi:Stack::") ? `${nameOf(urn)}: ` : "";
  return redacted(`${resource}${protectionCause(text) ?? text}`);
}

/** The engine's refusals of what `protect` guards (`deleteProtectedError`, `step_generator.go`), in a line. */
function protectionCause(text: string): string | undefined {
  if (/cannot be deleted\s+because it is protected/.test(text))
    return "is protected, and would be deleted";
  if (/as it is currently marked for protection/.test(text))
    return "is protected, and would be replaced";
  return undefined;
}

export function policyCause(event: PolicyEvent): string | undefined {
  if (event.enforcementLevel !== "mandatory") return undefined;
  const resource = event.resourceUrn ? `${nameOf(event.resourceUrn)}: ` : "";
  return redacted(`${resource}policy ${event.policyName}: ${plain(event.message)}`);
}

/** Errors in what the CLI wrote to stderr, for when it ended without an event. */
export function writtenCauses(stderr: string): string[] {
  const lines = plain(stderr).split("\n");
  const errors = lines.flatMap((line) => /^\s*error:\s*(.+)/.exec(line)?.[1] ?? []);
  const named = errors.filter((error) => !summaries.test(error));
  return named.map(redacted);
}

/** `aws:dynamodb/table:Table acme-chat` */
function nameOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1)} ${name.join("::")}`;
}

/** The engine marks colours as `<{%fg 1%}>`, terminals as escape sequences. */
const plain = (text: string): string =>
  stripVTControlCharacters(text.replaceAll(/<\{%.*?%\}>/g, "")).trim();

/** Names of environment variables whose values are nobody's business. */
const secretNames = /SECRET|TOKEN|PASSW|PASSPHRASE|CREDENTIAL/;
const shortestSecret = 6;

/**
 * Shapes of secrets that a message may quote: AWS key ids, bearer tokens, JWTs, URLs with a password, private keys, and
 * tokens by the prefixes that their issuers give them so that scanners find them.
 */
const secretShapes = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  // GitHub, GitLab, Pulumi, npm, PyPI.
  /\bgh[opusr]_\w{20,}|\bgithub_pat_\w{20,}|\bgl[a-z]{2,6}-[\w-]{20,}|\bpul-[\da-f]{20,}|\bnpm_\w{20,}|\bpypi-[\w-]{20,}/g,
  // Slack, Stripe, OpenAI and Anthropic, Google, SendGrid, HashiCorp Vault, Docker, Databricks.
  /\bxox[a-z]-[\w-]{10,}|\bxapp-[\w-]{10,}|\b[sr]k_(?:live|test)_\w{10,}|\bwhsec_\w{10,}|\bsk-[\w-]{20,}|\bAIza[\w-]{30,}|\bya29\.[\w-]{10,}|\bSG\.[\w-]{10,}\.[\w-]{10,}|\bhv[sbr]\.[\w-]{20,}|\bdckr_pat_[\w-]{20,}|\bdapi[\da-f]{32}\b/g,
  /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g,
  /\bBearer\s+[\w.~+/=-]+/gi,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g,
  /(?<=:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/g,
  /(?<=\b(?:password|passphrase|secret|token)["']?\s*[=:]\s*["']?)[^\s"',}]+/gi,
];

export function redacted(text: string): string {
  let safe = text;
  for (const [name, value] of Object.entries(process.env)) {
    if (value && value.length >= shortestSecret && secretNames.test(name)) {
      safe = safe.replaceAll(value, `[${name}]`);
    }
  }
  for (const shape of secretShapes) safe = safe.replaceAll(shape, "[secret]");
  return safe.length > longest ? `${safe.slice(0, longest)} …` : safe;
}

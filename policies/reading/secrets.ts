/** What tells a secret: its name, or its value. Shared by every rule about settings that many may read. */
import { eachKnownText } from "./read.ts";

/**
 * `DB_PASSWORD`, `PGPASSWORD`, `apiKey`, `GITHUB_TOKEN`; not `DB_PASSWORD_ARN` or `PASSWORD_MIN_LENGTH`, which say
 * something about a secret. A name ends in what it names.
 */
export function isSecretName(name: string): boolean {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, "$1_$2")
    .replaceAll(/[-.\s]/g, "_")
    .toUpperCase()
    .replace(
      /(_?(\d|V\d|PROD|PRODUCTION|DEV|STAGING|TEST|OLD|NEW|CURRENT|PRIMARY|SECONDARY|VALUE|BASE64|B64|TEXT))+$/,
      "",
    );
  return !noSecrets.test(words) && nouns.test(words);
}

const nouns = new RegExp(
  [
    "(PASSWORDS?|PASSWD|PASSPHRASES?|SECRETS?|CREDENTIALS?|(^|_)BASIC_AUTH|(^|_)TOKEN|[A-Z](AUTH|ACCESS|API|BOT|REFRESH|BEARER)_?TOKEN)",
    "(^|_|DB|PG|SQL|SMTP|MAIL|USER|ROOT|ADMIN)(PASS|PWD)",
    "(API|ACCESS|PRIVATE|SIGNING|SIGNATURE|ENCRYPTION|MASTER|SECRET|SHARED|SERVICE|WEBHOOK|LICENSE|SSH|HMAC|AES|JWT)_?KEY(S|_BASE)?",
    "(AUTH|BEARER|BOT|SESSION)TOKEN",
    "(CONNECTION|CONN)_?STR(ING)?",
  ]
    .map((noun) => `(${noun})$`)
    .join("|"),
);

/** The working directory, switches, and tokens that language models count. */
const noSecrets =
  /^(OLD)?PWD$|^(MAX|MIN|NUM|ALLOW|ENABLE|DISABLE|REQUIRE|USE|NO|HAS|SHOW|HIDE|RESET|FORGOT)_|PUBLIC_?KEY$|(^|_)(MAX|MIN|STOP|PAD|EOS|NEXT|PAGE)_TOKEN$/;

/** What stands in place of a secret: nothing, a switch, where the secret is kept, or what is put in later. */
export function isHarmless(value: unknown): boolean {
  if (typeof value !== "string") return false;
  return /^(|true|false|yes|no|on|off|none|arn:[\w-]+:(secretsmanager|ssm|kms):.*|\{\{resolve:.*\}\}|ssm:.*|\/aws\/reference\/secretsmanager\/.*)$/i.test(
    value.trim(),
  );
}

/** What kind of secret the value is, by its form. */
export function secretKind(value: string): string | undefined {
  const text = isEncodedPem(value) ? Buffer.from(value, "base64").toString("latin1") : value;
  return kinds.find(([pattern]) => pattern.test(text))?.[1] ?? secretInJson(text);
}

/** Begins with `-----BEGIN `. */
const isEncodedPem = (value: string): boolean => value.trimStart().startsWith("LS0tLS1CRUdJTi");

/** Settings are often one text: `{"host":"db","password":"…"}`. */
function secretInJson(value: string): string | undefined {
  if (!/^\s*[{[]/.test(value)) return undefined;
  let isSecret = false;
  try {
    eachKnownText(JSON.parse(value), (text, path) => {
      isSecret ||= isSecretName(path.at(-1) ?? "") && !isHarmless(text);
    });
  } catch {
    // No JSON: it is a text like any other.
  }
  return isSecret ? "JSON with a secret by its name" : undefined;
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/\b(AKIA|ASIA)[A-Z\d]{16}\b/, "an AWS access key"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY/, "a private key"],
  [/"private_key"\s*:/, "a service account's key"],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/, "a token"],
  [
    /\b(ghp|gho|ghu|ghs|ghr|github_pat|glpat|gldt|sk_live|rk_live|sk_test|whsec|xox[abeoprs]|xapp|sk-ant|sk-proj|sk-or|npm|pypi|hvs|dop_v1|shpat|pul|hf|dckr_pat|lin_api|figd|nvapi|AGE-SECRET-KEY)[-_.][\w-]{16,}/,
    "a token",
  ],
  [/\bsk-[A-Za-z\d]{32,}\b/, "a token"],
  [/\bAIza[\w-]{35}\b/, "a Google API key"],
  [/\bSG\.[\w-]{16,}\.[\w-]{16,}/, "a SendGrid key"],
  [/\bdapi[a-f\d]{32}\b/, "a Databricks token"],
  [/\b\d{8,10}:AA[\w-]{33}\b/, "a bot's token"],
  [/hooks\.slack\.com\/services\/\w+\/\w+\/\w+/, "a webhook's address, which is its key"],
  [/discord(app)?\.com\/api\/webhooks\/\d+\/[\w-]+/, "a webhook's address, which is its key"],
  [
    /\b(AccountKey|SharedAccessKey|SharedAccessSignature)=[^;\s]{8,}/i,
    "a connection string with a key",
  ],
  [/(^|;)\s*(password|pwd)\s*=\s*[^;\s${<][^;]*/i, "a connection string with a password"],
  // As libpq and Go's driver of MySQL write them.
  [
    /^(?=.*\b(host|hostaddr|dbname)=)(.*\s)?password=[^\s${<]/i,
    "a connection string with a password",
  ],
  [/^[^\s:@/]+:[^\s@${<][^\s@]*@(tcp6?|unix)\(/i, "a connection string with a password"],
  [/[?&](password|pwd|access_token|api_?key|sig)=[^&\s${<]/i, "a URL with a password"],
  [/\b[a-z][\w+.-]*:\/\/[^/\s:@]*:[^/\s:@${<][^/\s@]*@/i, "a URL with a password"],
  [/^(Basic|Bearer) [\w+/=.-]{12,}$/i, "an authorization header"],
];

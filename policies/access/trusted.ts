/** Which accounts and organisations count as one's own: the stack's, and those that the policy's config names. */
import type { Statement } from "../reading/policy-document.ts";
import { coversAction, statementsOf } from "../reading/policy-document.ts";
import { at, knownAt } from "../reading/read.ts";
import type { Stack, StackResource } from "../rule.ts";
import { perStack } from "../rule.ts";

/** The account of an ARN, or the text itself where it is one. */
export function accountOf(principal: string): string | undefined {
  const [, account] = /^(?:arn:[^:]*:[^:]*:[^:]*:)?(\d{12})(?:$|:)/.exec(principal) ?? [];
  return account;
}

/**
 * The accounts that the stack's resources are in: by their ARNs, and by what their providers may work on. At the
 * first preview neither is known; then a key's policy tells, since KMS wants its account's root in it.
 */
export const accountsOf = perStack((stack): Accounts => {
  const known = new Set(stack.resources.flatMap(accountsShownBy));
  if (known.size > 0) return { known };
  const roots = new Set(stack.ofType("aws:kms/key:Key").flatMap(rootsOf));
  if (roots.size === 1) return { known: roots };
  const late = stack.resources.find(
    ({ type, props }) => type.startsWith("aws:") && !type.startsWith("aws:s3/") && "arn" in props,
  );
  return { known, ...(late && { late }) };
});

interface Accounts {
  readonly known: ReadonlySet<string>;
  /** While none is known: a resource whose ARN will tell. */
  readonly late?: StackResource;
}

/** Whether the account is the stack's own. Throws, as every reading does, while the stack's account is not known. */
export function isOwn(account: string, stack: Stack): boolean {
  const { known, late } = accountsOf(stack);
  if (late) at(late.props, "arn");
  return known.has(account);
}

function accountsShownBy({ type, props }: StackResource): string[] {
  if (type === "pulumi:providers:aws") return accountsOfProvider(props);
  const arn = type.startsWith("aws:") ? knownAt(props, "arn") : undefined;
  const account = typeof arn === "string" ? accountOf(arn) : undefined;
  return account === undefined ? [] : [account];
}

/** The engine hands a provider's nested settings over as JSON. */
function accountsOfProvider(props: unknown): string[] {
  const settings = ["allowedAccountIds", "assumeRole", "assumeRoles"].flatMap((name) => {
    const given = knownAt(props, name);
    return [typeof given === "string" ? given : JSON.stringify(given ?? "")];
  });
  return [...settings.join(" ").matchAll(/(?<=iam::|")\d{12}(?=[:"])/g)].map(([id]) => id);
}

/** The accounts whose root may administer the key, as far as its policy is known. */
function rootsOf({ props }: StackResource): string[] {
  const policy = knownAt(props, "policy");
  if (typeof policy !== "string") return [];
  try {
    return statementsOf(policy).flatMap(administrators);
  } catch {
    return [];
  }
}

/** The accounts that the statement lets administer a key. */
export function administrators(statement: Statement): string[] {
  if (statement.effect !== "Allow" || statement.conditions.length > 0) return [];
  if (!coversAction(statement, "kms:PutKeyPolicy")) return [];
  return statement.principals.flatMap((principal) => {
    const [, account] = /^AWS:(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal) ?? [];
    return account ?? [];
  });
}

/**
 * Accounts of Elastic Load Balancing that write access logs in regions opened before August 2022 ("Enable access logs
 * for your Application Load Balancer", "Outpost Zones" aside).
 */
export const loadBalancing: readonly string[] = [
  "009996457667",
  "027434742980",
  "033677994240",
  "048591011584",
  "054676820928",
  "076674570225",
  "098369216593",
  "114774131450",
  "127311923021",
  "156460612806",
  "190560391635",
  "383597477331",
  "507241528517",
  "582318560864",
  "589379963580",
  "600734575887",
  "635631232127",
  "652711504416",
  "718504428378",
  "754344448648",
  "783225319266",
  "797873946194",
  "897822967062",
  "985666609251",
];

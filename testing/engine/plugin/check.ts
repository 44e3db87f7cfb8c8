/** `Check`: the inputs of a program as the provider leaves them, with names and defaults filled in. */
import { createHash } from "node:crypto";
import { isFramework } from "../../../offline/upgrade/provider.ts";
import { declarationOf } from "./declarations.ts";
import {
  defaultsKey,
  defaultsOf,
  isObject,
  isSigned,
  nameOf,
  type Properties,
  typeOf,
} from "./wire.ts";

export interface CheckedInputs {
  readonly inputs: Properties;
  /** Properties that the type does not have. */
  readonly unknownProperties: readonly string[];
}

/**
 * @param olds inputs of the resource as it is deployed; empty for a new one.
 * @param proposedName what the engine's `pulumi:autonaming` wants, if anything.
 */
export function checked(
  urn: string,
  olds: Properties,
  news: Properties,
  context: { readonly region: string; readonly seed: Uint8Array; readonly proposedName?: string },
): CheckedInputs {
  const type = typeOf(urn);
  const { inputs: declared } = declarationOf(type);
  const filled: Properties = {};
  const automatic = nameProperty(type);
  if (automatic && isUnset(news[automatic]) && isUnset(news[`${automatic}Prefix`])) {
    filled[automatic] = earlierName(type, automatic, olds) ?? newName(urn, automatic, context);
  }
  if (declared.has("region") && isUnset(news.region)) filled.region = context.region;
  for (const [property, value] of Object.entries(schemaDefaults[type] ?? {})) {
    if (isUnset(news[property])) filled[property] = value;
  }
  const noted = isFramework(type) ? {} : { [defaultsKey]: Object.keys(filled).sort() };
  const tags = declaresTagsAll(type) && isObject(news.tags) ? { tagsAll: news.tags } : {};
  const given = isFramework(type) ? news : objectsNoted(news);
  return {
    inputs: { ...noted, ...filled, ...given, ...tags },
    unknownProperties: Object.keys(news).filter((property) => !declared.has(property)),
  };
}

const isUnset = (value: unknown): boolean => value === undefined || value === null;

const declaresTagsAll = (type: string): boolean => declarationOf(type).outputs.has("tagsAll");

/** The property that the bridge names a resource by, where the program may leave it out. */
export function nameProperty(type: string): string | undefined {
  const { inputs } = declarationOf(type);
  const property = type === "aws:s3/bucket:Bucket" ? "bucket" : "name";
  return inputs.get(property)?.isRequired === false ? property : undefined;
}

/** A name that was made up stays; one that the program gave and gives no more does not. */
function earlierName(type: string, property: string, olds: Properties): unknown {
  if (isFramework(type) || defaultsOf(olds).includes(property)) return olds[property];
  return undefined;
}

function newName(
  urn: string,
  property: string,
  { seed, proposedName }: { readonly seed: Uint8Array; readonly proposedName?: string },
): string {
  if (proposedName) return proposedName;
  const digits = createHash("sha256").update(seed).digest("hex").slice(0, 7);
  const name = `${nameOf(urn)}-${digits}`;
  return property === "bucket" ? name.toLowerCase() : name;
}

/** The bridge notes on every object, however deep, what it filled in: here nothing. */
function objectsNoted(value: Properties): Properties {
  const noted = (field: unknown): unknown => {
    if (Array.isArray(field)) return field.map(noted);
    if (!isObject(field) || isSigned(field)) return field;
    return { [defaultsKey]: [], ...objectsNoted(field) };
  };
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, noted(field)]));
}

/** Defaults of the provider's schema, which the bridge writes into the inputs. */
const schemaDefaults: Readonly<Record<string, Properties>> = {
  "aws:cloudwatch/logGroup:LogGroup": { skipDestroy: false },
  "aws:iam/role:Role": { forceDetachPolicies: false, maxSessionDuration: 3600, path: "/" },
  "aws:iam/policy:Policy": { path: "/" },
  "aws:kms/key:Key": {
    bypassPolicyLockoutSafetyCheck: false,
    customerMasterKeySpec: "SYMMETRIC_DEFAULT",
    isEnabled: true,
    keyUsage: "ENCRYPT_DECRYPT",
  },
  "aws:lambda/function:Function": {
    memorySize: 128,
    packageType: "Zip",
    publish: false,
    reservedConcurrentExecutions: -1,
    skipDestroy: false,
    timeout: 3,
  },
  "aws:s3/bucket:Bucket": { forceDestroy: false },
};

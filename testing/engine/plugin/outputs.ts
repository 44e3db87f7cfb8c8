/** What comes back of a resource: its inputs, and all that AWS adds. */
import { randomBytes } from "node:crypto";
import { FakeProvider } from "../../../offline/fake-provider.ts";
import { isFramework, renewedOutputs } from "../../../offline/upgrade/provider.ts";
import { declarationOf } from "./declarations.ts";
import { changedIn, isKept, isSet } from "./diff.ts";
import { identityOf } from "./identity.ts";
import { leavesCeiling } from "./refusals.ts";
import {
  hasUnknown,
  nameOf,
  type Properties,
  typeOf,
  unknownValue,
  withoutDefaults,
} from "./wire.ts";

export interface Created {
  readonly id: string;
  readonly props: Properties;
}

/** A new resource of an id of its own. @param region of the provider. */
export async function created(urn: string, inputs: Properties, region: string): Promise<Created> {
  const [type, given] = [typeOf(urn), honoured(typeOf(urn), withoutDefaults(inputs))];
  const { outputs } = declarationOf(type);
  // Two creations of one URN, as a replacement is, have ids of their own.
  const salted = `${urn}${randomBytes(4).toString("hex")}`;
  const fake = await new FakeProvider(region).create({
    urn: salted,
    type,
    name: nameOf(urn),
    inputs: given,
  });
  const unset = [...outputs.keys()].map((key) => [key, null] as const);
  const props: Properties = { ...Object.fromEntries(unset), ...fake.outputs, ...given };
  props.region ??= region;
  if (outputs.has("tagsAll")) props.tagsAll = given.tags ?? {};
  if (type === "aws:cognito/userPoolClient:UserPoolClient") {
    props.clientSecret = given.generateSecret === true ? randomBytes(24).toString("hex") : "";
  }
  if (type === "aws:dynamodb/table:Table") Object.assign(props, streamOf(props));
  const id = identityOf(type, props).id ?? fake.id ?? salted;
  return { id, props };
}

/** What a preview knows of it: the inputs, and that the rest is to come. */
export function previewed(urn: string, inputs: Properties): Properties {
  const { outputs } = declarationOf(typeOf(urn));
  const given = withoutDefaults(inputs);
  const rest = [...outputs].map(([key, { isAlways }]) => [key, isAlways ? unknownValue : null]);
  const known = { ...Object.fromEntries(rest), ...given };
  if (outputs.has("tagsAll") && !hasUnknown(given.tags)) known.tagsAll = given.tags ?? {};
  return known;
}

/** @param props as deployed. @param isPreview true where what AWS will answer is unknown. */
export function updated(
  urn: string,
  props: Properties,
  oldInputs: Properties,
  news: Properties,
  isPreview: boolean,
): Properties {
  const type = typeOf(urn);
  const { outputs } = declarationOf(type);
  const given = withoutDefaults(news);
  const removed = Object.keys(oldInputs).filter((key) => !(key in news) && !isKept(type, key));
  const after: Properties = {
    ...props,
    ...Object.fromEntries(removed.map((key) => [key, null])),
    ...given,
  };
  if (outputs.has("tagsAll")) after.tagsAll = given.tags ?? {};
  const answer = (value: unknown) => (isPreview ? unknownValue : value);
  if (type === "aws:dynamodb/table:Table") {
    if (leavesCeiling(props, after)) after.onDemandThroughput = props.onDemandThroughput;
    const isOther = ["streamEnabled", "streamViewType"].some((key) => props[key] !== after[key]);
    if (isOther) {
      const { streamArn, streamLabel } = streamOf(after);
      Object.assign(after, { streamArn: answer(streamArn), streamLabel: answer(streamLabel) });
    }
  }
  if (type === "aws:lambda/function:Function") {
    const isNewCode = JSON.stringify(props.code) !== JSON.stringify(given.code);
    if (isNewCode) Object.assign(after, { codeSha256: answer(randomBytes(8).toString("hex")) });
    after.lastModified = answer(new Date().toISOString());
    if (
      renewedOutputs(type, [...changedIn(type, props, news), ...removed], given).includes("version")
    ) {
      const version = String(Number(props.version) + 1);
      const qualified = (arn: unknown) => `${arn}:${version}`;
      after.version = answer(version);
      after.qualifiedArn = answer(qualified(props.arn));
      after.qualifiedInvokeArn = answer(qualified(props.invokeArn));
    }
  }
  return after;
}

/**
 * What a `Read` finds: sets in the provider's own order, and what is unset spelt as empty, both unlike
 * what a creation returned.
 */
export function read(type: string, props: Properties): Properties {
  const { outputs } = declarationOf(type);
  const fields = Object.entries(props).map(([key, value]) => [
    key,
    value === null && !isFramework(type)
      ? emptyOf(outputs.get(key)?.kind)
      : reordered(type, key, value),
  ]);
  return Object.fromEntries(fields);
}

function emptyOf(kind: string | undefined): unknown {
  switch (kind) {
    case "string":
      return "";
    case "array":
      return [];
    case "map":
      return {};
    default:
      return null;
  }
}

/** A set comes back in the order of its entries' hashes: any order but the program's. */
function reordered(type: string, key: string, value: unknown): unknown {
  if (!Array.isArray(value) || !isSet(type, key)) return value;
  return [...value].sort((a, b) => (JSON.stringify(a) > JSON.stringify(b) ? -1 : 1));
}

function streamOf({ arn, streamEnabled }: Properties): Properties {
  if (streamEnabled !== true) return { streamArn: "", streamLabel: "" };
  const label = new Date().toISOString().slice(0, -1);
  return { streamArn: `${arn}/stream/${label}`, streamLabel: label };
}

/**
 * A restore takes encryption, throughput and indexes only; the provider then sets TTL, recovery and
 * replicas. The rest comes with the next update.
 */
function honoured(type: string, inputs: Properties): Properties {
  const isRestored =
    type === "aws:dynamodb/table:Table" &&
    (inputs.restoreSourceName !== undefined || inputs.restoreSourceTableArn !== undefined);
  if (!isRestored) return inputs;
  const later = {
    deletionProtectionEnabled: false,
    onDemandThroughput: null,
    streamEnabled: false,
    streamViewType: "",
    tableClass: "STANDARD",
    tags: null,
    warmThroughput: null,
  };
  return { ...inputs, ...later };
}

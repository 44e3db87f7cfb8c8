/** Resource records as the engine sends them to a policy pack. */
import * as pulumi from "@pulumi/pulumi";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import type struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { ResourceRecord } from "../../record.ts";
import { toStruct, wireFields } from "../../sdk/values.ts";
import { assetIn } from "./assets.ts";
import { outputsOf, type Provided } from "./providers.ts";

/** Inputs of one resource, before it would be created. */
export function analyzeRequest(
  record: ResourceRecord,
  provider: ResourceRecord | undefined,
): analyzer.AnalyzeRequest {
  return new analyzer.AnalyzeRequest()
    .setUrn(record.urn)
    .setType(record.type)
    .setName(record.name)
    .setProperties(encode(record.inputs, record.secrets))
    .setOptions(encodeOptions(record))
    .setProvider(provider && encodeProvider(provider));
}

/**
 * An `AnalyzeStackRequest` as bytes: all resources with their outputs, as at the end of an update. It is
 * nothing but a repeated field, so resources are encoded one after another: as a message in memory a large
 * stack is ten times its bytes.
 */
export function analyzeStackRequest({ records, providerOf }: Provided): Uint8Array {
  const resources = records.map((record) => {
    const one = [stackResource(record, providerOf(record))];
    return new analyzer.AnalyzeStackRequest().setResourcesList(one).serializeBinary();
  });
  return Buffer.concat(resources);
}

function stackResource(
  record: ResourceRecord,
  provider: ResourceRecord | undefined,
): analyzer.AnalyzerResource {
  const resource = new analyzer.AnalyzerResource()
    .setUrn(record.urn)
    .setType(record.type)
    .setName(record.name)
    .setProperties(encode(outputsOf(record), record.secrets))
    .setOptions(encodeOptions(record))
    .setProvider(provider && encodeProvider(provider))
    .setParent(record.parent ?? "")
    .setDependenciesList([...record.options.dependencies]);
  for (const [property, urns] of Object.entries(record.propertyDependencies)) {
    if (urns.length === 0) continue;
    const dependencies = new analyzer.AnalyzerPropertyDependencies().setUrnsList([...urns]);
    resource.getPropertydependenciesMap().set(property, dependencies);
  }
  return resource;
}

function encodeOptions({ options, parent }: ResourceRecord): analyzer.AnalyzerResourceOptions {
  return new analyzer.AnalyzerResourceOptions()
    .setProtect(options.protect)
    .setIgnorechangesList([...options.ignoreChanges])
    .setDeletebeforereplace(options.deleteBeforeReplace)
    .setDeletebeforereplacedefined(options.deleteBeforeReplace)
    .setAdditionalsecretoutputsList([...options.additionalSecretOutputs])
    .setAliasesList(options.aliases.filter((alias) => typeof alias === "string"))
    .setCustomtimeouts(new analyzer.AnalyzerResourceOptions.CustomTimeouts())
    .setParent(parent ?? "");
}

const encodeProvider = ({ urn, type, name, inputs, secrets }: ResourceRecord) =>
  new analyzer.AnalyzerProviderResource()
    .setUrn(urn)
    .setType(type)
    .setName(name)
    .setProperties(encode(inputs, secrets));

const encode = (properties: Readonly<Record<string, unknown>>, secrets: readonly string[]) =>
  toStruct(properties, secrets, assets);

/** Assets and archives have their signatures. */
function assets(value: object): struct.JavaScriptValue | undefined {
  const { asset, archive } = assetIn(value);
  if (asset) return signed(pulumi.runtime.specialAssetSig, wireFields(asset, assets));
  return archive && signed(pulumi.runtime.specialArchiveSig, wireFields(archive, assets));
}

const signed = (signature: string, fields: Record<string, struct.JavaScriptValue>) => ({
  [pulumi.runtime.specialSigKey]: signature,
  ...fields,
});

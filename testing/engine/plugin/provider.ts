/** The provider protocol's methods, over a cloud in a folder (pulumi/pulumi, `proto/provider.proto`). */
import * as grpc from "@grpc/grpc-js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { FakeProvider } from "../../../offline/fake-provider.ts";
import { checked } from "./check.ts";
import type { Cloud } from "./cloud.ts";
import { declarationOf } from "./declarations.ts";
import { difference } from "./diff.ts";
import { identityOf } from "./identity.ts";
import { created, previewed, read, updated } from "./outputs.ts";
import { refusedCreation, refusedDeletion, refusedUpdate } from "./refusals.ts";
import { defaultsKey, fromStruct, hasUnknown, type Properties, toStruct, typeOf } from "./wire.ts";

/** As `@pulumi/aws` is pinned in package.json: the engine compares. */
const version = "7.48.0";

export class AwsProvider {
  readonly #cloud: Cloud;
  #region = "us-east-1";

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  handlers(): grpc.UntypedServiceImplementation {
    return {
      handshake: answer(async () =>
        new provider.ProviderHandshakeResponse().setSupportsAutonamingConfiguration(true),
      ),
      getSchema: answer(async () =>
        new provider.GetSchemaResponse().setSchema(JSON.stringify({ name: "aws", version })),
      ),
      getPluginInfo: answer(async () => new plugin.PluginInfo().setVersion(version)),
      getMapping: answer(async () => new provider.GetMappingResponse()),
      getMappings: answer(async () => new provider.GetMappingsResponse()),
      cancel: answer(async () => new empty.Empty()),
      checkConfig: answer(async (request: provider.CheckRequest) =>
        new provider.CheckResponse().setInputs(request.getNews()),
      ),
      diffConfig: answer((request: provider.DiffRequest) => this.#diffConfig(request)),
      configure: answer((request: provider.ConfigureRequest) => this.#configure(request)),
      invoke: answer((request: provider.InvokeRequest) => this.#invoke(request)),
      check: answer((request: provider.CheckRequest) => this.#check(request)),
      diff: answer((request: provider.DiffRequest) => this.#diff(request)),
      create: answer((request: provider.CreateRequest) => this.#create(request)),
      read: answer((request: provider.ReadRequest) => this.#read(request)),
      update: answer((request: provider.UpdateRequest) => this.#update(request)),
      delete: answer((request: provider.DeleteRequest) => this.#delete(request)),
    };
  }

  async #diffConfig(request: provider.DiffRequest): Promise<provider.DiffResponse> {
    const [olds, news] = [fromStruct(request.getOldInputs()), fromStruct(request.getNews())];
    // Another region replaces what is in a region, each by its own `region`, and no provider (pulumi-aws 7).
    return new provider.DiffResponse().setChanges(olds.region !== news.region ? some : none);
  }

  async #configure(request: provider.ConfigureRequest): Promise<provider.ConfigureResponse> {
    const { region } = fromStruct(request.getArgs());
    if (typeof region === "string" && !hasUnknown(region)) this.#region = region;
    return new provider.ConfigureResponse()
      .setSupportspreview(true)
      .setSupportsAutonamingConfiguration(true);
  }

  async #invoke(request: provider.InvokeRequest): Promise<provider.InvokeResponse> {
    const token = request.getTok();
    const found = await new FakeProvider(this.#region).invoke(token, fromStruct(request.getArgs()));
    if (found === undefined) throw new Error(`function ${token} has no answer here`);
    return new provider.InvokeResponse().setReturn(toStruct(found));
  }

  async #check(request: provider.CheckRequest): Promise<provider.CheckResponse> {
    const { inputs, unknownProperties } = checked(
      request.getUrn(),
      fromStruct(request.getOlds()),
      fromStruct(request.getNews()),
      {
        region: this.#region,
        seed: request.getRandomseed_asU8(),
        proposedName: request.getAutonaming()?.getProposedName(),
      },
    );
    const failures = unknownProperties.map((property) =>
      new provider.CheckFailure().setProperty(property).setReason("Invalid or unknown key"),
    );
    return new provider.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(failures);
  }

  async #diff(request: provider.DiffRequest): Promise<provider.DiffResponse> {
    const { changed, replacing, detailed, deleteBeforeReplace } = difference(
      request.getUrn(),
      fromStruct(request.getOlds()),
      fromStruct(request.getOldInputs()),
      fromStruct(request.getNews()),
      request.getIgnorechangesList(),
    );
    const response = new provider.DiffResponse()
      .setChanges(changed.length > 0 ? some : none)
      .setDiffsList([...changed])
      .setReplacesList([...replacing])
      .setDeletebeforereplace(deleteBeforeReplace)
      .setHasdetaileddiff(true);
    for (const { path, kind, replaces } of detailed) {
      const kinds = provider.PropertyDiff.Kind;
      const value = replaces ? kinds[`${kind}_REPLACE`] : kinds[kind];
      response.getDetaileddiffMap().set(path, new provider.PropertyDiff().setKind(value));
    }
    return response;
  }

  async #create(request: provider.CreateRequest): Promise<provider.CreateResponse> {
    const [urn, inputs] = [request.getUrn(), fromStruct(request.getProperties())];
    const response = new provider.CreateResponse();
    if (request.getPreview()) return response.setProperties(toStruct(previewed(urn, inputs)));
    await this.#cloud.suffer("create", urn);
    const type = typeOf(urn);
    const refused = refusedCreation(type, inputs);
    if (refused) throw new Error(refused);
    const { id, props } = await created(urn, inputs, this.#region);
    this.#cloud.note({ on: "create", urn, id });
    if (this.#cloud.get(type, id) && !identityOf(type, props).isSetting) {
      throw new Error(
        `1 error occurred: creating ${type} (${id}): api error AlreadyExistsException`,
      );
    }
    this.#cloud.put({ type, id, urn, props });
    return response.setId(id).setProperties(toStruct(props));
  }

  async #read(request: provider.ReadRequest): Promise<provider.ReadResponse> {
    const [urn, id] = [request.getUrn(), request.getId()];
    await this.#cloud.suffer("read", urn);
    const type = typeOf(urn);
    const found = this.#cloud.get(type, id);
    const response = new provider.ReadResponse();
    if (!found) return response;
    const props = read(type, found.props);
    const earlier = fromStruct(request.getInputs());
    const isImport = Object.keys(earlier).length === 0;
    const { inputs: declared } = declarationOf(type);
    const inputs: Properties = isImport ? {} : { [defaultsKey]: earlier[defaultsKey] ?? [] };
    for (const [key, value] of Object.entries(props)) {
      // An import takes what is set; a refresh, what the program has set before.
      const isKept = isImport ? !isEmpty(value) && key !== "region" : key in earlier;
      if (declared.has(key) && isKept) inputs[key] = value;
    }
    return response.setId(id).setProperties(toStruct(props)).setInputs(toStruct(inputs));
  }

  async #update(request: provider.UpdateRequest): Promise<provider.UpdateResponse> {
    const [urn, id] = [request.getUrn(), request.getId()];
    const [olds, oldInputs, news] = [
      fromStruct(request.getOlds()),
      fromStruct(request.getOldInputs()),
      fromStruct(request.getNews()),
    ];
    const isPreview = request.getPreview();
    const props = updated(urn, olds, oldInputs, news, isPreview);
    if (!isPreview) {
      await this.#cloud.suffer("update", urn);
      const { changed } = difference(urn, olds, oldInputs, news, request.getIgnorechangesList());
      const refused = refusedUpdate(typeOf(urn), olds, news, changed);
      if (refused) throw new Error(refused);
      this.#cloud.note({ on: "update", urn, id });
      this.#cloud.put({ type: typeOf(urn), id, urn, props });
    }
    return new provider.UpdateResponse().setProperties(toStruct(props));
  }

  async #delete(request: provider.DeleteRequest): Promise<empty.Empty> {
    const [urn, id] = [request.getUrn(), request.getId()];
    await this.#cloud.suffer("delete", urn);
    this.#cloud.note({ on: "delete", urn, id });
    const found = this.#cloud.get(typeOf(urn), id);
    const refused = found && refusedDeletion(this.#cloud, found);
    if (refused) throw new Error(refused);
    this.#cloud.remove(typeOf(urn), id);
    return new empty.Empty();
  }
}

const { DIFF_SOME: some, DIFF_NONE: none } = provider.DiffResponse.DiffChanges;

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === "" ||
  (typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** A method as gRPC calls it: what is thrown is the provider's error, which the engine prints. */
const answer =
  <Request, Response>(handle: (request: Request) => Promise<Response>) =>
  (call: { readonly request: Request }, reply: grpc.sendUnaryData<Response>): void => {
    handle(call.request).then(
      (response) => reply(null, response),
      (error) =>
        reply({
          code: grpc.status.UNKNOWN,
          message: error instanceof Error ? error.message : String(error),
        }),
    );
  };

/**
 * `offline/host/`: runs a program in a process of its own, as the Pulumi CLI does.
 *
 * What the engine is to that process: a resource monitor and a log, over gRPC on the loopback interface.
 */
import * as grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import resourceService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { RecordingMonitor } from "../monitor.ts";

export interface Engine {
  /** `127.0.0.1:<port>` of the monitor and of the log. */
  readonly address: string;
  /** Errors that the program logged. */
  readonly errors: readonly string[];
  stop(): void;
}

/** A policy or a bundle inline makes a request larger than gRPC's own 4 MB. */
const maxMessageBytes = 400 * 1024 * 1024;

/** The engine's own refusals: without these features an SDK says so, or does the work itself. */
const missing: ReadonlySet<string> = new Set([
  ...["outputValues", "transforms", "invokeTransforms"],
  // A resource that is a value is then sent as its id, or its URN.
  "resourceReferences",
]);

export async function startEngine(monitor: RecordingMonitor): Promise<Engine> {
  const errors: string[] = [];
  const handlers = monitor.handlers();
  const server = new grpc.Server({
    "grpc.max_receive_message_length": maxMessageBytes,
    "grpc.max_send_message_length": maxMessageBytes,
  });
  server.addService(resourceService.ResourceMonitorService, {
    registerResource: unary(handlers.registerResource),
    readResource: unary(handlers.readResource),
    registerResourceOutputs: unary(handlers.registerResourceOutputs),
    invoke: unary(handlers.invoke),
    call: unary(handlers.call),
    registerStackTransform: unary(handlers.registerStackTransform),
    registerStackInvokeTransform: unary(handlers.registerStackInvokeTransform),
    supportsFeature: unary((request: resources.SupportsFeatureRequest, reply) =>
      reply(
        null,
        new resources.SupportsFeatureResponse().setHassupport(!missing.has(request.getId())),
      ),
    ),
    registerPackage: unary((request: resources.RegisterPackageRequest, reply) =>
      reply(
        null,
        new resources.RegisterPackageResponse().setRef(
          `${request.getName()}@${request.getVersion()}`,
        ),
      ),
    ),
    // Hooks run around what an update does, and nothing is updated here.
    registerResourceHook: unary(nothing),
    registerErrorHook: unary(nothing),
    signalAndWaitForShutdown: unary(nothing),
  });
  let rootUrn = "";
  server.addService(engineService.EngineService, {
    log: unary((request: engine.LogRequest, reply) => {
      if (request.getSeverity() === engine.LogSeverity.ERROR) errors.push(request.getMessage());
      reply(null, new empty.Empty());
    }),
    setRootResource: unary((request: engine.SetRootResourceRequest, reply) => {
      rootUrn = request.getUrn();
      reply(null, new engine.SetRootResourceResponse());
    }),
    getRootResource: unary((_, reply) =>
      reply(null, new engine.GetRootResourceResponse().setUrn(rootUrn)),
    ),
    requirePulumiVersion: unary((_, reply) =>
      reply(null, new engine.RequirePulumiVersionResponse()),
    ),
  });
  const port = await new Promise<number>((done, fail) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? fail(error) : done(bound),
    ),
  );
  return { address: `127.0.0.1:${port}`, errors, stop: () => server.forceShutdown() };
}

type Reply<Response> = (error: Error | null, response?: Response) => void;

const nothing = (_request: unknown, reply: Reply<empty.Empty>) => reply(null, new empty.Empty());

/** gRPC hands a call over, the monitor's methods take its request. */
const unary =
  <Request, Response>(handler: (request: Request, reply: Reply<Response>) => unknown) =>
  (call: { request: Request }, reply: Reply<Response>) =>
    handler(call.request, reply);

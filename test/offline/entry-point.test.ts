import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import engineService from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import resourceService from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resource from "@pulumi/pulumi/proto/resource_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { afterEach, expect, test } from "vitest";
import { FakeProvider } from "../../offline/fake-provider.ts";
import { RecordingMonitor } from "../../offline/monitor.ts";
import { evaluateStack, readProject, readStackFile } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";

const root = resolve(import.meta.dirname, "../..");
let server: grpc.Server | undefined;

afterEach(() => server?.forceShutdown());

/** What the CLI's engine is to the language host: a resource monitor and a log, over gRPC. */
async function startEngine(monitor: RecordingMonitor): Promise<string> {
  type Call = { request: resource.SupportsFeatureRequest };
  const unary =
    <Request, Response>(
      handler: (request: Request, reply: grpc.sendUnaryData<Response>) => unknown,
    ) =>
    (call: { request: Request }, reply: grpc.sendUnaryData<Response>) =>
      handler(call.request, reply);
  server = new grpc.Server();
  server.addService(resourceService.ResourceMonitorService, {
    supportsFeature(
      { request }: Call,
      reply: grpc.sendUnaryData<resource.SupportsFeatureResponse>,
    ) {
      const response = new resource.SupportsFeatureResponse();
      response.setHassupport(!["outputValues", "transforms"].includes(request.getId()));
      reply(null, response);
    },
    ...Object.fromEntries(
      Object.entries(monitor.handlers()).map(([name, handler]) => [
        name,
        unary(handler as Parameters<typeof unary>[0]),
      ]),
    ),
  });
  let rootUrn = "";
  server.addService(engineService.EngineService, {
    log: (call: { request: engine.LogRequest }, reply: grpc.sendUnaryData<empty.Empty>) => {
      if (call.request.getSeverity() === engine.LogSeverity.ERROR) {
        monitor.failures.push(call.request.getMessage());
      }
      reply(null, new empty.Empty());
    },
    setRootResource(
      call: { request: engine.SetRootResourceRequest },
      reply: grpc.sendUnaryData<engine.SetRootResourceResponse>,
    ) {
      rootUrn = call.request.getUrn();
      reply(null, new engine.SetRootResourceResponse());
    },
    getRootResource(_: unknown, reply: grpc.sendUnaryData<engine.GetRootResourceResponse>) {
      const response = new engine.GetRootResourceResponse();
      response.setUrn(rootUrn);
      reply(null, response);
    },
  });
  const port = await promisify(server.bindAsync.bind(server))(
    "127.0.0.1:0",
    grpc.ServerCredentials.createInsecure(),
  );
  return `127.0.0.1:${port}`;
}

test("the unmodified entry point registers the same resources with the CLI's language host", async () => {
  const project = readProject(root);
  const { config } = readStackFile(root, project.name, "dev");
  const monitor = new RecordingMonitor(project.name, "dev", new FakeProvider());
  const address = await startEngine(monitor);

  await promisify(execFile)(
    process.execPath,
    [
      resolve(root, "node_modules/@pulumi/pulumi/cmd/run"),
      ...["--project", project.name, "--stack", "dev", "--parallel", "16", "--pwd", root],
      ...["--monitor", address, "--engine", address],
      project.main,
    ],
    {
      env: {
        ...process.env,
        PULUMI_CONFIG: JSON.stringify(config),
        PULUMI_NODEJS_TYPESCRIPT: "false",
        PULUMI_NODEJS_PROJECT: project.name,
        PULUMI_NODEJS_STACK: "dev",
      },
    },
  );

  expect(monitor.failures).toEqual([]);
  const evaluated = await evaluateStack("dev", { root });
  const byUrn = (a: { urn: string }, b: { urn: string }) => a.urn.localeCompare(b.urn);
  // The test runner moves lines as it compiles.
  const placeless = (records: readonly ResourceRecord[]) =>
    records.map(({ source: _, ...record }) => record).sort(byUrn);
  expect(placeless(monitor.records())).toEqual(placeless(evaluated.records));
});

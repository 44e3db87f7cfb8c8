/** Programs in languages that are compiled first: by a language host that takes its time, and by Go's where it is installed. */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { evaluateStack } from "../../offline/project.ts";

const root = mkdtempSync(join(tmpdir(), "languages-"));
const repository = resolve(import.meta.dirname, "../..");
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** A folder with programs of these names, to be all of the PATH. */
function programs(name: string, scripts: Record<string, string>): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, file), script);
    chmodSync(join(folder, file), 0o755);
  }
  return folder;
}

function project(name: string, runtime: string): string {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "Pulumi.yaml"), `name: ${name}\nruntime: ${runtime}\n`);
  return folder;
}

/** A language host that registers one resource after so many milliseconds, as after a build. */
const host = (milliseconds: number) => `#!${process.execPath}
const { createRequire } = require("node:module");
const load = createRequire(${JSON.stringify(join(repository, "package.json"))});
const grpc = load("@grpc/grpc-js");
const resource = load("@pulumi/pulumi/proto/resource_pb.js");
const monitor = load("@pulumi/pulumi/proto/resource_grpc_pb.js");
const language = load("@pulumi/pulumi/proto/language_pb.js");
const service = load("@pulumi/pulumi/proto/language_grpc_pb.js");
const server = new grpc.Server();
server.addService(service.LanguageRuntimeService, {
  async run(call, reply) {
    await new Promise((done) => setTimeout(done, ${milliseconds}));
    const request = new resource.RegisterResourceRequest();
    request.setType("aws:s3/bucket:Bucket");
    request.setName("files");
    request.setCustom(true);
    const address = call.request.getMonitorAddress();
    const client = new monitor.ResourceMonitorClient(address, grpc.credentials.createInsecure());
    client.registerResource(request, (error) => reply(error, new language.RunResponse()));
  },
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, port) => console.log(port));
`;

const compiler = "#!/bin/sh\nexit 1\n";

describe("a program in Go", () => {
  test("may be compiled for longer than a program may stand still", async () => {
    const path = programs("slow", { "pulumi-language-go": host(6_000), go: compiler });
    vi.stubEnv("PATH", path);
    const evaluation = await evaluateStack("dev", { root: project("built", "go"), idleSeconds: 1 });
    expect(evaluation.records.map(({ name }) => name)).toContain("files");
  });

  test("without Go is told what to install, and what else would do", async () => {
    const path = programs("without", { "pulumi-language-go": host(0) });
    vi.stubEnv("PATH", path);
    const folder = project("no-go", "go");
    await expect(evaluateStack("dev", { root: folder })).rejects.toThrow(
      `${join(folder, "Pulumi.yaml")}: runtime: found "go"; it needs go on the PATH, which ` +
        "pulumi-language-go compiles the program with (https://go.dev/doc/install); or name what is " +
        "compiled already in runtime.options.binary",
    );
    const built = project("binary", "{ name: go, options: { binary: ./program } }");
    const { records } = await evaluateStack("dev", { root: built });
    expect(records.map(({ name }) => name)).toContain("files");
  });

  test("without its language host is told where that comes from", async () => {
    vi.stubEnv("PATH", programs("nothing", { go: compiler }));
    await expect(evaluateStack("dev", { root: project("no-host", "go") })).rejects.toThrow(
      'runtime: found "go"; it needs pulumi-language-go, which comes with the Pulumi CLI ' +
        "(https://www.pulumi.com/docs/install), on the PATH",
    );
  });
});

test("a language that is not compiled gets no more time", async () => {
  const path = programs("python", { "pulumi-language-python": host(60_000) });
  vi.stubEnv("PATH", `${path}${delimiter}${process.env.PATH}`);
  await expect(
    evaluateStack("dev", { root: project("snake", "python"), idleSeconds: 1 }),
  ).rejects.toThrow("no progress for 1 s");
});

/** Why the real one cannot run here; undefined where it can. */
function missingGo(): string | undefined {
  try {
    for (const name of ["pulumi-language-go", "go"])
      execFileSync("which", [name], { stdio: "ignore" });
    execFileSync("go", ["list", "-m", sdk], { stdio: "ignore", cwd: root });
    return undefined;
  } catch {
    return "no pulumi-language-go or go on the PATH";
  }
}

const sdk = "github.com/pulumi/pulumi/sdk/v3@latest";
const missing = missingGo();

describe.skipIf(missing)(`by Go's own host${missing ? ` (skipped: ${missing})` : ""}`, () => {
  test("is compiled and evaluated", { timeout: 900_000 }, async () => {
    const folder = project("real", "go");
    writeFileSync(
      join(folder, "main.go"),
      `package main

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

type Bucket struct{ pulumi.CustomResourceState }

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		return ctx.RegisterResource("aws:s3/bucket:Bucket", "files", pulumi.Map{}, &Bucket{})
	})
}
`,
    );
    execFileSync("go", ["mod", "init", "real"], { cwd: folder, stdio: "ignore" });
    execFileSync("go", ["get", sdk], { cwd: folder, stdio: "ignore" });
    execFileSync("go", ["mod", "tidy"], { cwd: folder, stdio: "ignore" });
    const { records } = await evaluateStack("dev", { root: folder });
    expect(records.slice(1)).toMatchObject([{ type: "aws:s3/bucket:Bucket", name: "files" }]);
  });
});

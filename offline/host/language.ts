/** Starts a program in another language, by the language host of the Pulumi CLI. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { ProjectError } from "../usage-error.ts";
import { firstLine, type HostedProgram, organization, type Running } from "./process.ts";

export function runLanguage(program: HostedProgram, address: string): Running {
  const { runtime, folder } = program;
  const child = spawn(hostOf(program), [address], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<string>((done) => {
    child.once("error", (error) => done(error.message));
    child.once("close", (code, signal) =>
      done(`pulumi-language-${runtime} ended with ${signal ?? `exit code ${code}`}`),
    );
  });
  const run = firstLine(child).then((found) => ask(program, address, found));
  const done = Promise.race([run, ended]).finally(() => child.kill());
  const command = toolchains[runtime]?.compile;
  return {
    child,
    done,
    ...(command !== undefined && { compiles: { command, seconds: compileSeconds } }),
  };
}

/** A first build compiles the packages of a cloud as well: minutes of Go, where later ones take seconds. */
const compileSeconds = 900;

/** What a language's host starts before the program, where it does. */
const toolchains: Readonly<
  Record<string, { readonly program?: string; readonly from?: string; readonly compile: string }>
> = {
  go: { program: "go", from: "https://go.dev/doc/install", compile: "go build ./..." },
  dotnet: {
    program: "dotnet",
    from: "https://dotnet.microsoft.com/download",
    compile: "dotnet build",
  },
  java: { compile: "mvn compile, or gradle build" },
};

function hostOf({ runtime, root, runtimeOptions }: HostedProgram): string {
  const name = `pulumi-language-${runtime}`;
  // `pulumi-language-yaml` reads the types of resources from the engine, which loads the packages' plugins for them.
  if (runtime === "yaml")
    throw new ProjectError(
      `${join(root, "Pulumi.yaml")}: runtime: found "yaml"; it needs the schemas of its packages, which only the Pulumi CLI ` +
        "loads: pulumi preview --policy-pack policies. Offline: a program in a language, as `pulumi convert` writes it",
    );
  const found = onPath(name);
  const at = `${join(root, "Pulumi.yaml")}: runtime: found "${runtime}"; it needs`;
  if (found === undefined)
    throw new ProjectError(
      `${at} ${name}, which comes with the Pulumi CLI (https://www.pulumi.com/docs/install), on the PATH. ` +
        'Without it: "nodejs"',
    );
  const { program, from } = toolchains[runtime] ?? {};
  if (program !== undefined && runtimeOptions.binary === undefined && onPath(program) === undefined)
    throw new ProjectError(
      `${at} ${program} on the PATH, which ${name} compiles the program with (${from}); ` +
        "or name what is compiled already in runtime.options.binary",
    );
  return found;
}

const onPath = (name: string): string | undefined =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);

/** @returns what the language host says went wrong. */
function ask(program: HostedProgram, address: string, port: string): Promise<string | undefined> {
  const { root, folder, entry, project, stack, config, secretKeys, runtimeOptions } = program;
  const info = new language.ProgramInfo()
    .setRootDirectory(root)
    .setProgramDirectory(folder)
    .setEntryPoint(entry)
    .setOptions(struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(runtimeOptions))));
  const request = new language.RunRequest()
    .setProject(project)
    .setStack(stack)
    .setOrganization(organization)
    .setPwd(folder)
    .setProgram(entry)
    .setDryrun(true)
    .setParallel(16)
    .setMonitorAddress(address)
    .setConfigsecretkeysList([...secretKeys])
    .setInfo(info);
  for (const [key, value] of Object.entries(config)) request.getConfigMap().set(key, value);
  const client = new languageService.LanguageRuntimeClient(
    `127.0.0.1:${port}`,
    grpc.credentials.createInsecure(),
  );
  return new Promise<string | undefined>((done) =>
    client.run(request, (error, response) => {
      const failed = error?.details ?? response?.getError();
      // What was logged already says why.
      done(failed || (response?.getBail() ? "the program failed" : undefined));
    }),
  ).finally(() => client.close());
}

/** Starts a program in another language, by the language host of the Pulumi CLI. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import languageService from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { ProjectError } from "../usage-error.ts";
import { type HostedProgram, organization, type Running } from "./process.ts";

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
  const port = new Promise<string>((done) => {
    let text = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const [line, rest] = text.split("\n", 2);
      if (rest !== undefined && line !== undefined) done(line.trim());
    });
  });
  const run = port.then((found) => ask(program, address, found));
  const done = Promise.race([run, ended]).finally(() => child.kill());
  return { child, done };
}

function hostOf({ runtime, root }: HostedProgram): string {
  const name = `pulumi-language-${runtime}`;
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync);
  if (found !== undefined) return found;
  throw new ProjectError(
    `${join(root, "Pulumi.yaml")}: runtime: found "${runtime}"; it needs ${name}, which comes with the ` +
      'Pulumi CLI, on the PATH. Without it: "nodejs"',
  );
}

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

/**
 * A policy pack, run as the Pulumi CLI runs it: a child process of Node.js that prints its port and
 * speaks the `pulumirpc.Analyzer` service. Arguments, environment and the order of calls are those of
 * the engine (`NewPolicyAnalyzer` in pulumi/pulumi, sdk/go/common/resource/plugin/analyzer_plugin.go).
 *
 * The SDK reads the stack's config only from the environment, and keeps nothing of `ConfigureStack` but
 * tags: a pack that has levels by environment serves one stack, so each stack starts its own.
 */
import { basename, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import analyzerService from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { collectTail, firstLine, organization } from "../../host/process.ts";
import {
  type Child,
  engineAddress,
  type PackContext,
  PackError,
  spawnPack,
} from "./pack-process.ts";

/** The pack ended or does not answer: there is no use in asking it again. */
export class PackGone extends PackError {}

type Done<Response> = (error: grpc.ServiceError | null, response?: Response) => void;

/** A pack that hangs must not hang CI. */
const answerSeconds = { start: 60, resource: 60, stack: 600 };

/** As the SDK's server has it (`maxRPCMessageSize`); gRPC's own limit is 4 MB, a few hundred resources. */
const maxMessageBytes = 400 * 1024 * 1024;

export class Pack {
  readonly #name: string;
  readonly #child: Child;
  readonly #client: analyzerService.AnalyzerClient;
  readonly #ended: Promise<string>;

  private constructor(name: string, child: Child, port: string, ended: Promise<string>) {
    this.#name = name;
    this.#child = child;
    this.#ended = ended;
    this.#client = new analyzerService.AnalyzerClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      { "grpc.max_receive_message_length": maxMessageBytes },
    );
  }

  /**
   * Starts the pack for one stack, up to the engine's `ConfigureStack`.
   *
   * @param folder holds `PulumiPolicy.yaml` and the package's main file.
   * @throws PackError with the end of what the pack wrote.
   */
  static async start(folder: string, context: PackContext): Promise<Pack> {
    const name = basename(resolve(folder));
    const child = spawnPack(folder, context);
    const output = collectTail(child);
    const ended = new Promise<string>((done) => {
      child.once("error", (error) => done(error.message));
      child.once("close", (code, signal) =>
        done([signal ? `signal ${signal}` : `exit code ${code}`, output()].join("\n").trim()),
      );
    });
    const started = new AbortController();
    const port = await Promise.race([
      firstLine(child),
      ended.then((reason) => {
        throw new PackError(`policy pack "${name}" did not start: ${reason}`);
      }),
      after(answerSeconds.start, started.signal).then(() => {
        child.kill("SIGKILL");
        throw new PackError(
          `policy pack "${name}" did not start within ${answerSeconds.start} s: ${output()}`,
        );
      }),
    ]).finally(() => started.abort());
    const pack = new Pack(name, child, port, ended);
    await pack.#introduce(resolve(folder), context);
    return pack;
  }

  info(): Promise<analyzer.AnalyzerInfo> {
    return this.#call(answerSeconds.resource, (options, done) =>
      this.#client.getAnalyzerInfo(new empty.Empty(), new grpc.Metadata(), options, done),
    );
  }

  async configure(request: analyzer.ConfigureAnalyzerRequest): Promise<void> {
    await this.#call<empty.Empty>(answerSeconds.resource, (options, done) =>
      this.#client.configure(request, new grpc.Metadata(), options, done),
    );
  }

  remediate(request: analyzer.AnalyzeRequest): Promise<analyzer.RemediateResponse> {
    return this.#call(answerSeconds.resource, (options, done) =>
      this.#client.remediate(request, new grpc.Metadata(), options, done),
    );
  }

  analyze(request: analyzer.AnalyzeRequest): Promise<analyzer.AnalyzeResponse> {
    return this.#call(answerSeconds.resource, (options, done) =>
      this.#client.analyze(request, new grpc.Metadata(), options, done),
    );
  }

  /** @param request an `AnalyzeStackRequest`, encoded. */
  analyzeStack(request: Uint8Array): Promise<analyzer.AnalyzeResponse> {
    const { path, responseDeserialize } = analyzerService.AnalyzerService.analyzeStack;
    return this.#call<analyzer.AnalyzeResponse>(answerSeconds.stack, (options, done) =>
      this.#client.makeUnaryRequest(
        path,
        Buffer.from,
        responseDeserialize,
        request,
        new grpc.Metadata(),
        options,
        done,
      ),
    );
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#client.close();
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  /** The engine tolerates packs that know neither call; the Node.js SDK knows the second. */
  async #introduce(folder: string, { project, stack, config, secretKeys }: PackContext) {
    const handshake = new analyzer.AnalyzerHandshakeRequest()
      .setEngineAddress(engineAddress)
      .setRootDirectory(folder)
      .setProgramDirectory(folder);
    const configure = new analyzer.AnalyzerStackConfigureRequest()
      .setStack(stack)
      .setProject(project)
      .setOrganization(organization)
      .setDryRun(true)
      .setConfigSecretKeysList([...secretKeys]);
    for (const [key, value] of Object.entries(config)) configure.getConfigMap().set(key, value);
    await tolerateUnimplemented(
      this.#call<analyzer.AnalyzerHandshakeResponse>(answerSeconds.resource, (options, done) =>
        this.#client.handshake(handshake, new grpc.Metadata(), options, done),
      ),
    );
    await tolerateUnimplemented(
      this.#call<analyzer.AnalyzerStackConfigureResponse>(answerSeconds.resource, (options, done) =>
        this.#client.configureStack(configure, new grpc.Metadata(), options, done),
      ),
    );
  }

  async #call<Response>(
    seconds: number,
    send: (options: grpc.CallOptions, done: Done<Response>) => void,
  ): Promise<Response> {
    const deadline = Date.now() + seconds * 1000;
    try {
      return await new Promise<Response>((done, fail) =>
        send({ deadline }, (error, response) =>
          response === undefined ? fail(error) : done(response),
        ),
      );
    } catch (error) {
      throw await this.#explain(error, seconds);
    }
  }

  async #explain(error: unknown, seconds: number): Promise<Error> {
    if (!isServiceError(error)) return error instanceof Error ? error : new Error(String(error));
    if (error.code === grpc.status.UNIMPLEMENTED) return error;
    if (error.code === grpc.status.DEADLINE_EXCEEDED) {
      return new PackGone(`policy pack "${this.#name}" did not answer within ${seconds} s`);
    }
    if (error.code === grpc.status.UNAVAILABLE) {
      const reason = await Promise.race([this.#ended, after(5)]);
      return new PackGone(`policy pack "${this.#name}" ended: ${reason ?? error.details}`);
    }
    return new PackError(withoutStack(error.details));
  }
}

/** Resolves after `seconds` without keeping the process alive; never, once `over` is aborted. */
const after = (seconds: number, over?: AbortSignal): Promise<undefined> =>
  new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000, undefined).unref();
    over?.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });

async function tolerateUnimplemented(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isServiceError(error) || error.code !== grpc.status.UNIMPLEMENTED) throw error;
  }
}

const isServiceError = (error: unknown): error is grpc.ServiceError =>
  error instanceof Error && "code" in error && "details" in error;

/** The SDK sends stacks along with the message; of use to the rule's author, not in a report. */
const withoutStack = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !/^\s+at /.test(line))
    .join("\n")
    .trim();

import * as z from "zod";
import { keepable, type Value } from "../contract/any-json.ts";
import { untilAborted } from "../http/deadline.ts";
import type { Log } from "../lambda/log.ts";
import { failureEntry } from "../lambda/log.ts";
import type { ToolSpec } from "../models/chat-model.ts";
import type { PartOf } from "../parts/parts.ts";

/** For whom a tool works. All of it is verified: nothing that a model writes can change it. */
export interface ToolContext {
  readonly tenant: string;
  readonly user: string;
  readonly conversation: string;
  /** Aborts when nobody waits for the answer any more, and after `toolSeconds`. */
  readonly signal: AbortSignal;
}

/** A tool that a model may call. `chatTool` makes one that checks its input. */
export interface ChatTool extends ToolSpec {
  /** 1 to 64 letters, digits, `_` and `-`. */
  readonly name: string;
  /**
   * Returns JSON, or undefined where there is no result. An error that it throws is logged, and the model is not told
   * its message. The model is told the message of an `InvalidInput`, which is not logged.
   */
  run(input: unknown, context: ToolContext): Promise<unknown>;
}

/** To be thrown by `run` for an input that is not valid. The model is told the message. */
export class InvalidInput extends Error {
  override readonly name = "InvalidInput";
}

/** Longest time of one call. */
export const toolSeconds = 30;
/** Largest output of one call, in KiB of JSON. */
export const toolOutputKiB = 64;
/** Calls that a model may make in one step. */
export const mostCalls = 8;

/**
 * The schema of a tool's input, from any library: only what is needed of Standard Schema and Standard JSON Schema
 * (standardschema.dev). zod has both from 4.2 on.
 */
export interface ToolInput<Input> {
  readonly "~standard": {
    readonly validate: (value: unknown) => Validated<Input> | Promise<Validated<Input>>;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}

type Validated<Input> =
  | { readonly value: Input; readonly issues?: undefined }
  | { readonly issues: readonly InputIssue[] };

interface InputIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** Makes a tool that checks its input against a schema before it calls `execute`. */
export function chatTool<Input>(tool: {
  readonly name: string;
  readonly description: string;
  /** The schema of an object. */
  readonly input: ToolInput<Input>;
  execute(input: Input, context: ToolContext): Promise<unknown>;
}): ChatTool {
  const { name, description } = tool;
  const { validate, jsonSchema } = tool.input["~standard"];
  const inputSchema = z
    .record(z.string(), z.custom<Value>())
    .parse(jsonSchema.input({ target: "draft-2020-12" }));
  return {
    name,
    description,
    inputSchema,
    run: async (given, context) => {
      const parsed = await validate(given);
      if (parsed.issues === undefined) return tool.execute(parsed.value, context);
      throw new InvalidInput(parsed.issues.slice(0, 5).map(described).join("; "));
    },
  };
}

function described({ path = [], message }: InputIssue): string {
  const steps = path.map((step) => String(typeof step === "object" ? step.key : step));
  return steps.length === 0 ? message : `${steps.join(".")}: ${message}`;
}

/** @throws RangeError for a tool's name that models do not take, and for a name that two tools have. */
export function checkTools(tools: readonly ChatTool[]): void {
  for (const [index, { name }] of tools.entries()) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
      throw new RangeError("a tool's name must be 1 to 64 letters, digits, _ and -");
    }
    if (tools.findIndex((tool) => tool.name === name) !== index) {
      throw new RangeError(`two tools have the name ${name}`);
    }
  }
}

type Call = PartOf<"tool-call">;
type Result = PartOf<"tool-result">;

/** Runs a tool that the model called. Never rejects: the result tells the model what went wrong, without secrets. */
export async function runTool(
  tools: readonly ChatTool[],
  { toolCallId, toolName, input }: Call,
  context: ToolContext,
  log: Log,
): Promise<Result> {
  const answer = (output: Value, isError?: true): Result => ({
    type: "tool-result",
    toolCallId,
    toolName,
    output,
    ...(isError && { isError }),
  });
  const tool = tools.find(({ name }) => name === toolName);
  if (tool === undefined) return answer("There is no such tool.", true);
  const timeout = AbortSignal.timeout(toolSeconds * 1000);
  const signal = AbortSignal.any([context.signal, timeout]);
  try {
    const output = await untilAborted(signal, () => tool.run(input, { ...context, signal }));
    const parsed = outputOf.safeParse(output ?? null);
    if (parsed.success) return answer(parsed.data);
    return answer(`The tool answered no JSON, or more than ${toolOutputKiB} KiB of it.`, true);
  } catch (error) {
    if (error instanceof InvalidInput)
      return answer(`The input is not valid. ${error.message}`, true);
    if (timeout.aborted) return answer(`The tool took longer than ${toolSeconds} seconds.`, true);
    if (!context.signal.aborted) log(failureEntry(error, { tool: toolName }));
    return answer("The tool failed.", true);
  }
}

const outputOf = z
  .unknown()
  .transform((value): unknown => JSON.parse(JSON.stringify(value) ?? "null"))
  .pipe(
    keepable().refine(
      (value) => Buffer.byteLength(JSON.stringify(value)) <= toolOutputKiB * 1024,
      "is too large",
    ),
  );

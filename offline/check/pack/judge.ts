/** Puts a stack's resources before a pack in the engine's order: remediate, analyze, analyze the stack. */
import type analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import type { StackFile } from "../../project.ts";
import type { ResourceRecord } from "../../record.ts";
import type { Change, Diagnostic, Judge, Judgement } from "../stack/judgement.ts";
import { Pack, PackGone } from "./pack.ts";
import { type PolicyConfig, type PolicySettings, reconcile } from "./policy-config.ts";
import type { Provided } from "./providers.ts";
import { analyzeRequest, analyzeStackRequest } from "./wire.ts";
import { configureRequest, policiesOf, rulesOf } from "./wire-config.ts";

export interface PackOptions {
  /** Folder of the policy pack. */
  readonly folder: string;
  readonly project: string;
  readonly file: StackFile;
  readonly policyConfig: PolicyConfig;
  readonly isAsked: (rule: string) => boolean;
}

/** Any policy pack, in a process of its own, over the protocol that the engine speaks with it. */
export async function startJudge(options: PackOptions): Promise<Judge> {
  const { folder, project, file, policyConfig, isAsked } = options;
  const pack = await Pack.start(folder, { project, ...file, config: file.handedOver });
  try {
    const info = await pack.info();
    const settings = reconcile(policiesOf(info), policyConfig);
    for (const [id, { properties }] of settings) {
      if (!isAsked(id)) settings.set(id, { level: "disabled", properties });
    }
    await pack.configure(configureRequest(settings));
    return {
      rules: rulesOf(info, settings, file.stack).filter(({ id }) => isAsked(id)),
      judge: (provided, onProgress) => judge(pack, provided, settings, onProgress),
      stop: () => pack.stop(),
    };
  } catch (error) {
    await pack.stop();
    throw error;
  }
}

/**
 * Nothing is remediated: what a remediation would change is told, and the resource is judged as it is
 * (so does the engine when it analyzes a stack without an update, `AnalyzeSnapshot`).
 *
 * @param onProgress is called with the number of resources judged so far.
 */
export async function judge(
  pack: Pack,
  provided: Provided,
  settings: ReadonlyMap<string, PolicySettings>,
  onProgress: (judged: number) => void = () => {},
): Promise<Judgement> {
  const { records, providerOf } = provided;
  const failures = new Set<string>();
  const remediates = [...settings.values()].some(({ level }) => level === "remediate");
  let judged = 0;

  const attempt = async <T>(step: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await step();
    } catch (error) {
      if (error instanceof PackGone) throw error;
      failures.add(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const perRecord = await inParallel(records, async (record) => {
    const request = analyzeRequest(record, providerOf(record));
    // Without a policy at that level the answer is empty, and thousands of calls take seconds.
    const remediation = remediates ? await attempt(() => pack.remediate(request)) : undefined;
    const answer = await attempt(() => pack.analyze(request));
    onProgress(++judged);
    const told = remediation?.getRemediationsList() ?? [];
    return {
      diagnostics: [
        ...told.flatMap((one) => notRun(one, record)),
        ...(answer?.getDiagnosticsList() ?? []).map((one) => toDiagnostic(one, record.urn)),
      ],
      changes: told.flatMap((one) => toChange(one, request)),
    };
  });
  const ofStack = await attempt(() => pack.analyzeStack(analyzeStackRequest(provided)));
  const root = records.find(({ type }) => type === "pulumi:pulumi:Stack");
  return {
    diagnostics: [
      ...perRecord.flatMap(({ diagnostics }) => diagnostics),
      ...(ofStack?.getDiagnosticsList() ?? []).map((one) => toDiagnostic(one, root?.urn ?? "")),
    ],
    changes: perRecord.flatMap(({ changes }) => changes),
    failures: [...failures],
  };
}

const toDiagnostic = (diagnostic: analyzer.AnalyzeDiagnostic, urn: string): Diagnostic => ({
  rule: diagnostic.getPolicyname(),
  urn: diagnostic.getUrn() || urn,
  description: diagnostic.getDescription(),
  message: diagnostic.getMessage(),
});

/** A remediation that could not run says so in place of properties. */
const notRun = (remediation: analyzer.Remediation, { urn }: ResourceRecord): Diagnostic[] => {
  const message = remediation.getDiagnostic();
  if (!message) return [];
  const description = remediation.getDescription();
  return [{ rule: remediation.getPolicyname(), urn, description, message }];
};

function toChange(remediation: analyzer.Remediation, request: analyzer.AnalyzeRequest): Change[] {
  const before = request.getProperties()?.toJavaScript() ?? {};
  const after = remediation.getProperties()?.toJavaScript();
  if (!after) return [];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  const properties = [...keys].filter((key) => !isSame(before[key], after[key]));
  return [{ rule: remediation.getPolicyname(), urn: request.getUrn(), properties }];
}

const isSame = (before: unknown, after: unknown): boolean => canonical(before) === canonical(after);

/** JSON with sorted keys. */
const canonical = (value: unknown): string | undefined =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** The pack is one process: more calls at once only fill its queue. */
const callsAtOnce = 8;

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: callsAtOnce }, worker));
  return results;
}

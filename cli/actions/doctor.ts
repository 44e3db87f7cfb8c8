/** What `chatstack doctor` does with its flags. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deployNeeds } from "../../offline/doctor/deploy-policy.ts";
import { examine } from "../../offline/doctor/doctor.ts";
import type { AccountFacts } from "../../offline/doctor/facts.ts";
import { machineChecks } from "../../offline/doctor/machine.ts";
import { type Needs, needsOf } from "../../offline/doctor/needs.ts";
import { doctorReport, type StackReport } from "../../offline/doctor/report.ts";
import { boundaryDocument, mostPolicyCharacters } from "../../offline/doctor/role-needs.ts";
import { doctorText } from "../../offline/doctor/text.ts";
import { sharedGatewayRoles } from "../../offline/engine-config/place.ts";
import { evaluateStack, listStacks, readProject, readStackFile } from "../../offline/project.ts";
import type { CountedStack } from "../../offline/quotas/stacks.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { startProgress } from "../terminal/progress.ts";
import { ignoreClosedPipe, stdoutText } from "../terminal/stdout.ts";
import { writeOutcome } from "./outcome.ts";

export interface DoctorFlags {
  readonly stack?: readonly string[];
  readonly account?: true;
  readonly region?: string;
  readonly boundary?: true;
  /** Folder for the policies of whoever deploys. */
  readonly deployPolicy?: string;
  /** True writes to stdout, a text to the file of that name. */
  readonly json?: string | true;
}

interface Looked {
  readonly counted: CountedStack;
  readonly needs: Needs;
}

/** Writes the result; resolves to the exit code. */
export async function run(flags: DoctorFlags): Promise<number> {
  ignoreClosedPipe(process.stdout);
  refuseAccountInPackage(flags);
  const root = process.cwd();
  const stacks = await lookAt(root, flags);
  if (flags.boundary) return printBoundary(stacks);
  if (flags.deployPolicy !== undefined) return writeDeployPolicies(stacks, flags.deployPolicy);
  const machine = machineChecks({
    root,
    stackFiles: stacks.map(({ counted }) => counted.file.path),
    environment: process.env,
  });
  const reports: StackReport[] = [];
  for (const { counted, needs } of stacks) {
    reports.push(examine(counted, needs, flags.account && (await readAccount(needs, counted))));
  }
  const report = doctorReport(machine, reports);
  const options = { ...stdoutText(), width: process.stdout.columns ?? 80 };
  const text = flags.json ? JSON.stringify(report, undefined, 2) : doctorText(report, options);
  return writeOutcome({ text, code: report.outcome === "ok" ? 0 : 1 }, flags.json);
}

/** The package leaves out what needs AWS's clients. */
function refuseAccountInPackage({ account }: DoctorFlags): void {
  if (!account || existsSync(new URL("../../operations/doctor/", import.meta.url))) return;
  throw new UsageError(
    "--account: the package has no AWS clients; run chatstack doctor in its repository, or without --account",
  );
}

async function lookAt(root: string, flags: DoctorFlags): Promise<Looked[]> {
  const { name: project } = readProject(root);
  const names = [...new Set(flags.stack ?? listStacks(root))];
  if (names.length === 0) throw new UsageError(`no Pulumi.<stack>.yaml in ${root}`);
  const progress = startProgress(process.stderr, "evaluating the stacks");
  try {
    const looked: Looked[] = [];
    const files = names.map((stack) => readStackFile(root, project, stack));
    const shared = sharedGatewayRoles(files, project);
    for (const file of files) {
      const { stack } = file;
      progress.update(`evaluating stack ${stack}`);
      const region = flags.region ?? file.config["aws:region"];
      if (region === undefined || !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
        const place = flags.region === undefined ? `${file.path}: aws:region` : "--region";
        throw new UsageError(`${place}: found ${region ?? "nothing"}; allowed: such as us-east-1`);
      }
      const evaluation = await evaluateStack(stack, { root, preview: true });
      const isProduction = file.config[`${project}:environment`] === "production";
      const counted = { file, evaluation };
      const gatewayRoleShared = shared.find(({ stacks }) => stacks.includes(stack));
      const place = { region, isProduction, gatewayRoleShared };
      looked.push({ counted, needs: needsOf(evaluation, place) });
    }
    return looked;
  } finally {
    progress.end();
  }
}

async function readAccount(needs: Needs, { file }: CountedStack): Promise<AccountFacts> {
  const { readFacts } = await import("../../operations/doctor/doctor.ts");
  const progress = startProgress(process.stderr, `reading the account of stack ${needs.stack}`);
  try {
    return await readFacts(needs, file.config["aws:profile"]);
  } finally {
    progress.end();
  }
}

function printBoundary(stacks: readonly Looked[]): number {
  const roles = stacks.map(({ needs }) => needs.roles);
  const document = boundaryDocument(roles.flatMap(({ actions }) => actions));
  process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  const unread = [...new Set(roles.flatMap((one) => one.unread))];
  if (unread.length > 0) {
    process.stderr.write(
      `chatstack: add what these policies allow, whose documents are not in the stack: ${unread.join(", ")}\n`,
    );
  }
  const size = JSON.stringify(document).length;
  if (size > mostPolicyCharacters) {
    process.stderr.write(
      `chatstack: ${size} characters, and AWS takes ${mostPolicyCharacters}: shorten it with wildcards\n`,
    );
  }
  return unread.length > 0 || size > mostPolicyCharacters ? 1 : 0;
}

/** As many files as AWS's limit of a policy's size asks for, and the commands that make policies of them. */
function writeDeployPolicies(stacks: readonly Looked[], folder: string): number {
  const { policies, unknown } = deployNeeds(
    stacks.flatMap(({ counted }) => counted.evaluation.records),
  );
  mkdirSync(folder, { recursive: true });
  for (const [index, policy] of policies.entries()) {
    const path = join(folder, `deploy-${index + 1}.json`);
    writeFileSync(path, `${JSON.stringify(policy, undefined, 2)}\n`);
    process.stdout.write(
      `aws iam create-policy --policy-name chatstack-deploy-${index + 1} --policy-document file://${path}\n`,
    );
  }
  if (unknown.length === 0) return 0;
  process.stderr.write(
    `chatstack: add what these types need, which the table does not know: ${unknown.join(", ")}\n`,
  );
  return 1;
}

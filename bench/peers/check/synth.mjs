/**
 * `cdk synth` with cdk-nag: an app of as many tenants as asked for, a stack each, checked by the AwsSolutions
 * and the HIPAA pack with their default settings. `node synth.mjs <tenants> <bundle> <table as JSON>` prints what
 * it took as JSON on the descriptor 3.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import * as lambda from "aws-cdk-lib/aws-lambda";
import { AwsSolutionsChecks, HIPAASecurityChecks } from "cdk-nag";
import { TenantStack } from "./tenant-stack.mjs";

const [tenants = "1", bundle = "", table = "{}"] = process.argv.slice(2);
const outdir = mkdtempSync(join(tmpdir(), "bench-cdk-"));
// As `cdk init` sets it: without, the bucket of the access logs must have an access control list.
const context = { "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": true };
const app = new App({ outdir, context });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new HIPAASecurityChecks(app));
for (let index = 0; index < Number(tenants); index++) {
  // An asset is one stack's; the CDK stages the same folder once.
  const code = lambda.Code.fromAsset(bundle);
  new TenantStack(app, `tenant-${index}`, { code, table: JSON.parse(table) });
}
try {
  app.synth();
} catch (error) {
  // Synthesis ends with this where a rule found something; everything is written by then.
  if (!/validation/i.test(error.message)) throw error;
}
const json = (name) => JSON.parse(readFileSync(join(outdir, name), "utf8"));
const files = readdirSync(outdir);
const resources = files
  .filter((name) => name.endsWith(".template.json"))
  .reduce((sum, name) => sum + Object.keys(json(name).Resources).length, 0);
const findings = files
  .filter((name) => name.includes("validation-report"))
  .flatMap((name) => json(name).pluginReports)
  .flatMap(({ violations }) => violations)
  .reduce((sum, { violatingConstructs }) => sum + violatingConstructs.length, 0);
rmSync(outdir, { recursive: true });
writeSync(3, JSON.stringify({ resources, findings }));
// A finding is what was measured, not a failure.
process.exitCode = 0;

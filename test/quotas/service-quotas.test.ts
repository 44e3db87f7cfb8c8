import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { readServiceQuotas } from "../../offline/quotas/service-quotas.ts";
import { functionMegabytes } from "../../policies/quotas/compute.ts";
import { quotas } from "../../policies/quotas/table.ts";
import { awsFile, Project } from "./project.ts";

const project = new Project();
afterAll(() => project.remove());
const place = { region: "us-east-1", account: "123456789012" };
const arn = (region: string, account: string) => ({
  QuotaArn: `arn:aws:servicequotas:${region}:${account}:lambda/L-B99A9384`,
});

describe("files that `aws service-quotas` printed", () => {
  test("have the account, its limits, and codes of which nothing is known", () => {
    const read = readServiceQuotas([project.write("lambda.json", awsFile(5_000))]);
    expect(read.account).toBe("123456789012");
    expect([...read.limits]).toEqual([["L-B99A9384", 5_000]]);
    expect(read.unlisted).toEqual(["L-548AE339"]);
    expect(() => read.refuseOtherPlaces(place)).not.toThrow();
    expect(() => read.refuseOtherPlaces({ region: "us-east-1", account: "prod" })).not.toThrow();
  });

  test("of AWS's defaults give way to what AWS applies to the account, in any order", () => {
    const defaults = project.write("defaults.json", awsFile(1_000, arn("us-east-1", "")));
    const applied = project.write("applied.json", awsFile(5_000));
    for (const paths of [
      [defaults, applied],
      [applied, defaults],
    ]) {
      expect(readServiceQuotas(paths).limits.get("L-B99A9384")).toBe(5_000);
    }
  });

  test("say nothing of single resources, whose limits may differ", () => {
    const resource = { QuotaAppliedAtLevel: "RESOURCE" };
    const { limits } = readServiceQuotas([project.write("resource.json", awsFile(7, resource))]);
    expect([...limits]).toEqual([]);
  });

  test("count storage in the unit of the table", () => {
    const storage = { QuotaCode: "L-2ACBD22F", Unit: "Gigabytes" };
    const { limits } = readServiceQuotas([project.write("storage.json", awsFile(80, storage))]);
    expect(limits.get("L-2ACBD22F")).toBe(80 * 1_024);
  });

  test.each([
    ["text", "found text that is not JSON; allowed: what `aws service-quotas"],
    [{ Quotas: "none" }, 'Quotas: found "none"; allowed: '],
    [{ quotas: [] }, "Quotas: found nothing; allowed: "],
    [awsFile(1, { Value: "many" }), 'Quotas[0].Value: found "many"; allowed: '],
    [awsFile(-1), "Quotas[0].Value: found -1; allowed: "],
    [awsFile(1, { QuotaCode: undefined }), "Quotas[0].QuotaCode: found nothing; allowed: "],
    [{ ...awsFile(1), NextToken: "abc" }, 'NextToken: found "abc"; allowed: no token'],
  ])("are refused when they are something else: %j", (content, message) => {
    const path = project.write("wrong.json", content);
    expect(() => readServiceQuotas([path])).toThrow(`${path}: ${message}`);
  });

  test("are refused when they are not there", () => {
    expect(() => readServiceQuotas(["nowhere.json"])).toThrow("nowhere.json: found no such file");
  });

  test.each([
    [arn("eu-west-1", place.account), "found region eu-west-1; allowed: us-east-1"],
    [arn("us-east-1", "999999999999"), "found account 999999999999; allowed: 123456789012"],
  ])("are refused when they are of another region or account: %j", (other, message) => {
    const path = project.write("other.json", awsFile(1_000, other));
    expect(() => readServiceQuotas([path]).refuseOtherPlaces(place)).toThrow(
      `${path}: L-B99A9384: ${message}`,
    );
  });
});

test("codes are those of Service Quotas, or plainly none; each stands once, with a source and a date", () => {
  const codes = quotas.map(({ code }) => code);
  expect(codes).toEqual([...new Set(codes)]);
  for (const { code, limit, raisable, source, checked, newAccounts } of quotas) {
    expect(code).toMatch(/^L-[0-9A-F]{8}$|^[a-z]+(-[a-z]+)+$/);
    expect(limit).toBeGreaterThan(newAccounts ?? 0);
    if (typeof raisable === "number") expect(raisable).toBeGreaterThan(limit);
    expect(source).toMatch(/^A(WS|mazon|pplication)|^EventBridge/);
    expect(checked).toMatch(/^20\d\d-\d\d$/);
  }
});

test("the package of the function is no larger than it is counted for", () => {
  const folder = resolve(import.meta.dirname, "../../dist/lambda");
  const bytes = readdirSync(folder)
    .map((name) => deflateRawSync(readFileSync(`${folder}/${name}`)).length)
    .reduce((sum, one) => sum + one, 0);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(functionMegabytes * 1_048_576);
});

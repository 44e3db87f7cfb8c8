import { stripVTControlCharacters } from "node:util";
import { expect, it } from "vitest";
import { describeEnvironment } from "../../../cli/actions/start-report.ts";
import type { Provisioned } from "../../../local/provider/provider.ts";
import { whatWorks } from "../../../local/provider/what-works.ts";
import {
  evaluateFullest,
  fullestSettings,
  otherSettings,
} from "../../../testing/stacks/fullest-tenant.ts";

const absent = (type: string): Provisioned => ({ type, name: "x", how: "absent", omitted: [] });
const created = (type: string): Provisioned => ({ type, name: "x", how: "created", omitted: [] });

const userOf = (username: string) => ({
  username,
  password: "ca*vR2-yTKntGdeVNpkv3Xh-",
  groups: ["admins"],
});

const tenantOf = (id: string) => ({
  id,
  url: `http://127.0.0.1:8787/${id}/v1`,
  region: "us-east-1",
  userPoolId: "us-east-1_mz2tFbmeI",
  clientId: "j8i4xd7h6u94d418w4dulnup5v",
  callbackUrls: [],
  users: ["admin", "ada"].map((name) => userOf(`${name}@${id}.example`)),
});

const reportOf = (resources: readonly Provisioned[], ids = ["acme", "globex"]) => {
  const endpoints = {
    dynamodb: "http://127.0.0.1:1",
    s3: "http://127.0.0.1:2",
    cognito: "http://127.0.0.1:8788",
  };
  const report = describeEnvironment(
    {
      page: "http://127.0.0.1:8787/",
      tenants: ids.map(tenantOf),
      resources,
      embedded: ["dynamodb", "s3", "cognito"],
      endpoints,
      models: [],
      stop: async () => {},
    },
    ".chatstack",
  );
  return stripVTControlCharacters(report).split("\n");
};

it("names the page first, then each tenant with its users", () => {
  const lines = reportOf([]);
  expect(lines[0]).toBe("Chat page  http://127.0.0.1:8787/");
  expect(lines[2]).toBe("acme  http://127.0.0.1:8787/acme/v1");
  expect(lines[3]).toBe("  admin@acme.example  ca*vR2-yTKntGdeVNpkv3Xh-  admins");
});

it("fits 80 columns, whatever a tenant is called and a stack lacks", async () => {
  const { records } = await evaluateFullest(fullestSettings);
  const resources = records.map(({ type }) => absent(type));
  for (const id of ["a", "acme", "a-tenant-with-a-long-name"]) {
    const wide = reportOf(resources, [id]).filter((line) => line.length > 80);
    expect(wide.filter((line) => !line.includes("curl"))).toEqual([]);
  }
});

it("says what works here and what does not in the words of whoever uses it", async () => {
  expect(
    whatWorks([
      created("aws:dynamodb/table:Table"),
      created("aws:cognito/userPool:UserPool"),
      absent("aws:wafv2/webAcl:WebAcl"),
      { ...created("aws:s3/bucket:Bucket"), omitted: ["PutBucketVersioning"] },
    ]),
  ).toEqual({
    works: ["sign-in", "conversations", "documents"],
    missing: ["firewall", "versions of documents"],
  });
  expect(whatWorks([absent("aws:newest/thing:Thing")]).missing).toEqual(["newest"]);
});

it("has words for every type that a tenant may have", async () => {
  const gateway = /^aws:(apigateway|lambda|scheduler)\//;
  for (const settings of [fullestSettings, otherSettings]) {
    const { records } = await evaluateFullest(settings);
    const services = new Set(records.map(({ type }) => type.split(/[:/]/)[1] ?? ""));
    for (const { type } of records) {
      if (!type.startsWith("aws:") || gateway.test(type)) continue;
      if (/\/(table:Table|bucket:Bucket|user(Pool|PoolClient|Group):)/.test(type)) continue;
      if (/bucket(Cors|Lifecycle|ObjectLock)/.test(type)) continue;
      for (const words of whatWorks([absent(type)]).missing) {
        expect([type, services.has(words)]).toEqual([type, false]);
      }
    }
  }
});

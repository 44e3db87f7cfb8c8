/** Which way imports may go, from room to room, and which packages a room may load. */
import type { Import } from "./imports.ts";

interface Room {
  /** Rooms below, whose files it may import. */
  readonly below: readonly string[];
  readonly why: string;
}

const product = ["app", "policies", "components", "stacks", "offline"];
const all = [...product, "operations", "local", "cli", "client", "history", "bin", "."];

/** By the first folder of a path; `.` is the repository's root. */
const rooms: Readonly<Record<string, Room>> = {
  app: { below: [], why: "the app runs on Lambda and knows nothing of what deploys it" },
  policies: { below: [], why: "the policy pack judges any program, so it knows none of ours" },
  components: {
    below: ["app", "policies"],
    why: "components are used without our stacks and tools",
  },
  stacks: {
    below: ["components", "app", "policies"],
    why: "the program is what tools read, so it imports no tool",
  },
  offline: {
    below: ["stacks", "components", "app", "policies"],
    why: "what needs no account must not depend on what does, nor on the command line",
  },
  operations: {
    below: product,
    why: "operations are called by the command line, never the reverse",
  },
  local: {
    // The chat page that it bundles calls the API with the client.
    below: [...product, "client"],
    why: "the local environment is called by the command line, never the reverse",
  },
  cli: {
    below: [...product, "operations", "local"],
    why: "the command line is the top of the product",
  },
  client: {
    below: [],
    why: "the client runs in browsers; its types are generated from the OpenAPI document",
  },
  history: {
    below: ["app", "client"],
    why: "the store as a library is the app's, in the words of the client's adapters",
  },
  bin: { below: ["cli"], why: "it only starts the command line" },
  ".": {
    below: ["components", "stacks"],
    why: "the package's entry exports the library, not the tools",
  },
  docs: { below: [], why: "the documents' site knows nothing of the product" },
  examples: { below: [], why: "examples import the package by its name, as its users do" },
  testing: {
    below: all,
    why: "tests, benchmarks and scripts share it, so it imports none of them",
  },
  bench: {
    below: [...all, "testing"],
    why: "what tests, benchmarks and scripts share is in testing/",
  },
  scripts: {
    below: [...all, "testing"],
    why: "what tests, benchmarks and scripts share is in testing/",
  },
  test: { below: [...all, "docs", "testing", "bench", "scripts"], why: "tests import everything" },
};

interface PackageRule {
  /** Packages and globals that it is about. */
  readonly packages: RegExp;
  readonly applies: (room: string) => boolean;
  /** Whether types of them are no matter. */
  readonly typesAreFree: boolean;
  readonly why: string;
}

const isProduct = (room: string) =>
  room in rooms && !["test", "bench", "scripts", "docs"].includes(room);
const isIn =
  (...names: readonly string[]) =>
  (room: string) =>
    names.includes(room);

const awsAndSockets =
  /^@aws-sdk\/|^@smithy\/|^(node:)?(net|tls|https?|http2|dgram|dns)(\/|$)|^@grpc\/|_grpc_pb(\.js)?$|^@pulumi\/pulumi\/automation|^(postgres|undici|ws|fetch|WebSocket|EventSource)$/;

const packageRules: readonly PackageRule[] = [
  {
    packages: /^commander$/,
    applies: (room) => isProduct(room) && room !== "cli",
    typesAreFree: false,
    why: "cli/ alone knows how the command line is parsed",
  },
  {
    packages: awsAndSockets,
    applies: isIn("policies", "components", "stacks", "offline"),
    typesAreFree: true,
    why: "this room works without an account: no AWS client and no socket at run time",
  },
  {
    packages: /^@pulumi\//,
    applies: isIn("app", "client"),
    typesAreFree: false,
    why: "the app and its client know nothing of Pulumi",
  },
  {
    packages: /^vitest$/,
    applies: (room) => isProduct(room) && room !== "testing",
    typesAreFree: false,
    why: "only tests and what they share import the test runner",
  },
];

/** Imports that break a rule for a reason. */
export const exceptions: readonly { from: string; to: string; why: string }[] = [
  ...["@grpc/grpc-js", "@pulumi/pulumi/proto/analyzer_grpc_pb.js"].map((to) => ({
    from: "offline/check/pack/pack.ts",
    to,
    why: "a policy pack is a process of its own that listens on the loopback interface, as for the engine",
  })),
  ...[
    ["engine", "@grpc/grpc-js"],
    ["engine", "@pulumi/pulumi/proto/engine_grpc_pb.js"],
    ["engine", "@pulumi/pulumi/proto/resource_grpc_pb.js"],
    ["language", "@grpc/grpc-js"],
    ["language", "@pulumi/pulumi/proto/language_grpc_pb.js"],
  ].map(([file = "", to = ""]) => ({
    from: `offline/host/${file}.ts`,
    to,
    why: "a program in a process of its own asks its engine over the loopback interface, as under the CLI",
  })),
];

const roomOf = (path: string) => (path.includes("/") ? (path.split("/")[0] ?? "") : ".");
const isTest = (path: string) => /\.test\.ts$|^policies\/testing\.ts$/.test(path);
const isExcepted = (one: Import) =>
  exceptions.some(({ from, to }) => from === one.from && to === one.to);

/** Imports that go the wrong way, and packages in the wrong room: file, import and reason. */
export function faultsOf(imports: readonly Import[]): string[] {
  return imports
    .filter((one) => !isExcepted(one))
    .flatMap((one) => {
      const why = one.isFile ? wrongWay(one) : wrongPackage(one);
      return why === undefined ? [] : [`${one.from}:${one.line} imports ${one.to}: ${why}`];
    });
}

function wrongWay({ from, to }: Import): string | undefined {
  const [room, other] = [roomOf(from), roomOf(to)];
  const rules = rooms[room];
  if (!rules) return `${room}/ has no place in the house: name it in test/house/rooms.ts`;
  if (room === other || rules.below.includes(other)) return undefined;
  return rules.why;
}

function wrongPackage({ from, to, kind }: Import): string | undefined {
  if (isTest(from)) return undefined;
  const broken = packageRules.find(
    ({ packages, applies, typesAreFree }) =>
      applies(roomOf(from)) && packages.test(to) && !(typesAreFree && kind === "type"),
  );
  return broken?.why;
}

/**
 * Files that `offline/` loads at run time, in whichever room they stand, and that load an AWS client or
 * open a socket: each with the way from `offline/` to it.
 */
export function offlineFaultsOf(imports: readonly Import[]): string[] {
  const byFile = Map.groupBy(
    imports.filter(({ kind }) => kind === "value"),
    ({ from }) => from,
  );
  const ways = new Map<string, readonly string[]>();
  const queue = [...byFile.keys()].filter((file) => roomOf(file) === "offline");
  for (const file of queue) ways.set(file, [file]);
  const faults: string[] = [];
  for (const file of queue) {
    const way = ways.get(file) ?? [file];
    for (const one of byFile.get(file) ?? []) {
      if (!one.isFile) {
        if (awsAndSockets.test(one.to) && !isExcepted(one))
          faults.push(
            `${way.join(" → ")}:${one.line} imports ${one.to}: offline/ works without an account`,
          );
      } else if (!ways.has(one.to)) {
        ways.set(one.to, [...way, one.to]);
        queue.push(one.to);
      }
    }
  }
  return faults;
}

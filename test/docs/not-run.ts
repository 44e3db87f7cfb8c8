/** Commands of the documents that `run.test.ts` does not run as they stand: why, and what runs them instead. */

export interface NotRun {
  readonly command: RegExp;
  readonly why: string;
  /** The test that does what the command does, as far as that is possible here. */
  readonly instead?: string;
}

export const notRun: readonly NotRun[] = [
  { command: /^aws /, why: "the AWS CLI asks an account" },
  {
    command: /^(npm run (--silent |-s )?pulumi --|pulumi) (up|preview|destroy|stack|config)\b/,
    why: "the Pulumi CLI, a backend and most of the time an account",
    instead: "test/engine/stacks.test.ts",
  },
  {
    command: /chatstack plan .*--against state\.json/,
    why: "reads what `pulumi stack export` wrote",
    instead: "test/plan/state.test.ts",
  },
  {
    command: /chatstack tenant move .*--yes/,
    why: "deploys two stacks",
    instead: "test/engine/move.test.ts",
  },
  {
    command: /chatstack (backup|restore) /,
    why: "works on tables of an account or of a running environment",
    instead: "test/restore/runbook.test.ts",
  },
  {
    command: /chatstack usage /,
    why: "asks an account for its metrics",
    instead: "test/usage/usage.test.ts",
  },
  {
    command: /chatstack migrate /,
    why: "reads the table of a running environment or of an account",
    instead: "test/local/start/migrate.test.ts",
  },
  {
    command: /chatstack fleet /,
    why: "calls the Pulumi CLI for many stacks",
    instead: "test/fleet/command.test.ts",
  },
  {
    command: /chatstack drift /,
    why: "asks the Pulumi CLI what is deployed",
    instead: "test/drift/drift.test.ts",
  },
  {
    command: /chatstack doctor .*--account/,
    why: "reads an account",
    instead: "test/doctor/account.test.ts",
  },
  {
    command: /npm start\b/,
    why: "runs until somebody stops it",
    instead: "test/local/start/cli.test.ts",
  },
  {
    command: /^(token=|api=|curl )|chatstack open /,
    why: "asks a running environment",
    instead: "test/local/start/chat.test.ts",
  },
  {
    command: /^npm pack\b|^cp -r node_modules\/chatstack/,
    why: "installs the package somewhere else",
    instead: "test/package/matrix/examples.test.ts",
  },
  {
    command:
      /^npx vitest |^npm (ci|test|run (test|bench|reliability|drill)\b)|^SECURITY_CASES=|^\.ci\/run/,
    why: "runs tests, and is run by CI",
  },
  {
    command: /^npm run docs\b/,
    why: "writes documents of this repository; tests compare them",
    instead: "test/docs/reference.test.ts",
  },
  {
    command: /^(git|gh|npm version|npm publish) ?/,
    why: "makes a release",
  },
  {
    command: /^node scripts\/engine-states\.ts/,
    why: "asks the Pulumi CLI",
    instead: "test/plan/recorded-states.test.ts",
  },
];

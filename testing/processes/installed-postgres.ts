import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEngine } from "../../local/engine.ts";
import { openPostgres } from "../../operations/migrate/target.ts";

/** The version of PostgreSQL on the PATH; undefined where there is none, or nobody to run it as. */
export const installedPostgres = versionOf();

export interface InstalledPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server with its data in a folder of its own, gone after `stop()`. */
export async function startInstalledPostgres(): Promise<InstalledPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "postgres-"));
  const data = join(folder, "data");
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user, user);
  const asUser =
    user === undefined ? [] : ["setpriv", `--reuid=${user}`, `--regid=${user}`, "--clear-groups"];
  const [command = "", ...args] = [
    ...asUser,
    "initdb",
    "-D",
    data,
    "-U",
    "postgres",
    "-A",
    "trust",
    "-N",
  ];
  const { status, stderr } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(`initdb: ${stderr}`);
  const urlOf = (port: number | string) =>
    `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`;
  const [server = "", ...options] = [...asUser, "postgres", "-D", data, "-k", folder, "-F"];
  const engine = await startEngine({
    name: "PostgreSQL",
    command: server,
    cwd: folder,
    args: (port) => [...options, "-h", "127.0.0.1", "-p", String(port)],
    answers: async (endpoint) => {
      await (await openPostgres(urlOf(new URL(endpoint).port))).close();
      return true;
    },
    startSeconds: 20,
    onCrash: (error) => process.emitWarning(error),
  });
  return {
    url: urlOf(new URL(engine.endpoint).port),
    async stop() {
      await engine.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): number | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { stdout } = spawnSync("id", ["-u", "nobody"], { encoding: "utf8" });
  return Number(stdout);
}

function versionOf(): string | undefined {
  const found = ["initdb", "postgres", ...(process.getuid?.() === 0 ? ["setpriv"] : [])].map(
    (command) => spawnSync(command, ["--version"], { encoding: "utf8" }),
  );
  return found.every(({ status }) => status === 0) ? found[1]?.stdout.trim() : undefined;
}

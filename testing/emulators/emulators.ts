/**
 * `testing/emulators/`: emulators that are not ours, for `chatstack start` to run on.
 *
 * Emulators of AWS that are not ours, where they are installed, each as a process of its own on loopback.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";

export interface Emulator {
  readonly name: string;
  /** Program that must be on the PATH. */
  readonly program: string;
  /** How to install it, for whoever reads why a test was skipped. */
  readonly install: string;
  /** Services that it stands for; the others stay embedded. */
  readonly services: readonly ("DYNAMODB" | "S3" | "COGNITO_IDENTITY_PROVIDER")[];
  /** Whether it keeps CloudWatch's metrics too, and for longer than a month: MiniStack 1.5 drops those of two weeks ago. */
  readonly hasMetrics?: true;
  /** Why it takes no upload by a signed form, where it does not. */
  readonly noForm?: string;
  readonly command: (port: number, folder: string) => { args: string[]; env?: object };
}

const all = ["DYNAMODB", "S3", "COGNITO_IDENTITY_PROVIDER"] as const;

export const emulators: readonly Emulator[] = [
  {
    name: "moto",
    program: "moto_server",
    install: "pip install 'moto[server]'",
    services: all,
    hasMetrics: true,
    command: (port) => ({ args: ["-H", "127.0.0.1", "-p", String(port)] }),
  },
  {
    name: "ministack",
    program: "ministack",
    install: "pip install ministack",
    services: all,
    command: (port, folder) => ({
      args: [],
      env: {
        GATEWAY_PORT: String(port),
        EDGE_PORT: String(port),
        HOST: "127.0.0.1",
        TMPDIR: folder,
      },
    }),
  },
  {
    name: "SeaweedFS",
    program: "weed",
    // `go install` refuses its module, which replaces others.
    install: "a release of github.com/seaweedfs/seaweedfs, or go build ./weed in a checkout",
    services: ["S3"],
    noForm: "SeaweedFS 4.53 answers it with 500 InternalError",
    command: (port, folder) => ({
      args: [
        ...["server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", `-dir=${folder}`, "-s3"],
        ...[`-s3.port=${port}`, "-volume.max=100", "-master.volumeSizeLimitMB=64"],
      ],
    }),
  },
];

export const isInstalled = ({ program }: Emulator): boolean =>
  spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" }).status === 0;

export interface RunningEmulator {
  readonly endpoint: string;
  stop(): Promise<void>;
}

export async function startEmulator(emulator: Emulator): Promise<RunningEmulator> {
  const folder = mkdtempSync(join(tmpdir(), `emulator-${emulator.program}-`));
  const port = await freePort();
  const { args, env = {} } = emulator.command(port, folder);
  const child: ChildProcess = spawn(emulator.program, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 900 || child.exitCode !== null) throw new Error(`${emulator.name} does not answer`);
    await sleep(100);
  }
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  server.close();
  await once(server, "close");
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

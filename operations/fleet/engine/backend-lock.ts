/** Whether Pulumi holds a lock on a stack, where that can be seen: in a backend on this machine. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

const projectFile = z.object({
  name: z.string(),
  backend: z.object({ url: z.string().optional() }).optional(),
});

/** `unknown`: the backend is elsewhere, or chosen by `pulumi login`. */
export function lockState(root: string, stack: string): "locked" | "free" | "unknown" {
  const { name, backend } = projectFile.parse(
    parse(readFileSync(join(root, "Pulumi.yaml"), "utf8")),
  );
  const url = process.env.PULUMI_BACKEND_URL ?? backend?.url;
  if (!url?.startsWith("file://")) return "unknown";
  const folder = url.slice("file://".length).replace(/^~(?=\/|$)/, homedir());
  // As the CLI lays it out (pulumi/pulumi, pkg/backend/diy/lock.go), by project and, before 3.61, without.
  const locks = [`organization/${name}/${stack}`, stack].map((path) =>
    join(resolve(root, folder), ".pulumi", "locks", path),
  );
  const isLocked = locks.some((path) => existsSync(path) && holdsFile(path));
  return isLocked ? "locked" : "free";
}

const holdsFile = (folder: string): boolean =>
  readdirSync(folder).some((name) => name.endsWith(".json"));

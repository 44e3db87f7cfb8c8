/** What `chatstack graph` does with its flags. */
import { extname } from "node:path";
import { refuseUnwritable, writeText } from "../../offline/files/files.ts";
import type { Format, GraphFlags } from "../../offline/graph/flags.ts";
import { mermaid } from "../../offline/graph/mermaid.ts";
import type { Topology } from "../../offline/graph/rooms.ts";
import { type Shape, shapesOf } from "../../offline/graph/shapes.ts";
import { svgFile } from "../../offline/graph/svg.ts";
import { topologiesOf } from "../../offline/graph/topology.ts";
import { evaluateStack } from "../../offline/project.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { startProgress } from "../terminal/progress.ts";

export async function graph(flags: GraphFlags): Promise<void> {
  refuseUnwritable(flags.output);
  const progress = startProgress(process.stderr, `evaluating stack ${flags.stack}`);
  try {
    const { records } = await evaluateStack(flags.stack, { preview: true });
    const topologies = topologiesOf(records, flags.level);
    progress.update("drawing");
    const shapes = shapesOf(
      flags.tenant === undefined ? topologies : only(topologies, flags.tenant),
    );
    const drawn = await draw(shapes, flags.format ?? formatOf(flags.output));
    progress.end();
    if (flags.output === undefined) process.stdout.write(drawn);
    else writeText(flags.output, drawn);
  } finally {
    progress.end();
  }
}

function only(topologies: readonly Topology[], tenant: string) {
  const found = topologies.filter((one) => one.tenant === tenant);
  if (found.length > 0) return found;
  const known = topologies.flatMap((one) => one.tenant ?? []).join(", ") || "none";
  throw new UsageError(`--tenant: there is no tenant "${tenant}"; there are ${known}`);
}

function formatOf(output: string | undefined): Format {
  return output !== undefined && extname(output) === ".svg" ? "svg" : "mermaid";
}

async function draw(shapes: readonly Shape[], format: Format): Promise<string> {
  if (format === "mermaid") return mermaid(shapes);
  if (format === "json") return `${JSON.stringify({ version: 1, shapes }, undefined, 2)}\n`;
  return svgFile(shapes);
}

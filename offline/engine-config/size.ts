/** How much config the engine can hand to the program: all of it travels in one environment variable. */
import { goString } from "./json.ts";
import type { EngineConfig } from "./stack-config.ts";

/** Linux's limit of one string of a program's environment, its name and its final NUL included. */
export const largestConfig = 131_072;

/**
 * Bytes of `PULUMI_CONFIG=<JSON>` and its NUL, as the engine passes it to Node.js. Of encrypted values, which
 * cannot be read offline, the placeholder counts.
 */
export function configSize({ config }: Pick<EngineConfig, "config">): number {
  const members = Object.entries(config).map(([key, value]) => {
    const colon = key.indexOf(":");
    // The language host spells keys in their older form.
    const spelled = `${key.slice(0, colon)}:config:${key.slice(colon + 1)}`;
    return `${goString(spelled)}:${goString(value)}`;
  });
  return Buffer.byteLength(`PULUMI_CONFIG={${members.join(",")}}\0`);
}

/** Why the engine cannot start the program with this config; undefined where it can. */
export function refuseOversized(config: Pick<EngineConfig, "config">): string | undefined {
  const size = configSize(config);
  if (size <= largestConfig) return undefined;
  return (
    `config: found ${size} bytes, as the engine hands it to the program; allowed: ${largestConfig}, ` +
    `which is what one environment variable holds. ${howToShrink(config)}`
  );
}

/** From 80 % of the limit: what to do before it is reached. */
export function sizeWarning(config: Pick<EngineConfig, "config">): string | undefined {
  const size = configSize(config);
  if (size < 0.8 * largestConfig || size > largestConfig) return undefined;
  const percent = Math.floor((100 * size) / largestConfig);
  return (
    `config: ${size} bytes of ${largestConfig} that the engine can hand to the program (${percent} %). ` +
    howToShrink(config)
  );
}

function howToShrink({ config }: Pick<EngineConfig, "config">): string {
  const sizes = Object.entries(config).map(
    ([key, value]) => [key, Buffer.byteLength(value)] as const,
  );
  const [key, bytes] = sizes.sort(([, a], [, b]) => b - a)[0] ?? ["", 0];
  return (
    `The largest is ${key} with ${bytes} bytes. Put settings that tenants share into the stack's ` +
    "defaults, or move tenants to a stack of their own."
  );
}

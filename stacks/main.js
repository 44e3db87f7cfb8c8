// The entry that Pulumi.yaml names. Plain JavaScript that old versions of Node understand, so that a plain `pulumi up`
// under one of them says what is wrong; Node strips the types of the rest from 22.18 on.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

/** `stacks/index.ts`, the program. */
export default async function program() {
  if (major < 22 || (major === 22 && minor < 18)) {
    // Told without a stack trace, which no one needs here and the SDK takes half a minute for.
    const { RunError } = await import("@pulumi/pulumi");
    throw new RunError(
      `this program needs Node.js 22.18 or newer; this is ${process.versions.node}. Run it with ` +
        "`npm run pulumi -- up`, which brings Node.js 24 along, or install Node.js from https://nodejs.org",
    );
  }
  const { default: run } = await import("./index.ts");
  return run();
}

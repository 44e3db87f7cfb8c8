// The entry that Pulumi.yaml names. Plain JavaScript that old versions of Node understand, so that a plain `pulumi up`
// under one of them says what is wrong; Node strips the types of the rest from 22.18 on.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isTooOld = major < 22 || (major === 22 && minor < 18);

// Loaded with this module, not when the program runs: an evaluation takes the program's silence for a hang.
const { default: program } = isTooOld ? { default: refuse } : await load();

async function load() {
  await import("./lean-promises.ts");
  return import("./index.ts");
}

/** The program of `stacks/index.ts`. */
export default program;

/** Without a stack trace, which no one needs here and the SDK takes half a minute for. */
async function refuse() {
  const { RunError } = await import("@pulumi/pulumi");
  throw new RunError(
    `this program needs Node.js 22.18 or newer; this is ${process.versions.node}. Run it with ` +
      "`npm run pulumi -- up`, which brings Node.js 24 along, or install Node.js from https://nodejs.org",
  );
}

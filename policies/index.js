// The pack's main file, for which the CLI knows JavaScript only; Node strips the types of the rest from 22.18 on. Old
// versions of Node understand this file, so that a plain `pulumi` under one of them says what is wrong.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  throw new Error(
    `this policy pack needs Node.js 22.18 or newer; this is ${process.versions.node}. Run it with ` +
      "`npm run pulumi -- preview`, which brings Node.js 24 along, or install Node.js from https://nodejs.org",
  );
}

// Neither awaited nor required: the CLI requires this file, and has ts-node compile what is required from it.
void import("./index.ts");

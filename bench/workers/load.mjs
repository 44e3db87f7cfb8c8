/** Milliseconds that this process takes to import the file it is given; Node's own start is not among them. */
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [file] = process.argv.slice(2);
const start = performance.now();
await import(pathToFileURL(file).href);
writeSync(3, JSON.stringify(performance.now() - start));
process.exit();

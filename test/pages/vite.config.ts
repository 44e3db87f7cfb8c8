import { resolve } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  // What `amazon-cognito-identity-js` takes for granted.
  define: { global: "globalThis" },
  server: { host: "localhost", fs: { allow: [resolve(import.meta.dirname, "../..")] } },
  clearScreen: false,
});

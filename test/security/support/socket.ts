import { once } from "node:events";
import { connect } from "node:net";

const listeningMs = 1_500;

/**
 * Sends bytes as they are and answers what comes back until the server closes the connection. One that
 * it leaves open is listened to for a while: it waits for more, or for our next request.
 */
export async function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A server that has refused may close while we still write.
  socket.on("error", () => {});
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.write(Buffer.from(bytes, "latin1"));
  const timer = setTimeout(() => socket.destroy(), listeningMs);
  await once(socket, "close");
  clearTimeout(timer);
  return Buffer.concat(chunks).toString();
}

/** Status lines of everything that came back: one for each request that the server saw. */
export function statusesIn(answer: string): number[] {
  return [...answer.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
}

import { connect } from "node:net";
import { text } from "node:stream/consumers";

/** Sends bytes as they are and answers what came back until the server closed the connection. */
export async function raw(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  // A server that has refused may close while we still write.
  socket.on("error", () => {});
  // Not ended by us: a half-closed connection would hide whether the server waits for more.
  socket.write(Buffer.from(bytes, "latin1"));
  const timer = setTimeout(() => socket.destroy(), 1_500);
  try {
    return await text(socket);
  } catch {
    return "";
  } finally {
    clearTimeout(timer);
    socket.destroy();
  }
}

/** Status lines of everything that came back: one for each request that the server saw. */
export function statusesIn(answer: string): number[] {
  return [...answer.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
}

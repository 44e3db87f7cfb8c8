import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { z } from "zod";

/**
 * A way to an engine that can go silent: what was open stays open and passes nothing on any more, as a
 * connection whose route was forgotten while the process was frozen.
 */
export interface CuttableProxy {
  readonly endpoint: string;
  /** Silences every connection that is open now. */
  cut(): void;
  /** Bytes that were sent into connections after they were cut. */
  readonly bytesIntoSilence: number;
  /** Bytes that the engine answered. */
  readonly bytesAnswered: number;
  stop(): Promise<void>;
}

export async function startCuttableProxy(target: string): Promise<CuttableProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<() => void>();
  const sockets = new Set<Socket>();
  let lost = 0;
  let answered = 0;
  const server = createServer((client) => {
    const engine = connect(Number(port), hostname);
    for (const socket of [client, engine]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => sockets.delete(socket));
    }
    client.pipe(engine).pipe(client);
    engine.on("data", (bytes) => {
      answered += bytes.length;
    });
    const silence = () => {
      client.unpipe(engine);
      engine.unpipe(client);
      engine.destroy();
      client.on("data", (bytes) => {
        lost += bytes.length;
      });
      client.resume();
    };
    open.add(silence);
    client.on("close", () => {
      open.delete(silence);
      engine.destroy();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = z.object({ port: z.number() }).parse(server.address());
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    cut() {
      for (const silence of open) silence();
      open.clear();
    },
    get bytesIntoSilence() {
      return lost;
    },
    get bytesAnswered() {
      return answered;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

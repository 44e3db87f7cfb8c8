/**
 * A stand-in for the `aws` provider plugin: speaks the provider protocol to the real Pulumi engine, and
 * keeps its "cloud" in the folder that the environment variable `STAND_IN_AWS` names. It prints its port,
 * as the engine expects of every plugin.
 */
import * as grpc from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Cloud } from "./cloud.ts";
import { AwsProvider } from "./provider.ts";

const folder = process.env.STAND_IN_AWS;
if (!folder) throw new Error("STAND_IN_AWS must name the folder that is the cloud");

const megabyte = 1024 * 1024;
const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * megabyte });
server.addService(service.ResourceProviderService, new AwsProvider(new Cloud(folder)).handlers());
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

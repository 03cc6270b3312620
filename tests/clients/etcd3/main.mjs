// Puts and gets a key by etcd3, which is gRPC in JavaScript on Node's OpenSSL: FOLDER of a client, URL...

import { readFileSync } from "node:fs";
import { Etcd3 } from "etcd3";

const [folder, ...hosts] = process.argv.slice(2);
const read = (name) => readFileSync(`${folder}/${name}`);
const credentials = {
  rootCertificate: read("ca.crt"),
  certChain: read("client.crt"),
  privateKey: read("client.key"),
};
const client = new Etcd3({ hosts, credentials });
try {
  await client.put("etcd3").value("flowers");
  console.log(await client.get("etcd3").string());
} catch (error) {
  console.error(`refused: ${error}`);
  process.exitCode = 1;
} finally {
  client.close();
}

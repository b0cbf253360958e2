// Reads {secret, body, headers} and says "ok", or what the library finds wrong.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const { secret, body, headers } = JSON.parse(readFileSync(0, "utf8"));
try {
  const webhook = secret.startsWith("whsec_") ? new Webhook(secret) : new Webhook(secret, { format: "raw" });
  webhook.verify(body, Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])));
  console.log("ok");
} catch (error) {
  console.log(error.message);
}

// Checks crypto_helper.mjs against the vectors in Node; prints how many held.
import { readFileSync } from "node:fs";
import * as crypto from "../../../sdk/typescript/crypto_helper.mjs";
import { check } from "./vectors.mjs";

const vectors = JSON.parse(readFileSync(new URL("../../../sdk/vectors/encryption.json", import.meta.url), "utf8"));
console.log(await check(crypto, vectors));

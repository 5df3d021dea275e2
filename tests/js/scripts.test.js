// Every script of the app parses, and imports only what is there.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { SourceTextModule } from "node:vm";

const COMPONENTS = new URL("../../components/", import.meta.url);

/** Scripts as modules by their address, nothing of them run. */
function modules(addresses, read = (address) => readFileSync(fileURLToPath(address), "utf-8")) {
  return new Map(addresses.map((address) => [address, new SourceTextModule(read(address), { identifier: address })]));
}

/** Finds for every import the module that it names, and in it every name that is imported. */
async function link(all) {
  const find = (specifier, { identifier }) => {
    const found = all.get(new URL(specifier, identifier).href);
    assert.ok(found, `${identifier} imports ${specifier}, which is not there`);
    return found;
  };
  for (const module of all.values()) if (module.status === "unlinked") await module.link(find);
}

const files = readdirSync(COMPONENTS, { recursive: true }).filter((name) => name.endsWith(".js"));

test(`the ${files.length} scripts fit together`, async () => {
  assert.ok(files.length > 30);
  await link(modules(files.map((name) => new URL(name, COMPONENTS).href)));
});

const BROKEN = [
  [{ "a.js": "const = 1;" }, SyntaxError],
  [{ "a.js": 'import { b } from "./b.js";', "b.js": "export const c = 1;" }, /b/],
  [{ "a.js": 'import b from "./b.js";', "b.js": "export const b = 1;" }, /default/],
  [{ "a.js": 'import { b } from "../b.js";', "b.js": "export const b = 1;" }, /not there/],
];
for (const [sources, error] of BROKEN) {
  test(`noticed: ${JSON.stringify(sources)}`, async () => {
    const read = (address) => sources[address.split("/").at(-1)];
    const addresses = Object.keys(sources).map((name) => `file:///scripts/${name}`);
    await assert.rejects(async () => link(modules(addresses, read)), error);
  });
}

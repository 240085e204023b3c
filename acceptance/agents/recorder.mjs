// A proxy between an agent and the server that keeps every exchange: nothing in either direction is changed.

import http from "node:http";
import { appendFileSync } from "node:fs";

const SECRET = new Set(["authorization", "x-api-key"]);

/** Events with which an answer's own text, thoughts or calls begin, in each API. */
const FIRST_TOKEN =
  /"type":"content_block_(start|delta)"|"type":"response\.(output_item\.added|output_text\.delta|reasoning_text\.delta)"|"(content|reasoning_content)":"[^"]|"tool_calls":\[|"text":"[^"]/;

/**
 * Starts one on a free port of loopback.
 *
 * @param target the server's URL
 * @returns {{url: string, exchanges: object[], into: function(string), close: function}}
 */
export async function record(target) {
  const upstream = new URL(target);
  const recorder = { exchanges: [], file: null };
  const server = http.createServer((request, response) => exchange(upstream, recorder, request, response));
  server.requestTimeout = 0;
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Begins a new record, kept in a file too, one line of JSON for each exchange. */
    begin(file) {
      recorder.exchanges = [];
      recorder.file = file;
    },
    get exchanges() {
      return recorder.exchanges;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function exchange(upstream, recorder, request, response) {
  const began = performance.now();
  const kept = {
    at: new Date().toISOString(),
    method: request.method,
    path: request.url,
    requestHeaders: shown(request.headers),
    requestBody: "",
    status: null,
    responseHeaders: null,
    responseBody: "",
    firstByteMillis: null,
    firstTokenMillis: null,
    millis: null,
    end: "open",
  };
  recorder.exchanges.push(kept);
  const file = recorder.file;
  const ended = (how) => {
    if (kept.end !== "open") {
      return;
    }
    kept.end = how;
    kept.millis = Math.round(performance.now() - began);
    kept.responseBody = Buffer.concat(answered).toString("utf8");
    if (file) {
      appendFileSync(file, JSON.stringify(kept) + "\n", { mode: 0o600 });
    }
  };
  const pieces = [];
  const answered = [];
  // An agent that is killed resets its connections; "close" below says so.
  request.on("error", () => {});
  response.on("error", () => {});
  request.on("data", (piece) => pieces.push(piece));
  request.on("end", () => {
    const body = Buffer.concat(pieces);
    kept.requestBody = body.toString("utf8");
    const forward = http.request(
      {
        host: upstream.hostname,
        port: upstream.port,
        method: request.method,
        path: request.url,
        headers: { ...request.headers, host: upstream.host },
      },
      (answer) => {
        kept.status = answer.statusCode;
        kept.responseHeaders = answer.headers;
        response.writeHead(answer.statusCode, answer.headers);
        answer.on("data", (piece) => {
          kept.firstByteMillis ??= Math.round(performance.now() - began);
          answered.push(piece);
          if (kept.firstTokenMillis === null && FIRST_TOKEN.test(piece.toString("latin1"))) {
            kept.firstTokenMillis = Math.round(performance.now() - began);
          }
          response.write(piece);
        });
        answer.on("end", () => {
          response.end();
          ended("whole");
        });
        answer.on("error", () => {
          response.destroy();
          ended("broken by the server");
        });
      },
    );
    forward.on("error", () => {
      response.destroy();
      ended("broken by the server");
    });
    response.on("close", () => {
      if (!response.writableEnded) {
        forward.destroy();
        ended("left by the agent");
      }
    });
    forward.end(body);
  });
}

function shown(headers) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, SECRET.has(name) ? "(a key)" : value]));
}

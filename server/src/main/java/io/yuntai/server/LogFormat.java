package io.yuntai.server;

/** How lines of the server's log are written. */
public enum LogFormat {
  /** For people. */
  TEXT,
  /** A JSON object a line, for programs. */
  JSON
}

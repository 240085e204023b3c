// The agents: where they come from, and how each is asked without a terminal.

/** What every agent is asked to do. */
export const TASK =
  "Create a file named hello.py in the current folder that contains exactly one line: print(\"hello\"). " +
  "Use your tool for writing files. When the file is there, answer with the word done.";

/**
 * Each agent by the name that `yuntai connect` has for it.
 *
 * packages  what npm installs
 * ask       arguments behind the line with which `yuntai connect` says that it is started
 * env       what keeps it from calling home
 */
export const AGENTS = {
  "claude-code": {
    packages: ["@anthropic-ai/claude-code"],
    ask: (task) => ["-p", task, "--max-turns", "6", "--allowedTools", "Write,Edit,Read,Bash", "--permission-mode", "acceptEdits"],
    env: { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1", DISABLE_AUTOUPDATER: "1" },
  },
  codex: {
    packages: ["@openai/codex"],
    ask: (task) => ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", task],
    env: {},
  },
  "qwen-code": {
    packages: ["@qwen-code/qwen-code"],
    ask: (task) => ["--yolo", "-p", task],
    env: { QWEN_TELEMETRY_ENABLED: "0" },
  },
  opencode: {
    packages: ["opencode-ai"],
    ask: (task) => ["run", task],
    env: { OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_LSP_DOWNLOAD: "true" },
  },
};

"""Runs the snippets of Markdown files, as a reader would paste them. See CONTRIBUTING.md."""

import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLIENTS = pathlib.Path(os.environ["YUNTAI_CLIENTS"])
HOME = pathlib.Path(os.environ["YUNTAI_HOME"])
KEY = os.environ["YUNTAI_KEY"]
SERVED = ["qwen2.5-coder:0.5b", "smollm2:135m", "all-minilm:l6-v2"]
SECONDS = 120

FENCE = re.compile(r"(?P<marks>(?:^<!-- snippet: .*? -->\n+)*)^(?P<ticks>`{3,})(?P<language>\w*)\n(?P<text>.*?)^(?P=ticks)$", re.M | re.S)
MARK = re.compile(r"<!-- snippet: (.*?) -->")
RUN = {"sh", "python", "js", "java", "crontab"}

# What stands for something else in a test: a model that CI does not pull, and the example's upstream.
STAND_INS = {"qwen2.5-coder:1.5b": "qwen2.5-coder:0.5b", "yt-...": KEY}


class Failure(Exception):
    """A snippet that does not do what it says."""


class Snippet:
    """A fenced block with the marks that stand before it."""

    def __init__(self, file, match, whole):
        self.file = file
        self.line = whole[: match.start("ticks")].count("\n") + 1
        self.language = match["language"]
        self.text = match["text"]
        self.without, self.answer_of, self.illustrative, self.written_to = [], None, None, None
        self.stands_for, self.before, self.afterwards = {}, [], []
        for mark in MARK.findall(match["marks"]):
            kind, _, rest = mark.partition(" ")
            if kind == "illustrative:" and rest.strip():
                self.illustrative = rest
            elif kind == "without" and re.fullmatch(r'"[^"]+": .+', rest):
                self.without.append(rest.split('"')[1])
            elif kind == "with" and re.fullmatch(r'"[^"]+": .+', rest):
                self.stands_for[rest.split('"')[1]] = rest.split('": ', 1)[1]
            elif kind == "after:" and rest:
                self.before.append(rest)
            elif kind == "then:" and rest:
                self.afterwards.append(rest)
            elif kind == "file:" and re.fullmatch(r"[\w.-]+", rest):
                self.written_to = rest
            elif kind == "answer" and rest.startswith("of: "):
                self.answer_of = rest[len("of: ") :]
            else:
                raise Failure(f"{self}: nobody knows the mark '{mark}'")

    def __str__(self):
        return f"{self.file}:{self.line}"


class Server:
    """The one server of all snippets: those that start one get theirs in its place, unless it has a home of its own."""

    def __init__(self, url):
        self.url = url
        self.own = True

    def state(self):
        return json.loads(subprocess.run([ROOT / "yuntai", "status", "--json"], check=True, capture_output=True).stdout)

    def look(self):
        """After a snippet: where the server is now that the snippet may have started."""
        marker = HOME / "snippet-up"
        if marker.exists():
            marker.unlink()
            self.own = False
            self.url = self.state()["url"]

    def usual(self, cwd):
        """Before a file: the server with all models."""
        if not self.own:
            models = [each for name in SERVED for each in ("--model", name)]
            subprocess.run([ROOT / "yuntai", "down", "--force"], check=False, capture_output=True)
            subprocess.run([ROOT / "yuntai", "up", "--detach", "--port", "0", *models], check=True, capture_output=True, cwd=cwd)
            self.url = self.state()["url"]
            self.own = True
        # A page begins with the tenants of a new server; a deleted one's name is free again.
        listed = subprocess.run([ROOT / "yuntai", "tenants", "list", "--json"], check=True, capture_output=True, cwd=cwd)
        for name in (each["name"] for each in json.loads(listed.stdout) if each["name"] != "default"):
            subprocess.run([ROOT / "yuntai", "tenants", "delete", name], check=True, capture_output=True, cwd=cwd)


class Upstream(http.server.BaseHTTPRequestHandler):
    """Stands for another server of OpenAI's API."""

    def do_GET(self):
        self.answer({"object": "list", "data": []})

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if asked.get("stream"):
            chunks = [{"choices": [{"index": 0, "delta": {"content": "hi"}}]}, {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}]
            usage = {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}
            body = "".join(f"data: {json.dumps(each)}\n\n" for each in [*chunks, usage]) + "data: [DONE]\n\n"
            self.send("text/event-stream", body)
        else:
            message = {"role": "assistant", "content": "hi"}
            choice = {"index": 0, "message": message, "finish_reason": "stop"}
            self.answer({"choices": [choice], "usage": {"prompt_tokens": 1, "completion_tokens": 1}})

    def answer(self, value):
        self.send("application/json", json.dumps(value))

    def send(self, kind, text):
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def tools(folder):
    """Programs that stand before the real ones on the path of snippets."""
    folder.mkdir()
    # A server in the foreground would never return, and its port may be taken; the rest is as it is written.
    script(
        folder / "yuntai",
        f"""
        if [ "${{1:-}}" = up ]; then
          shift
          case " $* " in
            *' --home '*) ;;
            *)
              {ROOT}/yuntai down --force >/dev/null 2>&1 || :
              touch '{HOME}/snippet-up'
              ;;
          esac
          exec {ROOT}/yuntai up --detach --port 0 "$@"
        fi
        exec {ROOT}/yuntai "$@"
        """,
    )
    # To curl an error of HTTP is an answer like any other; to a test it is not.
    script(folder / "curl", f'exec {shutil.which("curl")} --silent --show-error --fail-with-body "$@"')
    # For marks: `field 0.id` prints that part of the JSON that comes in.
    script(
        folder / "field",
        f"""
        exec {sys.executable} -c '
        import functools, json, sys
        print(functools.reduce(lambda at, each: at[int(each) if isinstance(at, list) else each], sys.argv[1].split("."), json.load(sys.stdin)))
        ' "$@"
        """,
    )


def script(path, text):
    path.write_text("#!/bin/sh\n" + "\n".join(line.strip() for line in text.strip().splitlines()) + "\n")
    path.chmod(0o755)


def sandbox(parent, bin):
    """A new folder to paste into: a repository with a change, and the yuntai script."""
    folder = pathlib.Path(tempfile.mkdtemp(dir=parent))
    (folder / "yuntai").symlink_to(bin / "yuntai")
    (folder / "greet.py").write_text("def greet():\n    return 'hello'\n")
    git = ["git", "-C", folder, "-c", "user.name=test", "-c", "user.email=test@localhost"]
    for args in (["init", "-q"], ["add", "greet.py"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *args], check=True, capture_output=True)
    (folder / "greet.py").write_text("def greet(name):\n    return f'hello {name}'\n")
    return folder


def run(command, folder, bin, home):
    """What a command prints; it fails where the command does."""
    environment = {
        **os.environ,
        "PATH": f"{bin}:{CLIENTS / 'python' / 'bin'}:{os.environ['PATH']}",
        "HOME": str(home),
        "YUNTAI_API_KEY": KEY,
        "OPENAI_API_KEY": KEY,
        "NO_COLOR": "1",
    }
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS
        )
    except subprocess.TimeoutExpired as e:
        raise Failure(f"has not ended within {SECONDS} s") from e
    if done.returncode != 0:
        raise Failure(f"exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def shell(text, folder, bin, home):
    return run(["bash", "-euo", "pipefail", "-c", text], folder, bin, home)


def execute(snippet, text, folder, bin, home):
    if snippet.language == "sh":
        return shell(text, folder, bin, home)
    if snippet.language == "crontab":
        # Five fields of times; and a % that cron is to leave alone has a backslash.
        return shell(re.sub(r"^(\S+\s+){5}", "", text, flags=re.M).replace("\\%", "%"), folder, bin, home)
    if snippet.language == "python":
        (folder / "snippet.py").write_text(text)
        return run(["python", "snippet.py"], folder, bin, home)
    if snippet.language == "js":
        (folder / "node_modules").is_symlink() or (folder / "node_modules").symlink_to(CLIENTS / "node" / "node_modules")
        (folder / "snippet.mjs").write_text(text)
        return run(["node", "snippet.mjs"], folder, bin, home)
    (folder / "Snippet.java").write_text(text)
    java = pathlib.Path(os.environ["JAVA_HOME"]) / "bin" / "java"
    path = (ROOT / "acceptance" / "target" / "test.classpath").read_text().strip()
    return run([java, "-cp", path, "Snippet.java"], folder, bin, home)


def elided(text):
    """A shape as JSON: '...' is left out, and an object that has one says so."""
    text = re.sub(r",?\s*\.\.\.\s*(?=\})", lambda m: ("," if m[0].startswith(",") else "") + '"...":0', text)
    return json.loads(re.sub(r",?\s*\.\.\.\s*(?=\])", "", text))


def compare(shape, value, path):
    """Every name of the shape is there, with a value of its kind, and no other where nothing was left out."""
    if isinstance(shape, dict) and isinstance(value, dict):
        missing = [name for name in shape if name != "..." and name not in value]
        new = [] if "..." in shape else [name for name in value if name not in shape]
        if missing or new:
            raise Failure(f"at '{path}' the answer has no {missing}, and has {new} beside")
        for name in shape.keys() - {"..."}:
            compare(shape[name], value[name], f"{path}.{name}")
    elif isinstance(shape, list) and isinstance(value, list):
        if shape and not value:
            raise Failure(f"at '{path}' the answer has nothing")
        if shape:
            compare(shape[0], value[0], f"{path}[0]")
    elif not (shape is None or value is None or kind(shape) == kind(value)):
        raise Failure(f"at '{path}' the answer has {json.dumps(value)}")


def kind(value):
    return "number" if type(value) in (int, float) else type(value).__name__


def read(file):
    whole = (ROOT / file).read_text()
    return [Snippet(file, match, whole) for match in FENCE.finditer(whole)]


def main(files):
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="yuntai-snippets-"))
    bin, home = scratch / "bin", scratch / "home"
    home.mkdir()
    tools(bin)
    server = Server(os.environ["YUNTAI_URL"])
    upstream = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    STAND_INS["http://10.0.0.7:8000"] = f"http://127.0.0.1:{upstream.server_address[1]}"
    passed, failures, kept = 0, [], 0
    for file in files:
        snippets = read(file)
        if any(each.illustrative is None for each in snippets):
            server.usual(scratch)
        folder, output = sandbox(scratch, bin), ""
        for snippet in snippets:
            if snippet.written_to:
                (folder / snippet.written_to).write_text(snippet.text)
        for snippet in snippets:
            if snippet.illustrative is not None or snippet.language == "text":
                kept += 1
                continue
            began = time.monotonic()
            try:
                output = check(snippet, output, server, folder, bin, home)
                passed += 1
                print(f"  {snippet} {snippet.language}, {time.monotonic() - began:.1f} s", flush=True)
            except (Failure, ValueError, OSError) as e:
                failures.append(f"{snippet} {snippet.language}: {e}")
                print(f"  {failures[-1]}", flush=True)
            server.look()
    upstream.shutdown()
    shutil.rmtree(scratch, ignore_errors=True)
    print(f"{kept} snippets only show something, and say why")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


def check(snippet, output, server, folder, bin, home):
    """Runs or compares a snippet; gives what it printed."""
    def placed(text):
        for name, other in {"http://127.0.0.1:8460": server.url, **STAND_INS}.items():
            text = text.replace(name, other)
        return text

    for each in snippet.before:
        shell(placed(each), folder, bin, home)
    lines = snippet.text.splitlines(keepends=True)
    text = "".join(line for line in lines if not any(line.startswith(each) for each in snippet.without))
    for name, command in snippet.stands_for.items():
        if name not in text:
            raise Failure(f"has no {name}, which its mark stands for")
        text = text.replace(name, f"$({command})")
    output = checked(snippet, placed(text), output, placed, folder, bin, home)
    for each in snippet.afterwards:
        shell(placed(each), folder, bin, home)
    return output


def checked(snippet, text, output, placed, folder, bin, home):
    if snippet.language in RUN:
        return execute(snippet, text, folder, bin, home)
    if snippet.language == "json":
        if snippet.answer_of is not None:
            # A refusal is an answer too.
            output = run(["bash", "-c", placed(snippet.answer_of).replace("curl ", shutil.which("curl") + " -s ", 1)], folder, bin, home)
        compare(elided(text), json.loads(output), "")
        return output
    if snippet.written_to and snippet.afterwards:
        return output
    if snippet.language == "toml" and re.match(r"# [\w.]+\n", text):
        (folder / text.split("\n")[0][2:]).write_text(text)
        return output
    raise Failure("is neither run nor marked: say its language (sh, python, js, java, json, toml, text) or why it only shows something")


if __name__ == "__main__":
    tracked = subprocess.run(["git", "-C", ROOT, "ls-files", "*.md"], check=True, capture_output=True, text=True).stdout.split()
    sys.exit(main(sys.argv[1:] or sorted(tracked)))

"""Runs the shipped product on PostgreSQL servers of several versions; acceptance/postgres/run starts it."""

import concurrent.futures
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from servers import Server

ROOT, MODEL = sys.argv[1], sys.argv[2]
JARS = [os.path.join(ROOT, jar) for jar in sys.argv[3:]]
ASKED, PAID, AT_ONCE = 1000, 100, 250
CLIENTS, TOKENS, FAULTS = 6, 12, 4
SETTLED_MOST_SECONDS = 90


class Yuntai:
    """The shipped product with a home of its own."""

    def __init__(self, home):
        self.home = home
        self.port = 0
        self.pid = 0

    def run(self, *arguments, expect=0, url=None):
        """Without `url`, as somebody types it who has set nothing."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("YUNTAI_")}
        environment.update({"YUNTAI_HOME": self.home, "YUNTAI_NO_BUILD": "1"})
        if url:
            environment["YUNTAI_DATABASE_URL"] = url
        done = subprocess.run([os.path.join(ROOT, "yuntai"), *arguments], cwd=self.home, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        if expect is not None and done.returncode != expect:
            raise SystemExit(f"yuntai {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--json"))

    def up(self, url):
        started = json.loads(self.run(
            "up", "--detach", "--json", "--model", MODEL, "--port", str(self.port), "--database", url))
        self.port, self.pid = int(started["url"].rsplit(":", 1)[1]), started["pid"]

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        while subprocess.run(["ps", "-p", str(self.pid)], capture_output=True, check=False).returncode == 0:
            time.sleep(0.02)

    def tenant(self, name, *more):
        self.run("tenants", "create", name, "--currency", "CNY", *more)
        self.run("prices", "use", "list", "--tenant", name)

    def key(self, name, tenant, budget):
        return self.json("keys", "create", name, "--tenant", tenant, "--budget", budget)["key"]

    def usage(self, tenant):
        """Requests, output tokens and amount of a tenant."""
        rows = self.json("usage", "--tenant", tenant)
        return (rows[0]["requests"], rows[0]["output_tokens"], rows[0]["amount"]) if rows else (0, 0, "0")

    def settled(self, tenant, requests):
        """Usage once it is there, a moment after the last answer."""
        until, last = time.monotonic() + SETTLED_MOST_SECONDS, None
        while True:
            now = self.usage(tenant)
            if (now == last and now[0] >= requests) or time.monotonic() > until:
                return now
            last = now


def ask(port, key, tokens):
    """Status, code of the error, and how many tokens came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.connect()
    except OSError:
        return 0, "down", 0
    try:
        body = {"model": MODEL, "max_tokens": tokens, "temperature": 0, "messages": [{"role": "user", "content": "Count."}]}
        connection.request("POST", "/v1/chat/completions", json.dumps(body),
                           {"Authorization": "Bearer " + key, "Content-Type": "application/json"})
        answer = connection.getresponse()
        said = json.loads(answer.read())
        if answer.status != 200:
            return answer.status, said["error"]["code"], 0
        return 200, None, said["usage"]["completion_tokens"]
    except (OSError, http.client.HTTPException, json.JSONDecodeError):
        return 0, "broken", 0
    finally:
        connection.close()


def exactly_what_is_paid(yuntai):
    """A budget for exactly 100 requests, asked for 1,000 at once."""
    yuntai.tenant("acme", "--credit", "100")
    key = yuntai.key("ci", "acme", "1/total")  # a day may end meanwhile
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(lambda _: ask(yuntai.port, key, 1)[:2], range(ASKED)))
    served, refused = answers.count((200, None)), answers.count((429, "insufficient_quota"))
    if (served, refused) != (PAID, ASKED - PAID):
        raise SystemExit(f"of {ASKED} at once {served} were served and {refused} refused: {set(answers)}")
    billed = yuntai.settled("acme", PAID)
    if billed != (PAID, PAID, "1.00"):
        raise SystemExit(f"{PAID} answers of a token at 0.01 were billed as {billed}")
    return key


def exactly_what_came(yuntai, server):
    """Under load a connection's process, the database and the product are killed: what clients got is billed, once."""
    yuntai.tenant("harbour")
    key = yuntai.key("load", "harbour", "1000000/total")
    over, answers = threading.Event(), []

    def client():
        while not over.is_set():
            answer = ask(yuntai.port, key, TOKENS)
            answers.append(answer)
            if answer[0] != 200:
                time.sleep(0.02)

    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as threads:
        clients = [threads.submit(client) for _ in range(CLIENTS)]
        try:
            for fault in range(FAULTS):
                wanted = len([1 for each in answers if each[2]]) + 25
                while len([1 for each in answers if each[2]]) < wanted:
                    time.sleep(0.05)
                if fault == 0:
                    server.kill_a_connection()
                elif fault == 1:
                    server.stop(signal.SIGQUIT)
                    server.start()
                elif fault == 2:
                    yuntai.kill()
                    yuntai.up(server.url("cloud"))
                else:
                    server.stop()
                    server.start()
        finally:
            over.set()
        for each in clients:
            each.result()
    whole = [each[2] for each in answers if each[0] == 200]
    cut = len([1 for each in answers if each[1] == "broken"])
    others = {each[:2] for each in answers if each[0] not in (0, 200, 503)}
    if others:
        raise SystemExit(f"refused in vain: {others}")
    requests, tokens, _ = yuntai.settled("harbour", len(whole))
    if not (len(whole) <= requests <= len(whole) + cut and sum(whole) <= tokens <= sum(whole) + cut * TOKENS):
        raise SystemExit(f"{len(whole)} answers with {sum(whole)} tokens and {cut} cut off were billed as {requests} with {tokens}")
    return f"{requests} requests billed of {len(whole)} answered and {cut} cut off by {FAULTS} kills and restarts"


def verified(yuntai):
    ledger = yuntai.json("ledger", "verify")
    if not ledger["holds"] or ledger["quarantined"]:
        raise SystemExit(f"the ledger does not verify: {ledger}")
    yuntai.run("invoices", "verify")


def serve(server, home):
    """All of it on one server; gives what is needed to look at what was restored."""
    yuntai = Yuntai(home)
    yuntai.up(server.url("cloud"))
    said = yuntai.json("status")["database"]
    if f"PostgreSQL {server.version}" not in said or "embedded" in said:
        raise SystemExit(f"the server uses {said}, and not PostgreSQL {server.version}")
    prices = os.path.join(home, "prices.csv")
    with open(prices, "w", encoding="utf-8") as file:
        file.write("model,input,output\n*,0,10000\n")
    yuntai.run("prices", "import", prices, "--name", "list", "--currency", "CNY")
    yuntai.run("prices", "publish", "list")
    key = exactly_what_is_paid(yuntai)
    print(f"PostgreSQL {server.version}: of {ASKED} at once on a budget for {PAID}, {PAID} were served and {ASKED - PAID} refused")
    print(f"PostgreSQL {server.version}: {exactly_what_came(yuntai, server)}")
    yuntai.run("invoices", "create", "harbour", "--until", "now")
    verified(yuntai)
    backup = os.path.join(home, "backup.zip")
    yuntai.run("backup", backup)
    yuntai.run("down")
    print(f"PostgreSQL {server.version}: ledger and invoice verified")
    return backup, key


def restore(server, home, backup, key, of):
    """A backup, perhaps of another version, in an empty database."""
    yuntai = Yuntai(home)
    yuntai.run("restore", backup, url=server.url("restored"))
    yuntai.up(server.url("restored"))
    verified(yuntai)
    if yuntai.usage("acme") != (PAID, PAID, "1.00"):
        raise SystemExit(f"restored usage is {yuntai.usage('acme')}")
    if ask(yuntai.port, key, 1)[:2] != (429, "insufficient_quota"):
        raise SystemExit("a budget that is used up serves again after a restore")
    yuntai.run("down")
    print(f"PostgreSQL {server.version}: the backup of {of.version} restored, verified, its used-up budget still so")


def main():
    folder = tempfile.mkdtemp(prefix="yuntai-postgres-")  # where another user than root may look, too
    os.chmod(folder, 0o755)
    homes = tempfile.mkdtemp(prefix="postgres-homes-", dir=os.path.join(ROOT, "target"))
    servers, done = [], False

    def home(name):
        path = os.path.join(homes, name)
        shutil.copytree(os.path.join(ROOT, "target/acceptance-home/models"), os.path.join(path, "models"), copy_function=os.link)
        return path

    try:
        left = []
        for jar in JARS:
            server = Server(jar, folder)
            servers.append(server)
            server.start()
            left.append(serve(server, home(server.version)))
        for i, server in enumerate(servers):
            before = servers[i - 1]
            restore(server, home(server.version + "-restored"), *left[i - 1], before)
        done = True
    finally:
        for name in os.listdir(homes):
            Yuntai(os.path.join(homes, name)).run("down", "--force", expect=None)
        for server in servers:
            server.stop()
        shutil.rmtree(folder)
        if done:  # what a failed run left there tells why
            shutil.rmtree(homes)


main()

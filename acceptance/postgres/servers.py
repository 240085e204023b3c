"""PostgreSQL servers as an operator runs them, of programs that are only unpacked."""

import io
import os
import re
import signal
import socket
import subprocess
import tarfile
import time
import urllib.parse
import zipfile

PASSWORD = "p@ss/w+rd"
STARTED_MOST_SECONDS = 60


def unprivileged():
    """PostgreSQL refuses to run as root, who runs it as somebody else."""
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


class Server:
    """One cluster with the databases `cloud` and `restored` of a role that is no superuser."""

    def __init__(self, jar, folder):
        self.version = re.search(r"-(\d+\.\d+)[.0-9]*\.jar$", jar).group(1)
        self.folder = os.path.join(folder, self.version)
        self.programs = os.path.join(self.folder, "programs")
        self.data = os.path.join(self.folder, "data")
        self.process = None
        os.makedirs(self.programs)
        with zipfile.ZipFile(jar) as archive:
            name = next(each for each in archive.namelist() if each.endswith(".txz"))
            with tarfile.open(fileobj=io.BytesIO(archive.read(name)), mode="r:xz") as files:
                files.extractall(self.programs)
        os.mkdir(self.data, 0o700)
        with open(os.path.join(self.folder, "password"), "w", encoding="ascii") as file:
            file.write("of-the-superuser\n")
        if os.geteuid() == 0:
            for path in (self.data, file.name):
                os.chown(path, 65534, 65534)
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", file.name,
                 "-E", "UTF8", "--locale=C")
        # What the documentation asks a superuser for.
        self.run("postgres", "--single", "-D", self.data, "postgres", text=f"""\
create role yuntai_tenant nologin
create role yuntai login password '{PASSWORD}'
grant yuntai_tenant to yuntai
create database cloud owner yuntai
create database restored owner yuntai
""")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def run(self, program, *arguments, text=""):
        done = subprocess.run(
            [os.path.join(self.programs, "bin", program), *arguments],
            input=text, capture_output=True, text=True, timeout=120, cwd="/", **unprivileged())
        if done.returncode != 0 or "ERROR:" in done.stderr + done.stdout:
            raise SystemExit(f"PostgreSQL {self.version}: {program} ended with {done.returncode}:\n{done.stdout}{done.stderr}")

    def url(self, database):
        password = urllib.parse.quote(PASSWORD, safe="")
        return f"postgresql://yuntai:{password}@127.0.0.1:{self.port}/{database}"

    def start(self):
        """Returns when it takes connections."""
        log = os.path.join(self.folder, "log")
        with open(log, "ab") as output:
            begin = output.tell()
            self.process = subprocess.Popen(
                [os.path.join(self.programs, "bin/postgres"), "-D", self.data, "-p", str(self.port),
                 "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "shared_buffers=32MB"],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/", **unprivileged())
        until = time.monotonic() + STARTED_MOST_SECONDS
        while True:
            with open(log, "rb") as output:
                output.seek(begin)
                said = output.read().decode(errors="replace")
            if "ready to accept connections" in said:
                return
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"PostgreSQL {self.version} did not start:\n{said}")
            time.sleep(0.05)

    def stop(self, how=signal.SIGINT):
        """SIGINT ends its connections, SIGQUIT all at once, as a crash of its machine would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(STARTED_MOST_SECONDS)

    def kill_a_connection(self):
        """SIGKILL to a process that serves a connection: all others are ended with it, and the log is read again."""
        lines = subprocess.run(["ps", "-axo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        for line in lines.splitlines():
            pid, parent, command = line.split(None, 2)
            if int(parent) == self.process.pid and "yuntai cloud" in command:
                os.kill(int(pid), signal.SIGKILL)
                return
        raise SystemExit(f"PostgreSQL {self.version}: nobody is connected")

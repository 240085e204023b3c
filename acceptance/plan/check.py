"""Solves, kills, interrupts and recalculates the planner's worked examples; acceptance/plan/run starts it."""

import csv
import glob
import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
import threading
import time

YUNTAI = sys.argv[1]
SHORT = "--short" in sys.argv
GAPS = {"start-up": 1.0, "enterprise": 1.0, "hyperscale": 1.0}


def yuntai(*arguments, folder):
    done = subprocess.run([YUNTAI, *arguments], cwd=folder, capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        raise SystemExit(f"yuntai {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def solved_twice(name, folder):
    plan = f"{name}.toml"
    yuntai("plan", "new", plan, "--template", name, folder=folder)
    begin = time.monotonic()
    first = json.loads(yuntai("plan", "solve", plan, "--gap", str(GAPS[name]), "-o", "json", folder=folder))
    seconds = time.monotonic() - begin
    before = read(f"{folder}/{name}.solved")
    yuntai("plan", "solve", plan, "--gap", str(GAPS[name]), folder=folder)
    if read(f"{folder}/{name}.solved") != before:
        raise SystemExit(f"{name}: two solves of the same file gave other bytes")
    if first["gap"] > GAPS[name] / 100 + 1e-9:
        raise SystemExit(f"{name}: the gap is {first['gap']}, where {GAPS[name]} % was asked for")
    print(f"{name}: gap {100 * first['gap']:.2f} %, {seconds:.1f} s, the same bytes twice")
    return first


def recalculated(name, folder, summary):
    """The workbook by LibreOffice: all sheets as CSV, computed when they are opened."""
    out = f"{folder}/{name}-out"
    yuntai("plan", "export", f"{name}.toml", "--as", "xlsx", "--to", out, folder=folder)
    book = glob.glob(f"{out}/*.xlsx")[0]
    all_sheets = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{folder}/office"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", all_sheets, "--outdir", f"{out}/csv", book],
        check=True, capture_output=True, timeout=300)
    sheet = glob.glob(f"{out}/csv/*-Summary.csv")[0]
    with open(sheet, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row and row[0] == "Expected"]
    value = float(rows[0][2])
    wanted = summary["net_present_value_millions"]
    if abs(value - wanted) > 1e-6 * max(1, abs(wanted)):
        raise SystemExit(f"{name}: LibreOffice computes {value}, the plan has {wanted}")
    print(f"{name}: LibreOffice recalculates the net present value to {value:.6f}")


def children(pid):
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            fields = read(path).rsplit(")", 1)[1].split()
            command = read(path.replace("stat", "cmdline"))
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append((int(path.split("/")[2]), command))
    return found


def solver_process(process, deadline):
    while time.monotonic() < deadline and process.poll() is None:
        todo = [process.pid]
        while todo:
            for pid, command in children(todo.pop()):
                if "OrToolsWorker" in command:
                    return pid
                todo.append(pid)
        time.sleep(0.05)
    raise SystemExit("the solver's process was not seen")


def product_process(process):
    """The Java process itself, whatever script began it."""
    todo, java = [process.pid], process.pid
    while todo:
        for pid, command in children(todo.pop()):
            if "OrToolsWorker" not in command:
                java = pid
                todo.append(pid)
    return java


def begin(name, folder, *more):
    """Starts a solve with a terminal, which is shown the progress; what it shows goes to a file."""
    log = open(f"{folder}/progress", "wb")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [YUNTAI, "plan", "solve", f"{name}.toml", *more], cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=theirs)
    os.close(theirs)
    threading.Thread(target=copy, args=(ours, log), daemon=True).start()
    return process, log


def copy(terminal, log):
    try:
        while piece := os.read(terminal, 65536):
            log.write(piece)
            log.flush()
    except OSError:  # the last that had it open is gone
        os.close(terminal)


def until_relaxation(process, log):
    """The relaxation begins when the first plan is there, and keeps the solver's process at work for seconds."""
    deadline = time.monotonic() + 300
    while "linear relaxation" not in read(log.name):
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"no progress was seen:\n{read(log.name)}")
        time.sleep(0.05)


def killed(name, folder):
    process, log = begin(name, folder, "--gap", "5")
    until_relaxation(process, log)
    os.kill(solver_process(process, time.monotonic() + 120), signal.SIGKILL)
    if process.wait(timeout=600) != 0 or "broke off" not in read(log.name):
        raise SystemExit(f"after the solver was killed:\n{read(log.name)}")
    print(f"{name}: its solver was killed; the plan was solved by the next, and says so")


def interrupted(name, folder):
    os.remove(f"{folder}/{name}.solved")
    process, log = begin(name, folder, "--gap", "0.01")
    until_relaxation(process, log)
    os.kill(product_process(process), signal.SIGINT)
    code = process.wait(timeout=300)
    if code != 0 or "It was stopped" not in read(f"{folder}/{name}.solved"):
        raise SystemExit(f"after Ctrl-C, ended with {code}:\n{read(log.name)}")
    shown = json.loads(yuntai("plan", "show", f"{name}.toml", "-o", "json", folder=folder))
    print(f"{name}: Ctrl-C kept the best plan, with a gap of {100 * shown['gap']:.2f} %")


def robust(folder):
    """A start-up for the worst of its futures, served before it is worth most: the same bytes twice."""
    plan = f"{folder}/robust.toml"
    yuntai("plan", "new", plan, "--template", "start-up", folder=folder)
    text = read(plan).replace('goal = "value" ', 'goals = ["service", "value"] ')
    with open(plan, "w", encoding="utf-8") as file:
        file.write(text + '\n[robust]\nup = "40 %"\ndown = "40 %"\nat-once = 1\n')
    summary = json.loads(yuntai("plan", "solve", plan, "-o", "json", folder=folder))
    before = read(f"{folder}/robust.solved")
    shown = yuntai("plan", "solve", plan, folder=folder)
    if read(f"{folder}/robust.solved") != before or "Goal 2 of 3, risk" not in shown:
        raise SystemExit(f"robust: two solves of the same file gave other bytes, or no goals:\n{shown}")
    print("robust: three goals, the same bytes twice")
    recalculated("robust", folder, summary)


with tempfile.TemporaryDirectory(prefix="yuntai-plans-") as home:
    for example in ["start-up", "enterprise"] if SHORT else list(GAPS):
        recalculated(example, home, solved_twice(example, home))
    robust(home)
    if not SHORT:
        killed("hyperscale", home)
        interrupted("hyperscale", home)

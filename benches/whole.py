#!/usr/bin/env python3
"""The whole program, measured beside what else could be used; prints the tables of benches/README.md.

    cargo build --release
    python3 benches/whole.py --dir DIR [--sizes 10000,100000,1000000] [--runs 5] [--duckdb PATH] [--fzf PATH]
                             [--gouji PATH] [--generate COMMAND] [--only check,explorer,fzf] [--json FILE]

Corpora are kept in DIR and made only if they are not there. COMMAND makes one; {gouji}, {n} and {file} are filled in.
Programs run in turn, a first round is not counted, and medians are given. A time counts only if the answer is right:
the broken relations must be those that the labels beside the corpus name, or those of expected.tsv if there is one.
A tool that is not there is left out. Linux and Python 3.9 or newer, nothing else.
"""
import argparse
import collections
import fcntl
import json
import os
import platform
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import termios
import time

GENERATE = "{gouji} synth {n} -o {file}"
QUIET = 0.08          # that much silence ends what a key caused
WIDTH, HEIGHT = 120, 40

# ---- the sums, as DuckDB is asked for them ---------------------------------------------------------------------------
RESULTS = (["granted", "partial"] + [f"refused_{i}" for i in range(1, 9)] + [f"unavailable_{i}" for i in range(1, 4)]
           + [f"not_processed_{i}" for i in range(1, 6)] + [f"other_{i}" for i in range(1, 4)] + ["other"])
REQUESTS = ["received", "carried_in"] + RESULTS + ["total", "carried_out"]
REMEDIES = ["reconsideration", "litigation_direct", "litigation_after_reconsideration"]


def sums_in_sql(source, output):
    """All relations between cells of one report, where a blank counts as 0, and what is carried from year to year, where
    a blank says nothing of another report."""
    def cell(table, row, column):
        return f"coalesce({table}.{row}[{column}], 0)"

    def add(cells):
        return " + ".join(cells)
    relations = [(f"row:{row}", cell("a", row, 7), add(cell("a", row, i) for i in range(1, 7))) for row in REQUESTS]
    for i in range(1, 8):
        results = add(cell("a", row, i) for row in RESULTS)
        relations.append((f"col:{i}", cell("a", "total", i), results))
        # Where the total is blank, the results themselves are balanced.
        relations.append((f"bal:{i}", f"coalesce(a.total[{i}], {results}) + {cell('a', 'carried_out', i)}",
                          add(cell("a", row, i) for row in ("received", "carried_in"))))
    relations += [(f"rl:{row}", cell("l", row, 5), add(cell("l", row, i) for i in range(1, 5))) for row in REMEDIES]

    def broken(name, declared, computed):
        return (f"CASE WHEN {declared} <> {computed} "
                f"THEN {{'n': '{name}', 'd': ({declared})::BIGINT, 'c': ({computed})::BIGINT}} END")
    own = ", ".join(broken(*relation) for relation in relations)
    carried = ", ".join(broken(f"carry:{i}", f"t.came[{i}]", f"p.went[{i}]") for i in range(1, 8))
    tables = {"requests": REQUESTS, "reconsideration_and_litigation": REMEDIES}
    types = ", ".join(f"{name}: 'STRUCT({', '.join(f'{row} INTEGER[]' for row in rows)})'" for name, rows in tables.items())
    return f"""SET preserve_insertion_order = false;
CREATE TEMP TABLE t AS
  SELECT id, county_code, agency, year, a.carried_in AS came, a.carried_out AS went,
         list_filter([{own}], lambda x: x IS NOT NULL) AS bad
  FROM (SELECT *, requests AS a, reconsideration_and_litigation AS l
        FROM read_json('{source}', format = 'newline_delimited', columns = {{id: 'VARCHAR', county_code: 'VARCHAR',
                       agency: 'VARCHAR', year: 'INTEGER', {types}}}));
COPY (SELECT id, u.n, u.d, u.c FROM (SELECT id, unnest(bad) AS u FROM t WHERE len(bad) > 0)
      UNION ALL
      SELECT id, u.n, u.d, u.c FROM (
        SELECT t.id, unnest(list_filter([{carried}], lambda x: x IS NOT NULL)) AS u
        FROM t JOIN t p ON p.county_code = t.county_code AND p.agency = t.agency AND p.year = t.year - 1
        WHERE t.came <> p.went))
  TO '{output}' (FORMAT csv, DELIMITER '\\t', HEADER false);
"""


def differences(wanted, found):
    """How many broken relations are missing and how many are too many. Runs in a process of its own: what it holds
    would count as the memory of the programs that are started later."""
    def pairs(path):
        for line in open(path, encoding="utf-8"):
            if path.endswith("labels.jsonl"):
                label = json.loads(line)
                yield from ((label["id"], name) for name in label["relations"])
            else:
                yield tuple(line.rstrip("\n").split("\t")[:2])
    difference = collections.Counter(pairs(wanted))
    difference.subtract(pairs(found))
    return sum(n for n in difference.values() if n > 0), -sum(n for n in difference.values() if n < 0)


# ---- running programs ------------------------------------------------------------------------------------------------
Cost = collections.namedtuple("Cost", "wall cpu memory")


def run(command, allowed=(0,), env=None):
    """Seconds, seconds of all cores, and the largest resident memory in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in allowed:
        sys.exit(f"{command[0]} ended with {process.returncode}: {errors.decode(errors='replace')[-600:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def median(costs):
    return Cost(*(statistics.median(values) for values in zip(*costs)))


def corpus(options, n):
    """The corpus of that size, and what the broken relations are to be."""
    folder = os.path.join(options.dir, str(n))
    os.makedirs(folder, exist_ok=True)
    file = os.path.join(folder, "reports.jsonl")
    made = None
    if not os.path.exists(file):
        command = options.generate.format(gouji=options.gouji, n=n, file=file, dir=folder)
        made = run(["sh", "-c", f"exec {command}"])
    expected = [os.path.join(folder, name) for name in ("expected.tsv", "reports.labels.jsonl")]
    return file, next(path for path in expected if os.path.exists(path)), made


def check(options, n, file, expected):
    """The sums by gouji and by DuckDB, and the whole catalogue by gouji, in turn."""
    output = os.path.join(os.path.dirname(file), "output")
    commands = {"gouji, sums": [options.gouji, "check", file, "--format", "tsv", "-o", output, "--fail-on", "never"]}
    if options.duckdb:
        script = output + ".sql"
        with open(script, "w") as sql:
            sql.write(sums_in_sql(file, output))
        commands["DuckDB, sums"] = [options.duckdb, "-f", script]
    commands["gouji, whole catalogue"] = [options.gouji, "check", file, "--format", "jsonl", "-o", output, "--fail-on", "never"]
    costs = {name: [] for name in commands}
    for counted in range(options.runs + 1):
        for name, command in commands.items():
            cost = run(command)
            if counted:
                costs[name].append(cost)
            elif name.endswith("sums"):
                verified = subprocess.run([sys.executable, __file__, "--verify", expected, output], capture_output=True, text=True)
                if verified.stdout.split() != ["0", "0"]:
                    sys.exit(f"{name} at {n}: missing and too many relations: {verified.stdout}{verified.stderr}")
    os.remove(output)
    return {name: median(some) for name, some in costs.items()}


# ---- a terminal ------------------------------------------------------------------------------------------------------
class Terminal:
    """A program in a pseudo-terminal, and what it writes. Only text and time are looked at: no screen is kept."""
    ESCAPE = re.compile(rb"\x1b\[[0-9;:<=>?]*[ -/]*[@-~]|\x1b[\]P][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]")

    def __init__(self, command, environment):
        self.start = time.perf_counter()
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
            os.execvpe(command[0], command, environment)

    def read(self, quiet=QUIET, timeout=30.0, until=None):
        """What is written until there is silence, or until the text matches: the time to the last byte, the bytes."""
        start, last, data = time.perf_counter(), None, b""
        while time.perf_counter() - start < timeout:
            # Nothing at all may come: then the first bytes are waited for longer.
            wait = quiet if last is not None or until else max(quiet, 1.0)
            if not select.select([self.master], [], [], wait)[0]:
                if until is None:
                    break
                continue
            try:
                data += os.read(self.master, 1 << 16)
            except OSError:
                break
            last = time.perf_counter()
            if until and re.search(until, self.text(data)):
                return last, data
        return last, data

    def text(self, data):
        return self.ESCAPE.sub(b" ", data).decode("utf-8", "replace")

    def press(self, keys, quiet=QUIET):
        """Milliseconds from the key to the last byte that it caused, the bytes, and the text."""
        start = time.perf_counter()
        os.write(self.master, keys.encode())
        last, data = self.read(quiet)
        return (last - start) * 1000 if last else 0.0, len(data), self.text(data)

    def status(self, name):
        """A number of /proc: of the process, in MiB, or of all its threads together."""
        if name.startswith("Vm"):
            paths, scale = [f"/proc/{self.pid}/status"], 1024
        else:
            paths, scale = [f"/proc/{self.pid}/task/{task}/status" for task in os.listdir(f"/proc/{self.pid}/task")], 1
        return sum(int(re.search(rf"^{name}:\s+(\d+)", open(path).read(), re.M)[1]) for path in paths) / scale

    def close(self, keys):
        os.write(self.master, keys.encode())
        end = time.perf_counter() + 30
        while time.perf_counter() < end:
            self.read(0.02, 0.1)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                os.close(self.master)
                return
        os.kill(self.pid, signal.SIGKILL)
        sys.exit("the program did not end")


READY = r"reports\s+1/\d+.*20\d\d\s"
END, PAGE_DOWN, DOWN, HOME = "G", "\x1b[6~", "j", "g"
TYPED = ["新县", "财政局办", "x", "xxrm", "xinxian", "czj", "year:2023 rule:T3.1"]


def environment(options):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "XDG_CACHE_HOME": os.path.join(options.dir, "cache")}


def keys(terminal, samples, rounds):
    """Presses every key some times."""
    def press(name, key):
        samples[name].append(terminal.press(key)[:2])
    for _ in range(rounds):
        for _ in range(10):
            press("row down", DOWN)
        for _ in range(5):
            press("page down", PAGE_DOWN)
        press("to the end", END)
        press("to the beginning", HOME)
        for words in TYPED:
            terminal.press("/")
            for length, key in enumerate(words, 1):
                press(f"filter `{words[:length]}`", key)
            terminal.press("\x1b", 0.2)
        terminal.press("y")
        press("facet: one year", "\r")
        terminal.press("x", 0.2)
        for _ in range(6):
            press("another order", "o")
        press("order turned round", "O")
        press("order turned round", "O")
        press("only findings", "f")
        terminal.press("f")
        press("report opened", "\r")
        press("next section", "\t")
        terminal.press("\x1b", 0.2)


def explorer(options, file):
    """The explorer on an index that is kept: first screen, keys, memory, silence."""
    command = [options.gouji, file, "--lang", "en"]
    env = environment(options)
    n = int(os.path.basename(os.path.dirname(file)))
    shutil.rmtree(env["XDG_CACHE_HOME"], ignore_errors=True)
    first, folder = Terminal(command, env), os.path.join(env["XDG_CACHE_HOME"], "gouji")
    while first.read(quiet=2.0, timeout=5)[0] or not any(name.startswith("index-") for name in os.listdir(folder)):
        if time.perf_counter() - first.start > 600:
            sys.exit(f"no index of {n} reports was kept")
    first.close("q")
    result = {"ready": [], "memory at first": []}
    samples = collections.defaultdict(list)
    for counted in range(options.runs + 1):
        terminal = Terminal(command, env)
        last, data = terminal.read(until=rf"(?s){READY}", timeout=60)
        if not last or f"/{n}" not in terminal.text(data):
            sys.exit(f"no usable screen of {n} reports: {terminal.text(data)[-2000:]}")
        if counted:
            result["ready"].append((last - terminal.start) * 1000)
            result["memory at first"].append(terminal.status("VmRSS"))
        terminal.read(0.5)
        if counted == options.runs:
            keys(terminal, samples, options.runs)
            switches, start = terminal.status("voluntary_ctxt_switches"), time.perf_counter()
            idle = terminal.read(3.0, 3.0)[1]
            result["idle"] = (len(idle), terminal.status("voluntary_ctxt_switches") - switches, time.perf_counter() - start)
            result["peak memory"] = terminal.status("VmHWM")
        terminal.close("q")
    result["keys"] = {name: (statistics.median(ms for ms, _ in some), max(ms for ms, _ in some),
                             statistics.median(size for _, size in some), len(some)) for name, some in samples.items()}
    result["matrix"] = median([run([options.gouji, "matrix", file], env=env) for _ in range(options.runs)])
    return result


def fzf(options, file):
    """A filter key of fzf over one line a report: until it is silent. Each query is the first of a process, as fzf looks
    for a longer one among the lines that it has found, and whoever mends a word has no such luck."""
    lines = os.path.join(os.path.dirname(file), "lines.txt")
    if not os.path.exists(lines):
        wanted = re.compile(rb'"agency":"([^"]*)".*?"county":"([^"]*)".*?"year":(\d+)')
        with open(file, "rb") as source, open(lines, "wb") as out:
            out.writelines(b"%s %s %s\n" % (m[2], m[1], m[3]) for m in map(wanted.search, source) if m)
    samples = collections.defaultdict(list)
    prefixes = [words[:length] for words in TYPED[:2] for length in range(1, len(words) + 1)]
    for prefix in prefixes * options.runs:
        terminal = Terminal(["sh", "-c", f"exec {options.fzf} < {lines}"], {**environment(options), "FZF_DEFAULT_OPTS": ""})
        terminal.read(1.5, 30)
        samples[f"filter `{prefix}`"].append(terminal.press(prefix, 0.6)[0])
        terminal.close("\x1b")
    return {name: statistics.median(some) for name, some in samples.items()}


# ---- what is printed -------------------------------------------------------------------------------------------------
def machine(options):
    def version(command):
        return subprocess.run(command, capture_output=True, text=True).stdout.strip().split("\n")[0]
    model = re.search(r"model name\s*:\s*(.*)", open("/proc/cpuinfo").read())
    memory = int(re.search(r"MemTotal:\s+(\d+)", open("/proc/meminfo").read())[1]) / (1 << 20)
    tools = [version([options.gouji, "--version"])]
    tools += [f"DuckDB {version([options.duckdb, '--version'])}"] if options.duckdb else []
    tools += [f"fzf {version([options.fzf, '--version'])}"] if options.fzf else []
    return (f"{os.cpu_count()} cores ({model[1] if model else platform.machine()}), {memory:.0f} GiB, Linux {platform.release()}; "
            f"{', '.join(tools)}; medians of {options.runs} runs; load at the end {os.getloadavg()[0]:.1f}")


def print_checks(checks):
    print("\n| reports | program | wall s | cpu s | memory MiB | µs cpu a report | DuckDB wall ÷ | DuckDB cpu ÷ |")
    print("|---|---|---|---|---|---|---|---|")
    for n, costs in checks.items():
        peer = costs.get("DuckDB, sums")
        for name, cost in costs.items():
            ratios = f"{peer.wall / cost.wall:.2f} | {peer.cpu / cost.cpu:.2f}" if peer else "– | –"
            print(f"| {n:,} | {name} | {cost.wall:.2f} | {cost.cpu:.2f} | {cost.memory:.0f} | {cost.cpu / n * 1e6:.2f} | {ratios} |")


def print_explorer(n, result, peer):
    bytes_idle, switches, seconds = result["idle"]
    print(f"\nExplorer on {n:,} reports, {WIDTH}×{HEIGHT}, index kept: first usable screen "
          f"{statistics.median(result['ready']):.0f} ms, memory then {statistics.median(result['memory at first']):.0f} MiB, "
          f"peak {result['peak memory']:.0f} MiB; idle for {seconds:.0f} s: {bytes_idle} bytes, {switches:.0f} wake-ups.\n")
    print("| key | ms to the last byte | longest ms | bytes | presses | fzf ms |")
    print("|---|---|---|---|---|---|")
    for name, (ms, longest, size, count) in result["keys"].items():
        print(f"| {name} | {ms:.1f} | {longest:.1f} | {size:.0f} | {count} | {f'{peer[name]:.0f}' if name in peer else '–'} |")


def goals(n, costs, result, peer):
    """Each goal with what was measured, and whether it is met: (number, what, value, must, aim, larger is better)."""
    ours, all_rules, duck = (costs.get(name) for name in ("gouji, sums", "gouji, whole catalogue", "DuckDB, sums"))
    if ours and duck:
        yield "G1", "sums, wall: DuckDB ÷ ours", duck.wall / ours.wall, 2, 4, True
        yield "G2", "the same, stretch", duck.wall / ours.wall, None, 5, True
        yield "G3", "sums, cpu: DuckDB ÷ ours", duck.cpu / ours.cpu, 2, 4, True
        yield "G4", "sums, memory: ours ÷ DuckDB", ours.memory / duck.memory, 1 / 2, 1 / 4, False
        yield "G11", "whole catalogue ÷ DuckDB's sums, wall", all_rules.wall / duck.wall, 4, 1, False
    if not result:
        return
    keys_of = result["keys"]
    compared = [keys_of[name][0] / ms for name, ms in peer.items() if ms and name in keys_of]
    if compared:
        yield "G5, G6", "filter key: ours ÷ fzf, the worst", max(compared), 1 / 10, 1 / 25, False
    yield "G9", "memory of county by year from the kept index, MiB", result["matrix"].memory, 42, 15, False
    yield "G12", "first usable screen, ms", statistics.median(result["ready"]), 100, 40, False
    for name, size_must, size_aim in (("row down", 400, 250), ("page down", 5000, 3000), ("to the end", 5000, 3000)):
        ms, _, size, _ = keys_of[name]
        yield "G13", f"{name}, ms", ms, 2, 1, False
        yield "G13", f"{name}, bytes", size, size_must, size_aim, False
    yield "G14", "filter key, the worst median, ms", max(v[0] for k, v in keys_of.items() if k.startswith("filter")), 33, 16, False
    yield "G15", "peak memory of the explorer, MiB", result["peak memory"], 300, 150, False
    yield "G15", "bytes when idle", result["idle"][0], 0, 0, False
    yield "G15", "wake-ups when idle", result["idle"][1], None, 0, False


def print_goals(n, rows):
    print(f"\nGoals at {n:,} reports (G7 and G10, the right answer, are conditions of every row above; G8 is the bench "
          "`matrix_opened`, G16 the bench `text`):\n\n| goal | what | measured | must | aim | |\n|---|---|---|---|---|---|")
    for goal, what, value, must, aim, larger in rows:
        def met(limit):
            return limit is not None and (value >= limit if larger else value <= limit)
        word = "aim met" if met(aim) else "must met" if must is None or met(must) else "**not met**"
        limits = " | ".join("–" if limit is None else f"{limit:g}" for limit in (must, aim))
        print(f"| {goal} | {what} | {value:.2f} | {limits} | {word} |")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verify", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--dir", default="target/whole")
    parser.add_argument("--sizes", default="10000,100000,1000000", type=lambda text: [int(n) for n in text.split(",")])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--gouji", default="target/release/gouji")
    parser.add_argument("--generate", default=GENERATE, help="{gouji}, {n}, {file} and {dir} are filled in")
    parser.add_argument("--duckdb", default=shutil.which("duckdb"))
    parser.add_argument("--fzf", default=shutil.which("fzf"))
    parser.add_argument("--only", default="check,explorer,fzf", type=lambda text: text.split(","))
    parser.add_argument("--json", help="also write everything that was measured here")
    return parser.parse_args()


def main():
    options = arguments()
    if options.verify:
        print(*differences(*options.verify))
        return
    options.gouji, options.dir = os.path.abspath(options.gouji), os.path.abspath(options.dir)
    checks, made, opened, peers = {}, {}, {}, {}
    for n in options.sizes:
        file, expected, cost = corpus(options, n)
        made.update({n: cost} if cost else {})
        print(f"{n:,} reports: {os.path.getsize(file) / 1e6:.0f} MB", file=sys.stderr, flush=True)
        checks[n] = check(options, n, file, expected) if "check" in options.only else {}
        if "explorer" in options.only:
            opened[n] = explorer(options, file)
        peers[n] = fzf(options, file) if options.fzf and "fzf" in options.only else {}
    print(machine(options))
    for n, cost in made.items():
        print(f"\nMade {n:,} reports in {cost.wall:.1f} s, {n / cost.cpu:,.0f} a second and core, {cost.memory:.0f} MiB.")
    if "check" in options.only:
        print_checks(checks)
    for n, result in opened.items():
        print_explorer(n, result, peers[n])
    largest = max(options.sizes)
    print_goals(largest, goals(largest, checks[largest], opened.get(largest), peers[largest]))
    if options.json:
        with open(options.json, "w") as out:
            json.dump({"checks": checks, "made": made, "explorer": opened, "fzf": peers}, out, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()

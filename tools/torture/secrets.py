#!/usr/bin/env python3
"""Passes secrets to programs in many ways, and looks for them in what spawntrace writes.

    tools/torture/secrets.py [--python PATH] [--keep FOLDER] [--verbose] SPAWNTRACE

Each way is tried with two secrets: one with digits, and one that looks like words. A secret leaks if it stands in a
recording, a JSON report, the lines of `export --to jsonl`, or the text of a replay (-v --report full), plain or in
base64, percent-encoded or backwards. Ways that no rule could know are those of arguments; the others have a secret's
name beside the value, a token's form, or a value that the environment has under such a name. Prints a line for each
group, and each leak. Exit status: 1 if something leaked, 2 if a run did not show what it should.
"""
import argparse
import base64
import os
import subprocess
import sys
import tempfile
import textwrap
import urllib.parse

# None is the beginning of another.
SECRETS = ["Hunt3rPa55w%04d", "correcthorsebattery%s"]


def secret(kind, number):
    return SECRETS[kind] % (number if kind == 0 else "".join(chr(97 + int(digit)) for digit in "%04d" % number))


# How a word carries a secret.
WORDS = [
    ["--password", "§"], ["--password=§"], ["-p§"], ["-p", "§"], ["--pass:§"], ["password=§"], ["PASSWORD=§"],
    ["-u", "user:§"], ["--user=user:§"], ["-H", "Authorization: Bearer §"], ["-H", "X-Api-Key: §"],
    ["https://user:§@host/x"], ["https://host/?token=§"], ["postgres://u:§@host/db"], ["§"], ["--", "§"],
    ['{"password": "§"}'], ["-DDB=§"], ["/x/§/file"], ["@§"], ["--§"], ["-§"], ["a b § c"], ["--log=x;§"],
    ["user%§"], ["§\n"], ["\t§"], ["--opt", "", "§"], ["é=§"], ["tests/test_§.py::test"], ["-k", "not §"],
]
# Which program gets it: the command line with the words in the place of W, and W joined in that of J.
PROGRAMS = {
    "a program": ["true", "W"],
    "a shell's text": ["sh", "-c", "true J"],
    "a shell's arguments": ["sh", "-c", "true", "W"],
    "a script of Python": [sys.executable, "child.py", "W"],
    "a text of Python": [sys.executable, "-c", "0 # J"],
    "arguments of a text": [sys.executable, "-c", "0", "W"],
    "a module": [sys.executable, "-m", "child", "W"],
    "env": ["env", "X=1", "true", "W"],
    "a wrapper": ["timeout", "5", "true", "W"],
    "an environment on the command line": ["env", "WORD=J", sys.executable, "-c", "0"],
}
SPECIAL = [
    [sys.executable, "-W", "ignore:§", "-c", "0"], [sys.executable, "-Wignore:§", "-c", "0"],
    [sys.executable, "-X", "§", "-c", "0"], [sys.executable, "-X§=1", "-c", "0"],
    [sys.executable, "-X", "dev=§", "-c", "0"], [sys.executable, "-c0 # §"], [sys.executable, "--§"],
    [sys.executable, "-E§"], [sys.executable, "-c", "from multiprocessing.spawn import spawn_main; '§'"],
    [sys.executable, "-c", "from multiprocessing.forkserver import main; '§'"],
    [sys.executable, "-c", "from multiprocessing.resource_tracker import main; '§'", "--multiprocessing-fork", "§"],
    ["true", "--multiprocessing-fork", "pipe_handle=5", "§", "secret=§"],
    ["true", "--multiprocessing-resource-tracker", "§"],
    [sys.executable, "-m", "no such module §"], [sys.executable, "-V", "§"], [sys.executable, "-h", "§"],
    [sys.executable, "--check-hash-based-pycs", "§", "-c", "0"], [sys.executable, "-", "§"],
    ["argv0:§", "true"], ["argv0:/usr/bin/§", sys.executable, "-c", "0"], ["argv0:§/sh", "true", "§"],
]

# Lines that start the workers, with the secret in them.
SOURCES = [
    'pool = start(password="§")', "pool = start(password='§')", 'pool = start(auth=("user", "§"))',
    'API_KEY = "§"; pool = start()', 'pool = start({"password": "§"})', 'pool = start("--password", "§")',
    'pool = start(["--password", "§"])', 'pool = start("password=§")', 'pool = start(password=b"§")',
    'pool = start(password=f"§{1}")', 'pool = start(password=r"§")', 'pool = start(password="""§""")',
    'pool = start(headers={"Authorization": "Bearer §"})', 'pool = start("https://user:§@host/")',
    'pool = start(tokens=["a", "§"])', 'pool = start(secret="x" + "§")', 'pool = start(x=1)  # password: §',
    'os.environ["DB_PASSWORD"] = "§"; pool = start()', 'pool = start("§", kind="password")',
    'pool = start(set_password("§"))', 'pool = start(credentials=dict(a="§"))', 'pool = start(("api_key", "§"))',
    'pool = start("§" if True else password)', 'pool = start(private_key="""-----BEGIN §""")',
    'pool = start(db_password =  "§")', 'pool = start(cookie="session=§; path=/")', 'pool = start(passwd=("§"))',
]
# Exceptions that kill a worker.
EXCEPTIONS = [
    "ValueError('password=§')", "ValueError('password', '§')", "ValueError(('password', '§'))",
    "ValueError({'password': '§'})", "ValueError(['password', '§'])", "ValueError({'password': ['a', '§']})",
    "ValueError([('Authorization', 'Bearer §')])", "ValueError('https://user:§@host/')",
    "ValueError('--password §')", "ValueError('token: §')", "ValueError({'auth': ('user', '§')})",
    "ValueError('PASSWORD=\\'§\\' x')", "KeyError('api_key=§')", "ValueError({'headers': {'X-Api-Key': '§'}})",
    "ValueError(dict(secret=dict(value='§')))", "ValueError('api_key is \\'§\\'')", "ValueError(b'password=§')",
    "OSError(5, 'cookie: §')", "ValueError('dsn: postgres://u:§@host/db')", "ValueError(\"{'passwd' : '§'}\")",
    "ValueError('a\\npassword: §\\nb')", "ValueError(('secret', ('a', '§')))",
]
# Variables of spawntrace's own environment.
VARIABLES = [
    "PYTEST_ADDOPTS=--password=§", "DB_PASSWORD=§", "PYTHONPATH=/x/§", "GITHUB_TOKEN=§", "CI_JOB_NAME=x §",
    "MY_SETTING=§", "PYTHONWARNINGS=ignore:§", "BUILD_URL=https://user:§@host/", "BUILD_URL=https://host/?key=§",
    "TOX_TESTENV_PASSENV=§ x", "GITHUB_HEAD_REF=a §", "PYTHONSTARTUP=/§", "LC_MEASUREMENT=§",
    "PYTEST_CURRENT_TEST=tests/x.py::test[password=§] (call)", "VIRTUAL_ENV=/home/§", "CI_REGISTRY=u:§@host",
    "PYTHONUSERBASE=/§", "GITLAB_USER_LOGIN=§", "TRACESTATE=a=§",
]

CYCLE = """\
import os, sys, multiprocessing
def set_password(text): return text
def start(*args, **values): return multiprocessing.get_context("spawn").Pool(1).map(abs, [1])
password = None
%s
"""
CRASH = """\
import multiprocessing
def work(): raise %s
if __name__ == "__main__":
    worker = multiprocessing.get_context("spawn").Process(target=work)
    worker.start()
    worker.join()
"""


def forms(text):
    """A secret as it may stand in a file."""
    data = text.encode()
    yield text
    yield text.upper() if text.islower() else text.lower()
    yield text[::-1]
    for shift in range(3):
        # Without what depends on the bytes around it.
        yield base64.b64encode(b"x" * shift + data)[4:-4].decode()
    yield urllib.parse.quote(text, safe="")
    yield data.hex()


class Tool:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.leaks, self.failures = [], []

    def run(self, arguments, environment=None, folder=None, command=()):
        """Traces a command; returns the texts that spawntrace wrote."""
        folder = folder or self.folder
        paths = [os.path.join(self.folder, name) for name in ("run.jsonl", "run.json", "flat.jsonl")]
        for path in paths:
            if os.path.exists(path):
                os.unlink(path)
        variables = dict(os.environ, XDG_STATE_HOME=os.path.join(self.folder, "state"), **(environment or {}))
        tool = self.options.spawntrace
        subprocess.run([tool, "--timeout", "30", "--record", paths[0], "--json", paths[1], *arguments, "--", *command],
                       cwd=folder, env=variables, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       stdin=subprocess.DEVNULL)
        replay = subprocess.run([tool, "replay", "-v", "--report", "full", paths[0]], cwd=folder, env=variables,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        subprocess.run([tool, "export", paths[0], "--to", "jsonl", "--output", paths[2]], cwd=folder, env=variables)
        texts = {"text": replay.stdout.decode(errors="replace")}
        for name, path in zip(("recording", "report", "lines"), paths):
            with open(path, errors="replace") as file:
                texts[name] = file.read()
        return texts

    def check(self, texts, text, what):
        found = [name for name, content in texts.items() if any(form in content for form in forms(text))]
        if found:
            self.leaks.append("%s: %s" % (what, ", ".join(found)))
            if self.options.verbose:
                for name in found:
                    place = next(texts[name].find(form) for form in forms(text) if form in texts[name])
                    print("   ", name, repr(texts[name][max(0, place - 150):place + 60]))

    def need(self, isTrue, what):
        if not isTrue:
            self.failures.append(what)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w") as file:
            file.write(text)


def replaced(words, text):
    return [word.replace("§", text) if word != sys.executable else word for word in words]


def arguments(tool):
    """All ways of arguments in one run, each with a secret of its own; the command itself in runs of its own."""
    ways = []
    for name, program in PROGRAMS.items():
        for words in WORDS:
            line = []
            for part in program:
                if part == "W":
                    line += words
                else:
                    line.append(part.replace("J", " ".join(words).replace("\n", "")))
            ways.append((name, line, words))
    ways += [("special", line, line) for line in SPECIAL]
    count = 0
    for kind in range(len(SECRETS)):
        lines = []
        for number, (_, line, _) in enumerate(ways):
            lines.append(replaced(line, secret(kind, number)))
        tool.write("child.py", "pass\n")
        tool.write("parent.py", textwrap.dedent("""\
            import json, subprocess
            for line in json.load(open("lines.json")):
                name = None
                if line[0].startswith("argv0:"):
                    name, line = line[0][6:], line[1:]
                    subprocess.run([name] + line[1:], executable=line[0] if "/" in line[0] else "/usr/bin/" + line[0],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                else:
                    subprocess.run(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            """))
        import json
        tool.write("lines.json", json.dumps(lines))
        texts = tool.run([], command=[tool.options.python, "parent.py"])
        starts = texts["recording"].count('"k":"exec"')
        tool.need(starts >= len(ways), "only %d of %d programs were recorded" % (starts, len(ways)))
        for number, (name, _, words) in enumerate(ways):
            tool.check(texts, secret(kind, number), "argument of %s: %r" % (name, words))
            count += 1
        # What the user types.
        for number, words in enumerate(WORDS):
            text = secret(kind, 1000 + number)
            texts = tool.run([], command=[tool.options.python, "child.py", *replaced(words, text)])
            tool.need('"k":"exec"' in texts["recording"], "no program was recorded: %r" % words)
            tool.check(texts, text, "argument of the command: %r" % words)
            count += 1
    return count


def sources(tool):
    for kind in range(len(SECRETS)):
        for number, line in enumerate(SOURCES):
            text = secret(kind, number)
            tool.write("script.py", CYCLE % line.replace("§", text))
            texts = tool.run([], command=[tool.options.python, "script.py"])
            tool.need('"ST101"' in texts["report"], "no finding: %s" % line)
            tool.check(texts, text, "source line: %s" % line)
    return len(SECRETS) * len(SOURCES)


def exceptions(tool):
    for kind in range(len(SECRETS)):
        for number, exception in enumerate(EXCEPTIONS):
            text = secret(kind, number)
            tool.write("script.py", CRASH % exception.replace("§", text))
            texts = tool.run([], command=[tool.options.python, "script.py"])
            tool.need('"ST202"' in texts["report"], "no finding: %s" % exception)
            tool.check(texts, text, "exception: %s" % exception)
    return len(SECRETS) * len(EXCEPTIONS)


def variables(tool):
    for kind in range(len(SECRETS)):
        for number, variable in enumerate(VARIABLES):
            name, value = variable.split("=", 1)
            text = secret(kind, number)
            tool.write("child.py", "pass\n")
            texts = tool.run([], {name: value.replace("§", text)}, command=[tool.options.python, "child.py"])
            tool.need('"k":"hdr"' in texts["recording"], "no recording: %s" % variable)
            tool.check(texts, text, "variable: %s" % variable)
    return len(SECRETS) * len(VARIABLES)


def paths(tool):
    """Known values in paths, texts and lines of every kind."""
    count = 0
    for kind in range(len(SECRETS)):
        text = secret(kind, 7)
        folder = os.path.join(tool.folder, text, "work")
        os.makedirs(folder, exist_ok=True)
        lines = {
            "the working directory": "x = start()", "a line": "x = start('%s')" % text,
            "a child's path": "import subprocess; subprocess.run(['%s/child', '1']); x = start()" % folder,
        }
        for name, line in lines.items():
            with open(os.path.join(folder, "script.py"), "w") as file:
                file.write(CYCLE % line)
            child = os.path.join(folder, "child")
            if not os.path.exists(child):
                os.symlink("/bin/true", child)
            texts = tool.run([], {"DB_PASSWORD": text}, folder, [tool.options.python, folder + "/script.py"])
            tool.need('"ST101"' in texts["report"], "no finding: %s" % name)
            tool.check(texts, text, "known value: %s" % name)
            count += 1
        script = os.path.join(folder, "crash.py")
        with open(script, "w") as file:
            file.write(CRASH % ("ValueError('bad: %s')" % text))
        texts = tool.run([], {"MY_TOKEN": text}, folder, [tool.options.python, script])
        tool.check(texts, text, "known value: an exception")
        # A secret that an option names is one in every later text.
        tool.write("crash.py", CRASH % ("ValueError('bad: %s')" % text))
        texts = tool.run([], command=[tool.options.python, "crash.py", "--password", text])
        tool.check(texts, text, "an option's value in an exception")
        count += 2
    return count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--keep", help="work in this folder, and leave it")
    parser.add_argument("--verbose", action="store_true", help="show where each leak is")
    parser.add_argument("--only", help="one group: arguments, sources, exceptions, variables, paths")
    parser.add_argument("spawntrace")
    options = parser.parse_args()
    options.spawntrace = os.path.abspath(options.spawntrace)
    with tempfile.TemporaryDirectory(prefix="secrets-") as temporary:
        tool = Tool(options, options.keep or temporary)
        os.makedirs(tool.folder, exist_ok=True)
        total = 0
        for group in (arguments, sources, exceptions, variables, paths):
            if options.only in (None, group.__name__):
                before = len(tool.leaks)
                count = group(tool)
                total += count
                print("%-12s %4d ways, %d leaks" % (group.__name__, count, len(tool.leaks) - before), flush=True)
    for leak in tool.leaks:
        print("leak:", leak)
    for failure in tool.failures:
        print("failed:", failure)
    print("%d ways, %d leaks" % (total, len(tool.leaks)))
    return 2 if tool.failures else 1 if tool.leaks else 0


if __name__ == "__main__":
    sys.exit(main())

"""Wraps a program's real output in what CI hosts put around it, and moves its paths to where they keep checkouts.

A form is a function from `Printed` and a random generator to bytes. Torn forms make several workers' tracebacks of
one real one, and mix them as processes mix that write to one pipe.
"""
import datetime
import json
import re

BEGIN = datetime.datetime(2026, 11, 20, 10, 15, 30)
PHRASE = b"An attempt has been made to start a new process before the"


# ---------------------------------------------------------------------------- paths


def moved(printed, root, library):
    """The output with the checkout at `root` and the interpreter's library below `library`."""
    text = printed.output.replace(printed.folder.encode(), root.encode())
    version = printed.version.encode()
    text = re.sub(rb"/[^\s\"':]*?/lib/python" + re.escape(version) + rb"/", library.encode() + b"/lib/python" + version + b"/",
                  text)
    return text


def tool_cache(printed):
    micro = {"3.8": "3.8.18", "3.12": "3.12.1", "3.13": "3.13.0", "3.14": "3.14.0"}[printed.version]
    return "/opt/hostedtoolcache/Python/%s/x64" % micro


def windows(printed, root):
    """The output as Windows prints it: its paths, and the module that starts processes there."""
    text = moved(printed, "/ROOT", "/LIB").decode("utf-8", "replace")
    digits = printed.version.replace(".", "")

    def path(match):
        name = match.group(1)
        if name.startswith("/ROOT"):
            name = root + name[5:]
        elif name.startswith("/LIB"):
            name = "C:\\Python%s%s" % (digits, name[4:].replace("/lib/python%s/" % printed.version, "/lib/"))
        return 'File "%s"' % name.replace("/", "\\")
    lines = []
    for line in text.split("\n"):
        moved_line = re.sub(r'File "([^"\n]*)"', path, line)
        # A representation doubles backslashes.
        if "\\n  File" in line:
            moved_line = re.sub(r'File "([^"]*)"', lambda m: m.group(0).replace("\\", "\\\\"), moved_line)
        lines.append(moved_line)
    text = "\n".join(lines)
    return text.replace("popen_spawn_posix", "popen_spawn_win32").encode()


# ---------------------------------------------------------------------------- torn


def tracebacks(output):
    """The first whole traceback of a refusal, as lines with their ends; None if there is none."""
    lines = output.splitlines(True)
    heads = [i for i, line in enumerate(lines) if line.startswith(b"Traceback")]
    for head in heads:
        end = head + 1
        while end < len(lines) and not lines[end].startswith(b"Traceback"):
            end += 1
            if PHRASE in lines[end - 1]:
                while end < len(lines) and (lines[end].startswith(b" ") or not lines[end].strip()):
                    end += 1
                block = lines[head:end]
                frames = [x for x in block if b'File "' in x]
                starts = [x for x in frames if b"in spawn_main" in x or b'forkserver.py"' in x and b"in main" in x]
                if len(starts) == 1 and all(x.startswith(b'  File "') for x in frames) \
                        and sum(b"Traceback" in x for x in block) == 1 \
                        and len(frames) == len(set(frames)) \
                        and any(b", in <module>" in x and b"<string>" not in x for x in frames):
                    return block
                break
    return None


def shuffled(output, random, workers=4, step=0.35):
    """Several workers whose lines come in any mixture; each worker's own order stays."""
    block = tracebacks(output)
    if not block:
        return output
    queues = [list(block) for _ in range(workers)]
    result, current = [], 0
    while any(queues):
        if random.random() < step or not queues[current]:
            current = random.choice([i for i, q in enumerate(queues) if q])
        result.append(queues[current].pop(0))
    return b"".join(result)


def in_step(output, random, workers=4):
    """Each line comes once for each worker."""
    block = tracebacks(output)
    return b"".join(line for line in block for _ in range(workers)) if block else output


def halves(output, random, workers=6, repeats=5):
    """Workers whose pieces of lines mix, as CPython up to 3.12 writes them: a line's indentation, its text."""
    block = tracebacks(output)
    if not block:
        return output
    pieces = []
    for line in block:
        if line.startswith(b"    ") and random.random() < 0.5:
            pieces += [line[:4], line[4:]]
        elif random.random() < 0.03 and len(line) > 20:
            cut = random.randrange(5, len(line) - 3)
            pieces += [line[:cut], line[cut:]]
        else:
            pieces.append(line)
    result = []
    for _ in range(repeats):
        queues = [list(pieces) for _ in range(workers)]
        current = 0
        while any(queues):
            if random.random() < 0.08 or not queues[current]:
                current = random.choice([i for i, q in enumerate(queues) if q])
            result.append(queues[current].pop(0))
    return b"".join(result)


def late_frames(output, random):
    """The message of one worker before the frames of the next: standard output and error in two buffers."""
    block = tracebacks(output)
    if not block:
        return output
    cut = next(i for i, line in enumerate(block) if line.startswith(b"RuntimeError"))
    return b"".join(block[cut:] + block[:cut])


# ---------------------------------------------------------------------------- hosts


def clock(random):
    now = BEGIN + datetime.timedelta(seconds=random.randrange(86400))
    while True:
        now += datetime.timedelta(microseconds=random.randrange(1, 40000))
        yield now


def command(printed):
    words = ["python" if word == printed.command[0] else word for word in printed.command]
    return " ".join(words)


def stamped(lines, form, random):
    ticks = clock(random)
    return b"".join(form(next(ticks)).encode() + line + b"\n" for line in lines)


def ended(printed):
    return printed.status != 0


def iso(now, digits=7):
    return now.strftime("%Y-%m-%dT%H:%M:%S.") + ("%06d0" % now.microsecond)[:digits] + "Z"


def github(printed, random, body=None):
    root = "/home/runner/work/shop/shop"
    text = body or moved(printed, root, tool_cache(printed))
    lines = [b"Current runner version: '2.321.0'", b"##[group]Operating System", b"Ubuntu", b"24.04.1", b"##[endgroup]",
             b"##[group]Run actions/checkout@v4", b"##[endgroup]", b"Syncing repository: acme/shop",
             b"Working directory is '/home/runner/work/shop/shop'",
             b"##[group]Run " + command(printed).encode(), b"\x1b[36;1m" + command(printed).encode() + b"\x1b[0m",
             b"shell: /usr/bin/bash -e {0}", b"env:", b"  pythonLocation: " + tool_cache(printed).encode(), b"##[endgroup]"]
    lines += text.splitlines()
    if ended(printed):
        lines.append(b"##[error]Process completed with exit code %d." % (printed.status % 256))
    lines += [b"Post job cleanup.", b"Cleaning up orphan processes"]
    return stamped(lines, lambda now: iso(now) + " ", random)


def github_windows(printed, random):
    return github(printed, random, windows(printed, "D:\\a\\shop\\shop")).replace(b"\n", b"\r\n")


def github_macos(printed, random):
    version = printed.version
    library = "/Library/Frameworks/Python.framework/Versions/" + version
    return github(printed, random, moved(printed, "/Users/runner/work/shop/shop", library))


def github_cli(printed, random):
    return b"".join(b"test (3.12, ubuntu-latest)\tRun tests\t" + line + b"\n" for line in
                    github(printed, random).splitlines())


def gitlab(printed, random):
    text = moved(printed, "/builds/acme/shop", "/usr/local")
    seconds = int(BEGIN.timestamp())
    begin = (b"\x1b[0KRunning with gitlab-runner 17.5.0 (abc)\x1b[0;m\nsection_start:%d:get_sources\r\x1b[0K\x1b[0K\x1b[36;1m"
             b"Getting source from Git repository\x1b[0;m\n"
             b"Reinitialized existing Git repository in /builds/acme/shop/.git/\n"
             b"section_end:%d:get_sources\r\x1b[0Ksection_start:%d:step_script\r\x1b[0K\x1b[32;1m$ %s\x1b[0;m\n"
             % (seconds, seconds + 3, seconds + 3, command(printed).encode()))
    end = b"\x1b[31;1mERROR: Job failed: exit code 1\n\x1b[0;m" if ended(printed) else b"\x1b[32;1mJob succeeded\n\x1b[0;m"
    return begin + text + b"section_end:%d:step_script\r\x1b[0K" % (seconds + 9) + end


def gitlab_stamped(printed, random):
    ticks = clock(random)
    return b"".join(iso(next(ticks), 6).encode() + random.choice([b" 00O ", b" 01O ", b" 01E "]) + line + b"\n"
                    for line in gitlab(printed, random).split(b"\n"))


def azure(printed, random):
    text = moved(printed, "/home/vsts/work/1/s", tool_cache(printed))
    lines = [b"##[section]Starting: Run tests", b"=" * 78, b"Task         : Command line", b"Script contents:",
             command(printed).encode(), b"========================== Starting Command Output ==========================="]
    lines += text.splitlines()
    if ended(printed):
        lines.append(b"##[error]Bash exited with code '1'.")
    lines.append(b"##[section]Finishing: Run tests")
    return b"\xef\xbb\xbf" + stamped(lines, lambda now: iso(now) + " ", random)


def azure_windows(printed, random):
    text = windows(printed, "D:\\a\\1\\s")
    lines = [b"##[section]Starting: Run tests"] + text.splitlines() + [b"##[section]Finishing: Run tests"]
    return stamped(lines, lambda now: iso(now) + " ", random).replace(b"\n", b"\r\n")


def buildkite(printed, random):
    text = moved(printed, "/var/lib/buildkite-agent/builds/agent-1/acme/shop", "/usr")
    lines = [b"~~~ Running commands", b"\x1b[90m$\x1b[0m " + command(printed).encode()] + text.splitlines()
    if ended(printed):
        lines += [b"^^^ +++", b"\xf0\x9f\x9a\xa8 Error: The command exited with status 1"]
    ticks = clock(random)
    return b"".join(b"\x1b_bk;t=%d\x07" % int(next(ticks).timestamp() * 1000) + line + b"\r\n" for line in lines)


def jenkins(printed, random):
    text = moved(printed, "/var/lib/jenkins/workspace/shop@2", "/usr")
    lines = [b"[Pipeline] Start of Pipeline", b"Running on builder-3 in /var/lib/jenkins/workspace/shop@2", b"[Pipeline] sh",
             b"+ " + command(printed).encode()] + text.splitlines()
    lines += [b"[Pipeline] End of Pipeline", b"ERROR: script returned exit code 1" if ended(printed) else b"",
              b"Finished: FAILURE" if ended(printed) else b"Finished: SUCCESS"]
    return stamped(lines, lambda now: "[" + iso(now, 3) + "] ", random)


def circleci(printed, random):
    text = moved(printed, "/root/project", "/usr/local")
    end = b"\nExited with code exit status 1\n\nCircleCI received exit code 1\n" if ended(printed) else \
        b"\nCircleCI received exit code 0\n"
    return b"#!/bin/bash -eo pipefail\n" + command(printed).encode() + b"\n" + text + end


def compose(printed, random):
    text = moved(printed, "/app", "/usr/local")
    return b"".join(b"\x1b[36mworker-1  | \x1b[0m" + line + b"\n" for line in text.splitlines())


def docker_json(printed, random):
    ticks = clock(random)
    text = moved(printed, "/app", "/usr/local").decode("utf-8", "replace")
    return "".join(json.dumps({"log": line, "stream": "stderr", "time": iso(next(ticks))}, separators=(",", ":"),
                              ensure_ascii=False) + "\n" for line in text.splitlines(True)).encode()


def log_lines(printed, random):
    """A program that logs its child's output: level, logger, and a width that changes."""
    ticks = clock(random)
    text = moved(printed, "/srv/shop", "/usr")
    return b"".join(next(ticks).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3].encode() + b" ERROR    [runner.py:%d] child: " %
                    random.choice([9, 88, 104]) + line + b"\n" for line in text.splitlines())


def nested(printed, random):
    """Four prefixes deep, with a quote behind, as seen in a package's build log."""
    text = moved(printed, "/home/abuild/rpmbuild/BUILD/shop-1.0", "/usr")
    return b"".join(b"[%5ds] E  and: 'INTERNALERROR> %s'\n" % (8 + number // 7, line) for number, line in
                    enumerate(text.splitlines()))


def padded(printed, random):
    """A fixed-width console: padding behind the text."""
    text = moved(printed, "/srv/shop", "/usr")
    return b"".join(b"| " + line.ljust(150) + b" |\n" for line in text.splitlines())


def powershell(printed, random):
    text = windows(printed, "C:\\projects\\shop").decode("utf-8", "replace")
    return b"\xff\xfe" + text.replace("\n", "\r\n").encode("utf-16-le")


def travis(printed, random):
    text = moved(printed, "/home/travis/build/acme/shop", "/home/travis/virtualenv/python" + printed.version)
    return (b"travis_fold:start:git.checkout\r\x1b[0Ktravis_time:start:0a\r\x1b[0K$ git clone --depth=50\n"
            b"travis_time:end:0a:start=1763633730000000000,finish=1763633731000000000,duration=1\r\x1b[0K"
            b"\x1b[0K$ " + command(printed).encode() + b"\n" + text.replace(b"\n", b"\r\n") +
            b"\r\n\x1b[31;1mThe command \"" + command(printed).encode() + b"\" exited with 1.\x1b[0m\n\n"
            b"Done. Your build exited with 1.\n")


def tee(printed, random):
    return moved(printed, "/home/dev/shop", "/usr")


def torn(mix):
    def form(printed, random):
        moved_text = mix(moved(printed, "/home/runner/work/shop/shop", tool_cache(printed)), random)
        return github(printed, random, moved_text)
    form.__name__ = "torn_" + mix.__name__
    return form


FORMS = [github, gitlab, azure, buildkite, jenkins, circleci, compose, github_windows, github_macos, torn(shuffled),
         gitlab_stamped, nested, log_lines, torn(in_step), azure_windows, docker_json, github_cli, torn(halves), padded,
         powershell, travis, torn(late_frames), tee]

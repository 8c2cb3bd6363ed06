import sys

sys.stderr.write("""Traceback (most recent call last):
  File "job.py", line 3, in <module>
RuntimeError:
        An attempt has been made to start a new process before the
        current process has finished its bootstrapping phase.

        This probably means that you are not using fork to start your
        child processes and you have forgotten to use the proper idiom
        in the main module.
""")
sys.exit(1)

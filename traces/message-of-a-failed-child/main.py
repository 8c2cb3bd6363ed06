import subprocess
import sys

# A test runner repeats what its subprocess has written: that one has the fault, this one has not.
done = subprocess.run([sys.executable, "job.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
sys.stderr.write(done.stderr.decode())
print("the job has ended with", done.returncode)

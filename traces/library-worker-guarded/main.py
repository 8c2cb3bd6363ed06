import subprocess
import sys

import farm

# Other programs may be run at each import.
subprocess.run([sys.executable, "-c", "print('checked')"], stdout=subprocess.PIPE, check=True)


def work(n):
    return n + 1


if __name__ == "__main__":
    print(farm.call(work, 1), farm.call(work, 2))

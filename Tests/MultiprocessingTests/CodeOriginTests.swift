import Multiprocessing
import Testing

struct CodeOriginTests {
  @Test(arguments: [
    "/usr/lib/python3.13/multiprocessing/pool.py",
    "/usr/lib64/python3.12/json/__init__.py",
    "/usr/lib/python3.13/lib-dynload/_json.py",
    "/home/u/.pyenv/versions/3.12.1/lib/python3.12/runpy.py",
    "/opt/conda/envs/e/lib/python3.11/__pycache__/runpy.cpython-311.pyc",
    "/home/u/.local/share/uv/python/cpython-3.14.0-linux-x86_64-gnu/lib/python3.14/os.py",
    "/usr/local/lib/python3.14t/threading.py",
    "/usr/local/lib/python313.zip/json/decoder.py",
    "/usr/local/lib/python313.zip",
    "/opt/pypy/lib/pypy3.11/multiprocessing/context.py",
    "/nix/store/0a-python3-3.13.1/lib/python3.13/subprocess.py",
    "/w/project/lib/site/lib/python3.9/os.py",
  ])
  func `the standard library, wherever it was installed`(path: String) {
    #expect(CodeOrigin(path: path) == .standardLibrary)
  }

  @Test(arguments: [
    "/usr/lib/python3/dist-packages/numpy/__init__.py",
    "/usr/local/lib/python3.13/dist-packages/yaml/loader.py",
    "/w/.venv/lib/python3.13/site-packages/pytest/__main__.py",
    "/w/.venv/lib64/python3.13/site-packages/joblib/parallel.py",
    "/opt/conda/lib/python3.12/site-packages/six.py",
    "/home/u/.local/lib/python3.11/site-packages/pkg/__pycache__/m.cpython-311.pyc",
    "/w/lib/site-packages/pkg/lib/python3.12/inner.py",
  ])
  func `installed packages`(path: String) {
    #expect(CodeOrigin(path: path) == .package)
  }

  @Test(arguments: [
    "/w/runtest.py", "runtest.py", "", "/", "./lib/helper.py",
    "/w/python3.13/tool.py",
    "/w/lib/pythonista/tool.py",
    "/w/lib/python/tool.py",
    "/w/lib/python-tools/tool.py",
    "/w/lib/python3-tools/tool.py",
    "/w/lib/python3pi/blink.py",
    "/w/lib/python3tip/blink.py",
    "/w/lib/python3.zipped/x.py",
    "/w/lib/src/python3.13/tool.py",
    "/w/mylib/python3.13/tool.py",
    "/w/site-packages-of-mine/tool.py",
    "/w/my-site-packages/tool.py",
    "/w/lib/pypy/x.py",
    "/w/lib.py", "/w/lib/python3.13.py",
    "/w/.venv/bin/pytest",
    "/w/<strange>/x.py",
  ])
  func `the user's own code, also in folders that look similar`(path: String) {
    #expect(CodeOrigin(path: path) == .user)
  }

  @Test(arguments: ["<string>", "<stdin>", "<frozen runpy>", "<frozen importlib._bootstrap>", "<"])
  func `code without a file`(path: String) {
    #expect(CodeOrigin(path: path) == .generated)
  }
}

"""Runs the tests of test_thing.py. Nothing guards the last statement: each worker of the Pool that the
tests start imports this file and runs them again, and the run is green all the same."""
import importlib
import unittest

tests = unittest.defaultTestLoader.loadTestsFromModule(importlib.import_module("test_thing"))
unittest.TextTestRunner(verbosity=2).run(tests)

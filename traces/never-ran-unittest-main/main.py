import multiprocessing
import unittest


def work():
    print("work")


class WorkTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.process = multiprocessing.get_context("spawn").Process(target=work)
        cls.process.start()

    def test_work(self):
        self.process.join()
        self.assertIn(self.process.exitcode, (0, 5))


unittest.main()

import multiprocessing
import unittest


class SquaresTest(unittest.TestCase):
    def test_abs(self):
        with multiprocessing.get_context("forkserver").Pool(2) as pool:
            self.assertEqual(pool.map(abs, [-1, 2]), [1, 2])


unittest.main()

import unittest

import thing


class SquaresTest(unittest.TestCase):
    def test_squares(self):
        self.assertEqual(thing.squares(4), [0, 1, 4, 9])

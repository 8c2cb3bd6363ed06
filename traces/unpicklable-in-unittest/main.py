import multiprocessing
import threading
import unittest


class Service:
    def __init__(self):
        self.lock = threading.Lock()

    def serve(self):
        with self.lock:
            print("serving")


class ServiceTest(unittest.TestCase):
    def test_serve(self):
        with self.assertRaises(TypeError):
            multiprocessing.get_context("spawn").Process(target=Service().serve).start()


if __name__ == "__main__":
    unittest.main()

"""What is tested: squares, computed by worker processes."""
import multiprocessing


def square(number):
    return number * number


def squares(count):
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        return pool.map(square, range(count))

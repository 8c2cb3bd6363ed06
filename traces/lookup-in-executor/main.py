import concurrent.futures
import multiprocessing

if __name__ == "__main__":

    def work(n):
        return n

    context = multiprocessing.get_context("spawn")
    try:
        with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as executor:
            print(list(executor.map(work, range(3))))
    except concurrent.futures.process.BrokenProcessPool:
        print("broken")

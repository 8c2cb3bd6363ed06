import multiprocessing


def main():
    global Job

    class Job:
        def run(self):
            return 1

    Job.__qualname__ = "Job"
    process = multiprocessing.get_context("spawn").Process(target=Job().run)
    process.start()
    process.join()


if __name__ == "__main__":
    main()

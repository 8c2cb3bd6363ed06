import batch

batch.submit("work")
batch.submit("work")


def work():
    print("work", flush=True)

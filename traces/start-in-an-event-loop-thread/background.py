"""A library with an event loop in a thread of its own, which starts its workers there."""
import asyncio
import concurrent.futures
import multiprocessing
import threading

loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()


async def call(function, argument):
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as executor:
        return await loop.run_in_executor(executor, function, argument)


def run(function, argument):
    return asyncio.run_coroutine_threadsafe(call(function, argument), loop).result(10)

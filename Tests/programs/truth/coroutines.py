"""async and await: a stack shows what runs, not the tasks that wait for it."""
import asyncio
import threading
import types

from truth import place


class Awaitable:
    def __await__(self):
        place()
        yield from leaf().__await__()
        return place(1)


class Context:
    async def __aenter__(self):
        place()
        await asyncio.sleep(0)
        return place(self)

    async def __aexit__(self, *_):
        await asyncio.sleep(0)
        place()


class Numbers:
    def __init__(self):
        self.left = 2

    def __aiter__(self):
        place()
        return self

    async def __anext__(self):
        await asyncio.sleep(0)
        if self.left == 0:
            raise StopAsyncIteration
        self.left -= 1
        return place(self.left)


async def leaf():
    place()
    await asyncio.sleep(0)
    return place(1)


async def deep(depth):
    if depth:
        return await deep(
            depth - 1)
    return await leaf()


async def generating():
    for number in range(2):
        yield place(number)
        await asyncio.sleep(0)
    place()


async def failing():
    try:
        await leaf()
        raise KeyError(await leaf())
    except KeyError:
        place(await leaf())
    finally:
        await leaf()


async def cancelled():
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        place()
        raise


@types.coroutine
def old():
    place()
    yield from []
    return place(1)


async def main():
    place()
    await leaf()
    await deep(8)
    await Awaitable()
    await old()
    async with Context():
        place()
    async for number in Numbers():
        place(number)
    async for number in generating():
        place(number)
    [place(number) async for number in generating()]
    [place(await leaf()) for _ in (1,)]
    [place(number)
     async for number in Numbers()
     if place(1)]
    await failing()
    await asyncio.gather(
        leaf(), deep(2),
        leaf())
    task = asyncio.ensure_future(cancelled())
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        place()
    loop = asyncio.get_event_loop()
    loop.call_soon(lambda: place())
    await asyncio.sleep(0)
    await loop.run_in_executor(None, place)
    loop.call_later(0, place)
    await asyncio.sleep(0.01)
    future = loop.create_future()
    future.add_done_callback(lambda _: place())
    future.set_result(place(1))
    place(
        await future)
    await asyncio.wait_for(leaf(), 60)
    if hasattr(asyncio, "eager_task_factory"):
        loop.set_task_factory(asyncio.eager_task_factory)
        await asyncio.gather(leaf(), deep(1))
    if hasattr(asyncio, "TaskGroup"):
        async with asyncio.TaskGroup() as group:
            group.create_task(leaf())
            group.create_task(deep(1))
    if hasattr(asyncio, "to_thread"):
        await asyncio.to_thread(lambda: place())


def by_hand():
    """A coroutine without an event loop."""
    async def only():
        place()
        await Step()
        return place(1)

    class Step:
        def __await__(self):
            yield place(1)

    coroutine = only()
    coroutine.send(None)
    try:
        coroutine.send(None)
    except StopIteration:
        place()
    unfinished = only()
    unfinished.send(None)
    unfinished.close()


def run():
    by_hand()
    loop = asyncio.new_event_loop()
    loop.run_until_complete(main())
    loop.close()
    if hasattr(asyncio, "run"):
        thread = threading.Thread(target=lambda: asyncio.run(main()))
        thread.start()
        thread.join()
    try:
        import contextvars
    except ImportError:
        return
    contextvars.copy_context().run(lambda: place())

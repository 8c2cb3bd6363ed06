import SpawnTraceCLI

SpawnTrace.run()

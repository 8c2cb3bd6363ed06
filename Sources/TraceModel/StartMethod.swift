/// How multiprocessing, or a library like it, starts its workers.
package enum StartMethod: String, Hashable, Sendable {
  case fork
  case spawn
  case forkserver
  case loky
}

#ifndef SPAWNTRACE_LATE_CLOSE_H
#define SPAWNTRACE_LATE_CLOSE_H

/// Leaves the last close(2) of a descriptor to a helper process, because it can take long: an
/// inotify instance waits up to 16 ms for a grace period of the kernel (fs/notify/group.c,
/// fsnotify_destroy_group), and our caller would wait, too. To be called right before exit(3),
/// while there is one thread. The helper closes the descriptor when this process has ended, and
/// ends itself.
///
/// The corresponding C call is clone(2). If that fails the descriptor is closed as any other.
void spawntrace_close_after_exit(int descriptor);

#endif

#ifndef SPAWNTRACE_CLOSING_H
#define SPAWNTRACE_CLOSING_H

/// Leaves the last close(2) of a descriptor to a process that nobody waits for, because it can take long:
/// an inotify instance waits for a grace period of the kernel's, up to 16 ms (fs/notify/group.c,
/// fsnotify_destroy_group), and so would whoever waits for us. To be called right before exit(3), while
/// there is one thread; that process ends when this one has, and then closes it.
///
/// The corresponding C call is clone(2). Where that fails the descriptor is closed as any other.
void spawntrace_close_behind(int descriptor);

#endif

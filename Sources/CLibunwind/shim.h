#ifndef SPAWNTRACE_UNWIND_H
#define SPAWNTRACE_UNWIND_H

#include <libunwind.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// libunwind's names are macros, which Swift can't see. Its accessors are called some hundred times
// for a stack, so those that need no knowledge of processes are in this file.
//
// libunwind caches how to leave a position in code by its address alone, and is slowest when its
// cache is empty, as for each process that was just executed. So libunwind never sees the real
// addresses of code. Each file is assigned addresses of its own, beyond those that a process can
// have, and the cache serves all processes that map the file, at whatever address. The stack keeps
// its real addresses. Frames are left one by one, and each return address is translated before the
// next step.

/// Addresses below 1 << 48 are those of processes, addresses from there on are assigned to files.
enum { spawntrace_unwind_file_shift = 48 };

/// The unwind table of the file that contains the code of the frame, in the file's addresses (Linux
/// Standard Base Core Specification 5.0, 10.6, "Exception Frames").
struct spawntrace_unwind_index {
  /// The range of code that the table describes.
  uint64_t start, end;
  /// The addresses of .eh_frame_hdr and of its search table.
  uint64_t header, table;
  /// The number of entries in the search table, 8 bytes each.
  uint64_t count;
  /// The file's bytes from `header` on; NULL if there are none.
  const uint8_t *_Nullable bytes;
  uint64_t bytes_count;
  /// The file's addresses minus those of the process. It is set even if there is no table.
  uint64_t displacement;
};

/// A stopped thread in one of its frames, as libunwind sees it.
struct spawntrace_unwind_thread {
  /// The registers by their DWARF numbers. The instruction pointer is one of the file's addresses;
  /// in outer frames it is inside the call before the return address.
  uint64_t registers[40];
  int32_t register_count;
  /// Whether there is an unwind table for the code.
  bool has_index;
  /// Set if the table has no entry for the code.
  bool is_missing;
  struct spawntrace_unwind_index index;
  /// Reads eight bytes of the process's memory; returns false if they aren't readable.
  bool (*_Nonnull read)(void *_Nonnull owner, uint64_t address, uint64_t *_Nonnull value);
  void *_Nonnull owner;
};

/// A thread with registers that are all 0.
static inline struct spawntrace_unwind_thread spawntrace_unwind_thread_make(
    void *_Nonnull owner,
    bool (*_Nonnull read)(void *_Nonnull owner, uint64_t address, uint64_t *_Nonnull value)) {
  return (struct spawntrace_unwind_thread){.read = read, .owner = owner};
}

// Exported by libunwind since 0.99, but not declared in its headers; perf(1) uses it the same way.
extern int UNW_OBJ(dwarf_search_unwind_table)(unw_addr_space_t, unw_word_t, unw_dyn_info_t *,
                                              unw_proc_info_t *, int, void *);

static inline int spawntrace_unwind_find(unw_addr_space_t space, unw_word_t address,
                                         unw_proc_info_t *result, int is_needed, void *argument) {
  struct spawntrace_unwind_thread *thread = argument;
  int status = -UNW_ENOINFO;
  if (thread->has_index) {
    unw_dyn_info_t table;
    memset(&table, 0, sizeof table);
    table.format = UNW_INFO_FORMAT_REMOTE_TABLE;
    table.start_ip = thread->index.start;
    table.end_ip = thread->index.end;
    table.u.rti.segbase = thread->index.header;
    table.u.rti.table_data = thread->index.table;
    table.u.rti.table_len = thread->index.count * 8 / sizeof(unw_word_t);
    status =
        UNW_OBJ(dwarf_search_unwind_table)(space, address, &table, result, is_needed, argument);
  }
  if (status < 0) thread->is_missing = true;
  return status;
}

static inline void spawntrace_unwind_put(unw_addr_space_t space, unw_proc_info_t *info,
                                         void *argument) {
  // libunwind itself frees what a search has allocated (src/dwarf/Gparser.c, put_unwind_info).
  (void)space, (void)info, (void)argument;
}

static inline int spawntrace_unwind_dynamic(unw_addr_space_t space, unw_word_t *list,
                                            void *argument) {
  (void)space, (void)list, (void)argument;
  return -UNW_ENOINFO;
}

static inline int spawntrace_unwind_memory(unw_addr_space_t space, unw_word_t address,
                                           unw_word_t *value, int is_write, void *argument) {
  (void)space;
  struct spawntrace_unwind_thread *thread = argument;
  if (is_write) return -UNW_EINVAL;
  if (address >> spawntrace_unwind_file_shift) {
    const struct spawntrace_unwind_index *index = &thread->index;
    uint64_t offset = address - index->header;
    if (thread->has_index && index->bytes && index->bytes_count >= sizeof *value &&
        offset <= index->bytes_count - sizeof *value) {
      memcpy(value, index->bytes + offset, sizeof *value);
      return 0;
    }
    address -= index->displacement;
  }
  uint64_t word;
  if (!thread->read(thread->owner, address, &word)) return -UNW_EINVAL;
  *value = word;
  return 0;
}

static inline int spawntrace_unwind_register(unw_addr_space_t space, unw_regnum_t number,
                                             unw_word_t *value, int is_write, void *argument) {
  (void)space;
  const struct spawntrace_unwind_thread *thread = argument;
  if (is_write) return -UNW_EREADONLYREG;
  if (number < 0 || number >= thread->register_count) return -UNW_EBADREG;
  *value = thread->registers[number];
  return 0;
}

static inline int spawntrace_unwind_float(unw_addr_space_t space, unw_regnum_t number,
                                          unw_fpreg_t *value, int is_write, void *argument) {
  (void)space, (void)number, (void)value, (void)is_write, (void)argument;
  return -UNW_EINVAL;
}

static inline int spawntrace_unwind_resume(unw_addr_space_t space, unw_cursor_t *cursor,
                                           void *argument) {
  (void)space, (void)cursor, (void)argument;
  return -UNW_EINVAL;
}

/// unw_create_addr_space(3) with a cache of `cache_size` entries; NULL if there is no memory.
static inline unw_addr_space_t _Nullable spawntrace_unwind_create(size_t cache_size) {
  unw_accessors_t accessors;
  memset(&accessors, 0, sizeof accessors);
  accessors.find_proc_info = spawntrace_unwind_find;
  accessors.put_unwind_info = spawntrace_unwind_put;
  accessors.get_dyn_info_list_addr = spawntrace_unwind_dynamic;
  accessors.access_mem = spawntrace_unwind_memory;
  accessors.access_reg = spawntrace_unwind_register;
  accessors.access_fpreg = spawntrace_unwind_float;
  accessors.resume = spawntrace_unwind_resume;
  unw_addr_space_t space = unw_create_addr_space(&accessors, 0);
  if (space) {
    unw_set_caching_policy(space, UNW_CACHE_GLOBAL);
    unw_set_cache_size(space, cache_size, 0);
  }
  return space;
}

/// unw_destroy_addr_space(3).
static inline void spawntrace_unwind_destroy(unw_addr_space_t _Nonnull space) {
  unw_destroy_addr_space(space);
}

/// unw_flush_cache(3) of the whole cache.
static inline void spawntrace_unwind_flush(unw_addr_space_t _Nonnull space) {
  unw_flush_cache(space, 0, 0);
}

/// Leaves the thread's current frame, with unw_init_remote(3), unw_step(3), and unw_get_reg(3) for
/// each register. The registers are then those of the next outer frame, and the instruction pointer
/// is an address of the process.
///
/// Returns a positive number if there is a further frame, 0 after the outermost one, or a negative
/// unw_error_t.
static inline int spawntrace_unwind_leave(unw_addr_space_t _Nonnull space,
                                          struct spawntrace_unwind_thread *_Nonnull thread) {
  unw_cursor_t cursor;
  thread->is_missing = false;
  int status = unw_init_remote(&cursor, space, thread);
  if (status < 0) return status;
  status = unw_step(&cursor);
  if (status <= 0) return status;
  uint64_t registers[40] = {0};
  for (int number = 0; number < thread->register_count; number++) {
    unw_word_t value;
    // Registers that a function need not restore are unknown, and aren't needed.
    if (unw_get_reg(&cursor, number, &value) >= 0) registers[number] = value;
  }
  memcpy(thread->registers, registers, sizeof registers);
  return status;
}

#endif

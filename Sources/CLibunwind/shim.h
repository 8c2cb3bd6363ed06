#ifndef SPAWNTRACE_UNWIND_H
#define SPAWNTRACE_UNWIND_H

#include <libunwind.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// libunwind's names are macros, which Swift can't see, and its accessors are called some hundred
// times for a stack: what needs no knowledge of processes is answered here.
//
// libunwind's cache of how to leave a place in code knows addresses alone, and costs most where
// it is empty: in each process that was just executed. So libunwind is never told where code
// really is. Each file has addresses of its own, beyond all that a process can have, and the
// cache serves all processes that map the file, wherever they do. The stack is where it really
// is; frames are left one by one, and each return address is translated before the next.

/// Below are the addresses of processes, from here on those of files.
enum { spawntrace_unwind_file_shift = 48 };

/// The unwind table of the file that the code at hand is from, at the file's addresses (Linux
/// Standard Base Core Specification 5.0, 10.6, "Exception Frames").
struct spawntrace_unwind_index {
  /// The code for which it holds.
  uint64_t start, end;
  /// Where .eh_frame_hdr is, and where its search table.
  uint64_t header, table;
  /// How many entries the search table has, 8 bytes each.
  uint64_t count;
  /// What the file holds from `header` on. NULL for none.
  const uint8_t *_Nullable bytes;
  uint64_t bytes_count;
  /// What is to be taken from the file's addresses to have the process's; set without a table,
  /// too.
  uint64_t displacement;
};

/// A stopped thread in one of its frames, as libunwind sees it.
struct spawntrace_unwind_thread {
  /// By their DWARF numbers; the instruction pointer is one of the file's addresses, or of the
  /// call in front of the place where the frame goes on.
  uint64_t registers[40];
  int32_t register_count;
  /// Whether there is an unwind table for the code.
  bool has_index;
  /// Set where there was no entry for the code.
  bool is_missing;
  struct spawntrace_unwind_index index;
  /// Reads eight bytes of the process's memory; false where they aren't readable.
  bool (*_Nonnull read)(void *_Nonnull owner, uint64_t address, uint64_t *_Nonnull value);
  void *_Nonnull owner;
};

/// A thread whose registers are all 0.
static inline struct spawntrace_unwind_thread spawntrace_unwind_thread_make(
    void *_Nonnull owner,
    bool (*_Nonnull read)(void *_Nonnull owner, uint64_t address, uint64_t *_Nonnull value)) {
  return (struct spawntrace_unwind_thread){.read = read, .owner = owner};
}

// Exported by libunwind (since 0.99), declared in no header of it; perf(1) uses it the same way.
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
  // What a search has allocated, libunwind frees itself (src/dwarf/Gparser.c, put_unwind_info).
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

/// unw_create_addr_space(3) with a cache of `cache_size` entries; NULL where there is no memory.
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

/// Leaves the frame that the thread is in: unw_init_remote(3), unw_step(3), and unw_get_reg(3) of
/// each register, which then are those of the next outer frame. Its instruction pointer is the
/// process's.
///
/// Returns a positive number where there is a further frame, 0 after the outermost, or a negative
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
    // Those that a function need not restore are unknown, and nobody asks for them.
    if (unw_get_reg(&cursor, number, &value) >= 0) registers[number] = value;
  }
  memcpy(thread->registers, registers, sizeof registers);
  return status;
}

#endif

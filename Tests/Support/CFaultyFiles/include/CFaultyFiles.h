#ifndef CFAULTYFILES_H
#define CFAULTYFILES_H

#include <stdbool.h>

/// A file layer for SQLite (https://www.sqlite.org/vfs.html) that can be made to fail.
///
/// It is SQLite's own one for all files but those in a watched folder. There, a chosen call fails, and
/// what was written but not synced can be lost, as it may be when the power fails.

/// The calls that can be made to fail.
typedef enum {
  FaultyCallOpen,
  FaultyCallRead,
  FaultyCallWrite,
  FaultyCallSync,
  FaultyCallTruncate,
  FaultyCallFileSize,
  FaultyCallLock,
  FaultyCallDelete,
  /// The mapping of the shared memory, which grows its file.
  FaultyCallMap,
  /// The locks in the shared memory.
  FaultyCallMapLock,
} FaultyCall;

/// How a call fails.
typedef enum {
  /// EIO: nothing is done.
  FaultyResultError,
  /// ENOSPC: nothing is done.
  FaultyResultFull,
  /// Half of the bytes are written, and there is no room for the rest.
  FaultyResultShort,
} FaultyResult;

/// A watched folder.
typedef struct FaultyWatch FaultyWatch;

/// Makes the layer the default of this process, and watches the files in `folder`, an absolute path
/// without symbolic links.
FaultyWatch *faulty_watch(const char *folder);

/// Watches no longer; no file of the folder may be open.
void faulty_unwatch(FaultyWatch *watch);

/// Lets the `number`th `call` from now, counted from 1, fail, and with `lasting` all later ones.
void faulty_fail(
    FaultyWatch *watch, FaultyCall call, int number, FaultyResult result, bool lasting);

/// Lets no call fail any more.
void faulty_mend(FaultyWatch *watch);

/// Whether a call failed since `faulty_fail`.
bool faulty_has_failed(FaultyWatch *watch);

/// How many syncs there were that did not fail.
int faulty_sync_count(FaultyWatch *watch);

/// The process is dead: whatever it still does changes no file.
void faulty_die(FaultyWatch *watch);

/// The machine is off, too: undoes whatever was written to the files since they were synced.
///
/// All files of the folder must be closed. Returns how many writes were undone, or -1 when a file
/// cannot be changed.
int faulty_lose_power(FaultyWatch *watch);

/// The process lives again.
void faulty_revive(FaultyWatch *watch);

#endif

#include "CFaultyFiles.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// How to undo a change of a file that is not synced yet.
typedef struct Undo {
  char *path;
  sqlite3_int64 offset;
  /// What was there, and zeros behind the end of the file.
  unsigned char *bytes;
  int count;
  /// Of the file before the change.
  sqlite3_int64 size;
  /// A sync failed: later ones do not make up for it.
  bool isLost;
  struct Undo *earlier;
} Undo;

struct FaultyWatch {
  char *folder;
  FaultyCall call;
  FaultyResult result;
  /// Calls until the one that fails; 0 for none.
  int countdown;
  bool isLasting;
  bool hasFailed;
  bool isDead;
  /// Calls that made something durable.
  int syncs;
  /// The latest first.
  Undo *undo;
  FaultyWatch *next;
};

/// An open file of a watched folder; the file of SQLite's own layer follows it.
typedef struct {
  sqlite3_file base;
  FaultyWatch *watch;
  const char *path;
} FaultyFile;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static FaultyWatch *watches;
static sqlite3_vfs *original;
static sqlite3_vfs layer;

static sqlite3_file *inner(sqlite3_file *file) {
  return (sqlite3_file *)((FaultyFile *)file + 1);
}

static FaultyWatch *watching(const char *path) {
  if (!path) return NULL;
  pthread_mutex_lock(&mutex);
  FaultyWatch *watch = watches;
  for (; watch; watch = watch->next) {
    size_t length = strlen(watch->folder);
    if (!strncmp(path, watch->folder, length) && path[length] == '/') break;
  }
  pthread_mutex_unlock(&mutex);
  return watch;
}

/// Whether this call fails.
static bool fails(FaultyWatch *watch, FaultyCall call) {
  pthread_mutex_lock(&mutex);
  bool result = false;
  if (!watch->isDead && watch->countdown > 0 && watch->call == call) {
    watch->countdown--;
    if (watch->countdown == 0) {
      result = true;
      watch->hasFailed = true;
      if (watch->isLasting) watch->countdown = 1;
    }
  }
  pthread_mutex_unlock(&mutex);
  return result;
}

static int failure(FaultyWatch *watch, int error) {
  return watch->result == FaultyResultError ? error : SQLITE_FULL;
}

// MARK: What is not synced

/// Notes what is at `offset` before it is changed.
static int remember(sqlite3_file *file, sqlite3_int64 offset, int count) {
  FaultyFile *faulty = (FaultyFile *)file;
  sqlite3_file *real = inner(file);
  sqlite3_int64 size = 0;
  int code = real->pMethods->xFileSize(real, &size);
  if (code != SQLITE_OK) return code;
  Undo *undo = calloc(1, sizeof *undo);
  undo->path = strdup(faulty->path);
  undo->offset = offset;
  undo->bytes = calloc(1, count > 0 ? count : 1);
  undo->count = count;
  undo->size = size;
  if (count > 0 && offset < size) {
    code = real->pMethods->xRead(real, undo->bytes, count, offset);
    if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ) return code;
  }
  pthread_mutex_lock(&mutex);
  // What is written once more may become durable after all.
  for (Undo *other = faulty->watch->undo; other; other = other->earlier)
    if (other->isLost && !strcmp(other->path, undo->path) && other->offset < offset + count
        && offset < other->offset + other->count)
      other->count = 0;
  undo->earlier = faulty->watch->undo;
  faulty->watch->undo = undo;
  pthread_mutex_unlock(&mutex);
  return SQLITE_OK;
}

static void discard(Undo *undo) {
  free(undo->path);
  free(undo->bytes);
  free(undo);
}

/// The file is durable as it is, but for what a failed sync lost.
static void forget(FaultyWatch *watch, const char *path, bool all) {
  pthread_mutex_lock(&mutex);
  for (Undo **place = &watch->undo; *place;) {
    Undo *undo = *place;
    if (strcmp(undo->path, path) || (undo->isLost && !all)) {
      place = &undo->earlier;
    } else {
      *place = undo->earlier;
      discard(undo);
    }
  }
  pthread_mutex_unlock(&mutex);
}

static void lose(FaultyWatch *watch, const char *path) {
  pthread_mutex_lock(&mutex);
  for (Undo *undo = watch->undo; undo; undo = undo->earlier)
    if (!strcmp(undo->path, path)) undo->isLost = true;
  pthread_mutex_unlock(&mutex);
}

/// Puts back what was there; what a failed sync lost does not change the size of its file.
static bool perform(Undo *undo) {
  int descriptor = open(undo->path, O_RDWR | O_CLOEXEC);
  if (descriptor < 0) return false;
  bool isDone = pwrite(descriptor, undo->bytes, undo->count, undo->offset) == undo->count;
  if (!undo->isLost) isDone = ftruncate(descriptor, undo->size) == 0 && isDone;
  close(descriptor);
  return isDone;
}

// MARK: Files

static int closing(sqlite3_file *file) { return inner(file)->pMethods->xClose(inner(file)); }

static int reading(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
  FaultyWatch *watch = ((FaultyFile *)file)->watch;
  if (fails(watch, FaultyCallRead)) return failure(watch, SQLITE_IOERR_READ);
  return inner(file)->pMethods->xRead(inner(file), bytes, count, offset);
}

static int writing(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  FaultyWatch *watch = ((FaultyFile *)file)->watch;
  if (watch->isDead) return SQLITE_IOERR_WRITE;
  bool isFailing = fails(watch, FaultyCallWrite);
  if (isFailing && watch->result != FaultyResultShort) return failure(watch, SQLITE_IOERR_WRITE);
  if (isFailing) count /= 2;
  int code = remember(file, offset, count);
  if (code == SQLITE_OK) code = inner(file)->pMethods->xWrite(inner(file), bytes, count, offset);
  return isFailing ? SQLITE_FULL : code;
}

static int truncating(sqlite3_file *file, sqlite3_int64 size) {
  FaultyWatch *watch = ((FaultyFile *)file)->watch;
  if (watch->isDead) return SQLITE_IOERR_TRUNCATE;
  if (fails(watch, FaultyCallTruncate)) return failure(watch, SQLITE_IOERR_TRUNCATE);
  sqlite3_int64 old = 0;
  int code = inner(file)->pMethods->xFileSize(inner(file), &old);
  if (code == SQLITE_OK) code = remember(file, size, old > size ? (int)(old - size) : 0);
  if (code != SQLITE_OK) return code;
  return inner(file)->pMethods->xTruncate(inner(file), size);
}

/// Nothing waits for the disk: a loss of power is only played.
static int syncing(sqlite3_file *file, int flags) {
  (void)flags;
  FaultyFile *faulty = (FaultyFile *)file;
  if (faulty->watch->isDead) return SQLITE_IOERR_FSYNC;
  if (fails(faulty->watch, FaultyCallSync)) {
    lose(faulty->watch, faulty->path);
    return failure(faulty->watch, SQLITE_IOERR_FSYNC);
  }
  forget(faulty->watch, faulty->path, false);
  pthread_mutex_lock(&mutex);
  faulty->watch->syncs++;
  pthread_mutex_unlock(&mutex);
  return SQLITE_OK;
}

static int sizing(sqlite3_file *file, sqlite3_int64 *size) {
  FaultyWatch *watch = ((FaultyFile *)file)->watch;
  if (fails(watch, FaultyCallFileSize)) return failure(watch, SQLITE_IOERR_FSTAT);
  return inner(file)->pMethods->xFileSize(inner(file), size);
}

static int locking(sqlite3_file *file, int level) {
  FaultyWatch *watch = ((FaultyFile *)file)->watch;
  if (fails(watch, FaultyCallLock)) return failure(watch, SQLITE_IOERR_LOCK);
  return inner(file)->pMethods->xLock(inner(file), level);
}

static int unlocking(sqlite3_file *file, int level) {
  return inner(file)->pMethods->xUnlock(inner(file), level);
}

static int checkingLock(sqlite3_file *file, int *isHeld) {
  return inner(file)->pMethods->xCheckReservedLock(inner(file), isHeld);
}

static int controlling(sqlite3_file *file, int operation, void *argument) {
  return inner(file)->pMethods->xFileControl(inner(file), operation, argument);
}

static int sectorSize(sqlite3_file *file) {
  return inner(file)->pMethods->xSectorSize(inner(file));
}

static int characteristics(sqlite3_file *file) {
  return inner(file)->pMethods->xDeviceCharacteristics(inner(file));
}

static int mapping(sqlite3_file *file, int page, int size, int grows, void volatile **memory) {
  FaultyWatch *watch = ((FaultyFile *)file)->watch;
  if (fails(watch, FaultyCallMap)) return failure(watch, SQLITE_IOERR_SHMMAP);
  return inner(file)->pMethods->xShmMap(inner(file), page, size, grows, memory);
}

static int lockingMap(sqlite3_file *file, int offset, int count, int flags) {
  FaultyWatch *watch = ((FaultyFile *)file)->watch;
  bool isLocking = flags & SQLITE_SHM_LOCK;
  if (isLocking && fails(watch, FaultyCallMapLock)) return failure(watch, SQLITE_IOERR_SHMLOCK);
  return inner(file)->pMethods->xShmLock(inner(file), offset, count, flags);
}

static void barring(sqlite3_file *file) { inner(file)->pMethods->xShmBarrier(inner(file)); }

static int unmapping(sqlite3_file *file, int isRemoving) {
  bool isDead = ((FaultyFile *)file)->watch->isDead;
  return inner(file)->pMethods->xShmUnmap(inner(file), isRemoving && !isDead);
}

static const sqlite3_io_methods methods = {
    2,         closing,      reading,     writing,    truncating,      syncing,
    sizing,    locking,      unlocking,   checkingLock, controlling,   sectorSize,
    characteristics, mapping, lockingMap, barring,    unmapping,       NULL,
    NULL};

// MARK: The layer

static int opening(
    sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *openedFlags) {
  (void)vfs;
  FaultyWatch *watch = watching(path);
  if (!watch) return original->xOpen(original, path, file, flags, openedFlags);
  file->pMethods = NULL;
  if (fails(watch, FaultyCallOpen)) return failure(watch, SQLITE_CANTOPEN);
  if (watch->isDead) flags &= ~SQLITE_OPEN_CREATE;
  int code = original->xOpen(original, path, inner(file), flags, openedFlags);
  if (code != SQLITE_OK) return code;
  ((FaultyFile *)file)->watch = watch;
  ((FaultyFile *)file)->path = path;
  file->pMethods = &methods;
  return SQLITE_OK;
}

static int deleting(sqlite3_vfs *vfs, const char *path, int syncsFolder) {
  (void)vfs;
  FaultyWatch *watch = watching(path);
  if (watch && watch->isDead) return SQLITE_IOERR_DELETE;
  if (watch && fails(watch, FaultyCallDelete)) return failure(watch, SQLITE_IOERR_DELETE);
  if (watch) forget(watch, path, true);
  return original->xDelete(original, path, syncsFolder);
}

static void install(void) {
  original = sqlite3_vfs_find(NULL);
  layer = *original;
  layer.zName = "faulty";
  layer.szOsFile = (int)sizeof(FaultyFile) + original->szOsFile;
  layer.xOpen = opening;
  layer.xDelete = deleting;
  sqlite3_vfs_register(&layer, 1);
}

FaultyWatch *faulty_watch(const char *folder) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, install);
  FaultyWatch *watch = calloc(1, sizeof *watch);
  watch->folder = strdup(folder);
  pthread_mutex_lock(&mutex);
  watch->next = watches;
  watches = watch;
  pthread_mutex_unlock(&mutex);
  return watch;
}

void faulty_unwatch(FaultyWatch *watch) {
  pthread_mutex_lock(&mutex);
  for (FaultyWatch **place = &watches; *place; place = &(*place)->next) {
    if (*place != watch) continue;
    *place = watch->next;
    break;
  }
  while (watch->undo) {
    Undo *undo = watch->undo;
    watch->undo = undo->earlier;
    discard(undo);
  }
  pthread_mutex_unlock(&mutex);
  free(watch->folder);
  free(watch);
}

void faulty_fail(
    FaultyWatch *watch, FaultyCall call, int number, FaultyResult result, bool lasting) {
  pthread_mutex_lock(&mutex);
  watch->call = call;
  watch->countdown = number;
  watch->result = result;
  watch->isLasting = lasting;
  watch->hasFailed = false;
  pthread_mutex_unlock(&mutex);
}

void faulty_mend(FaultyWatch *watch) {
  pthread_mutex_lock(&mutex);
  watch->countdown = 0;
  pthread_mutex_unlock(&mutex);
}

bool faulty_has_failed(FaultyWatch *watch) {
  pthread_mutex_lock(&mutex);
  bool result = watch->hasFailed;
  pthread_mutex_unlock(&mutex);
  return result;
}

static void set_dead(FaultyWatch *watch, bool isDead) {
  pthread_mutex_lock(&mutex);
  watch->isDead = isDead;
  pthread_mutex_unlock(&mutex);
}

int faulty_sync_count(FaultyWatch *watch) {
  pthread_mutex_lock(&mutex);
  int count = watch->syncs;
  pthread_mutex_unlock(&mutex);
  return count;
}

void faulty_die(FaultyWatch *watch) { set_dead(watch, true); }

void faulty_revive(FaultyWatch *watch) { set_dead(watch, false); }

int faulty_lose_power(FaultyWatch *watch) {
  int count = 0;
  pthread_mutex_lock(&mutex);
  while (watch->undo) {
    Undo *undo = watch->undo;
    watch->undo = undo->earlier;
    if (!perform(undo)) count = -1;
    if (count >= 0) count++;
    discard(undo);
  }
  pthread_mutex_unlock(&mutex);
  return count;
}

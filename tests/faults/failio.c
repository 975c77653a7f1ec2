/* A disk that fails on demand, for LD_PRELOAD.
 *
 * Every call that changes something under one folder is counted. At the k-th one the disk fails, or the process is killed, or the
 * power is cut: what was written and not flushed is undone, then the process is killed. `failio_arm` is called once in the process
 * that is to suffer; before that nothing is counted.
 *
 * The power cut undoes in the reverse order. A disk that keeps later writes and loses earlier ones is not simulated.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { COUNT, EIO_ONCE, EIO_ON, NO_SPACE, KILL, TORN, POWER, POWER_NAMES };
enum { WRITES, FLUSHES, NAMES, DELETES };

static char folder[PATH_MAX], spare[PATH_MAX];
static int armed, mode, no_links;
static long at, count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(type, name, ...) ((type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

/* What must be undone when the power is cut: contents of files, and names in folders. */
typedef struct undo {
    struct undo *before;
    int is_name;
    dev_t device;       /* of the file, or of the folder whose names changed */
    ino_t inode;
    int file;           /* an own handle on the file; closed by the end of the process only */
    off_t size, offset;
    size_t length;
    char *bytes;
    char made[PATH_MAX], was[PATH_MAX], kept[PATH_MAX + 16];
} undo;
static undo *log_;
static int spared;

static int path_of(int handle, char *path) {
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", handle);
    ssize_t length = readlink(name, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return 1;
}

static int within(const char *path) {
    size_t length = strlen(folder);
    return !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static int handle_within(int handle) {
    char path[PATH_MAX];
    return armed && path_of(handle, path) && within(path);
}

static void undo_all(void) {
    for (undo *each = log_; each; each = each->before) {
        if (!each->is_name) {
            if (each->length) REAL(ssize_t, pwrite, int, const void *, size_t, off_t)(each->file, each->bytes, each->length, each->offset);
            REAL(int, ftruncate, int, off_t)(each->file, each->size);
            continue;
        }
        if (mode != POWER_NAMES) continue;
        if (each->was[0]) REAL(int, rename, const char *, const char *)(each->made, each->was);
        else if (each->made[0]) REAL(int, unlink, const char *)(each->made);
        if (each->kept[0]) REAL(int, rename, const char *, const char *)(each->kept, each->made);
    }
}

/* Counts a call; gives 0 where it may be done, or the error that it ends with. */
static int fault(int kind) {
    long number = ++count;
    if (mode == COUNT || number < at) return 0;
    if (mode == EIO_ON) return EIO;
    if (mode == NO_SPACE) return kind == DELETES ? 0 : ENOSPC;
    if (number > at) return 0;
    if (mode == EIO_ONCE) return EIO;
    if (mode == TORN && kind == WRITES) return -1;
    if (mode == POWER || mode == POWER_NAMES) undo_all();
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int handle_of(struct stat *of, const char *path) {
    for (undo *each = log_; each; each = each->before)
        if (!each->is_name && each->device == of->st_dev && each->inode == of->st_ino) return each->file;
    return REAL(int, open, const char *, int, ...)(path, O_RDWR | O_CLOEXEC);
}

static void remember_bytes(int handle, off_t offset, size_t length) {
    struct stat of;
    char path[PATH_MAX];
    if ((mode != POWER && mode != POWER_NAMES) || fstat(handle, &of) || !path_of(handle, path)) return;
    undo *each = calloc(1, sizeof *each);
    *each = (undo){.before = log_, .device = of.st_dev, .inode = of.st_ino, .size = of.st_size, .offset = offset};
    each->file = handle_of(&of, path);
    if (offset < of.st_size) {
        size_t there = (size_t)(of.st_size - offset);
        each->bytes = malloc(there < length ? there : length);
        each->length = pread(each->file, each->bytes, there < length ? there : length, offset);
    }
    log_ = each;
}

/* Names are undone in the folder as a whole: there is one. */
static void remember_name(const char *made, const char *was, const char *lost) {
    if (mode != POWER_NAMES) return;
    undo *each = calloc(1, sizeof *each);
    each->before = log_;
    each->is_name = 1;
    if (made) strcpy(each->made, made);
    if (was) strcpy(each->was, was);
    if (lost && !access(lost, F_OK)) {
        snprintf(each->kept, sizeof each->kept, "%s/%d", spare, ++spared);
        REAL(int, linkat, int, const char *, int, const char *, int)(AT_FDCWD, lost, AT_FDCWD, each->kept, 0);
        if (!made) strcpy(each->made, lost);
    }
    log_ = each;
}

static void forget(int handle) {
    struct stat of;
    if (fstat(handle, &of)) return;
    for (undo **link = &log_; *link;) {
        undo *each = *link;
        int is_done = S_ISDIR(of.st_mode) ? each->is_name : !each->is_name && each->device == of.st_dev && each->inode == of.st_ino;
        if (is_done) *link = each->before;
        else link = &each->before;
    }
}

/* Called by the process that is to suffer. */
void failio_arm(const char *under, const char *beside, int how, long when, int without_links) {
    strcpy(folder, under);
    strcpy(spare, beside);
    mode = how, at = when, count = 0, no_links = without_links, armed = 1;
}

long failio_count(void) { return count; }

#define GUARD(kind, is_within, done, remember)       \
    if (!(is_within)) return done;                   \
    pthread_mutex_lock(&lock);                       \
    int wrong = fault(kind);                         \
    if (wrong > 0) {                                 \
        pthread_mutex_unlock(&lock);                 \
        errno = wrong;                               \
        return -1;                                   \
    }                                                \
    remember;                                        \
    __typeof__(done) result = done;                  \
    int error = errno;                               \
    pthread_mutex_unlock(&lock);                     \
    errno = error;                                   \
    return result

#define TEAR(half)                                   \
    if (wrong < 0) {                                 \
        half;                                        \
        kill(getpid(), SIGKILL);                     \
        for (;;) pause();                            \
    }

ssize_t write(int handle, const void *bytes, size_t length) {
    ssize_t (*real)(int, const void *, size_t) = REAL(ssize_t, write, int, const void *, size_t);
    GUARD(WRITES, handle_within(handle), real(handle, bytes, length), {
        TEAR(real(handle, bytes, length / 2));
        remember_bytes(handle, lseek(handle, 0, SEEK_CUR), length);
    });
}

ssize_t pwrite(int handle, const void *bytes, size_t length, off_t offset) {
    ssize_t (*real)(int, const void *, size_t, off_t) = REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
    GUARD(WRITES, handle_within(handle), real(handle, bytes, length, offset), {
        TEAR(real(handle, bytes, length / 2, offset));
        remember_bytes(handle, offset, length);
    });
}
ssize_t pwrite64(int handle, const void *bytes, size_t length, off_t offset) { return pwrite(handle, bytes, length, offset); }

int ftruncate(int handle, off_t length) {
    int (*real)(int, off_t) = REAL(int, ftruncate, int, off_t);
    GUARD(WRITES, handle_within(handle), real(handle, length), {
        TEAR((void)0);
        remember_bytes(handle, length, (size_t)1 << 40);
    });
}
int ftruncate64(int handle, off_t length) { return ftruncate(handle, length); }

int fallocate(int handle, int how, off_t offset, off_t length) {
    int (*real)(int, int, off_t, off_t) = REAL(int, fallocate, int, int, off_t, off_t);
    GUARD(WRITES, handle_within(handle), real(handle, how, offset, length), {
        TEAR((void)0);
        remember_bytes(handle, offset, (size_t)length);
    });
}
int fallocate64(int handle, int how, off_t offset, off_t length) { return fallocate(handle, how, offset, length); }

/* What a power cut would lose is kept by `undo`, so nothing is really flushed, and the tests are quick. */
int fsync(int handle) {
    GUARD(FLUSHES, handle_within(handle), (forget(handle), 0), (void)0);
}
int fdatasync(int handle) { return fsync(handle); }

int rename(const char *from, const char *to) {
    int (*real)(const char *, const char *) = REAL(int, rename, const char *, const char *);
    GUARD(NAMES, armed && within(to), real(from, to), remember_name(to, from, to));
}

int symlink(const char *aim, const char *path) {
    int (*real)(const char *, const char *) = REAL(int, symlink, const char *, const char *);
    if (armed && no_links && within(path)) return errno = EPERM, -1;
    GUARD(NAMES, armed && within(path), real(aim, path), remember_name(path, NULL, NULL));
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    int (*real)(int, const char *, int, const char *, int) = REAL(int, linkat, int, const char *, int, const char *, int);
    if (armed && no_links > 1 && within(to)) return errno = EPERM, -1;
    GUARD(NAMES, armed && within(to), real(from_folder, from, to_folder, to, flags), remember_name(to, NULL, NULL));
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlink(const char *path) {
    int (*real)(const char *) = REAL(int, unlink, const char *);
    GUARD(DELETES, armed && within(path) && !access(path, F_OK), real(path), remember_name(NULL, NULL, path));
}

int remove(const char *path) { return unlink(path); }

int chmod(const char *path, mode_t bits) {
    int (*real)(const char *, mode_t) = REAL(int, chmod, const char *, mode_t);
    GUARD(NAMES, armed && within(path), real(path, bits), (void)0);
}

static int opened(const char *name, const char *path, int flags, mode_t bits) {
    int (*real)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name);
    int is_made = armed && (flags & O_CREAT) && within(path) && access(path, F_OK);
    GUARD(NAMES, is_made, real(path, flags, bits), remember_name(path, NULL, NULL));
}

int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t bits = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened("open", path, flags, bits);
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t bits = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened("open64", path, flags, bits);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t length) {
    ssize_t (*real)(int, int, off_t *, size_t) = REAL(ssize_t, sendfile, int, int, off_t *, size_t);
    GUARD(WRITES, handle_within(to), real(to, from, offset, length), {
        TEAR(real(to, from, offset, length / 2));
        remember_bytes(to, lseek(to, 0, SEEK_CUR), length);
    });
}
ssize_t sendfile64(int to, int from, off_t *offset, size_t length) { return sendfile(to, from, offset, length); }

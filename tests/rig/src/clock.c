/* clock FILE COMMAND WORD...
 *
 * Runs a command, and all that it starts, with another time of day: FILE holds by how many seconds, as
 * text, and may be written at any time. Every program has it, those of Go too, which ask no library:
 *
 * - their questions to the kernel are answered here (seccomp, user notification);
 * - at each exec the address of the vDSO is taken out of what the program is told (ptrace), or it would
 *   find the time there without asking.
 *
 * The monotonic clock, times of files, and timers that are set for a time of day stay the kernel's.
 * It takes root, and needs Linux 5.9. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined __x86_64__
#define STACK_POINTER rsp
#elif defined __aarch64__
#define STACK_POINTER sp
#else
#error "clock.c knows x86-64 and AArch64"
#endif
#ifndef SYS_time /* only older architectures have it */
#define SYS_time 0xffffffff
#endif

static const char *shift_file;
static int listener;

static void fail(const char *what) {
    perror(what);
    exit(125);
}

/* One descriptor, through a socket. */
static void pass(int socket, int *descriptor, ssize_t (*call)(int, struct msghdr *)) {
    char byte = 0, control[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec data = {&byte, 1};
    struct msghdr message = {.msg_iov = &data, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    *head = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(head), descriptor, sizeof(int));
    if (call(socket, &message) != 1) fail("clock: passing the listener");
    memcpy(descriptor, CMSG_DATA(head), sizeof(int));
}
static ssize_t sends(int socket, struct msghdr *message) { return sendmsg(socket, message, 0); }
static ssize_t receives(int socket, struct msghdr *message) { return recvmsg(socket, message, 0); }

/* Has the kernel ask before it tells this process the time of day; where to listen. */
static int filter(void) {
#define IF(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no)
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, what)
    struct sock_filter code[] = {
        LOAD(nr),
        IF(SYS_gettimeofday, 6, 0),
        IF(SYS_time, 5, 0),
        IF(SYS_clock_gettime, 0, 3),
        LOAD(args[0]),
        IF(CLOCK_REALTIME, 2, 0),
        IF(CLOCK_REALTIME_COARSE, 1, 0),
        RETURN(SECCOMP_RET_ALLOW),
        RETURN(SECCOMP_RET_USER_NOTIF),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    /* The second flag keeps a signal from ending a question that is being answered (Linux 5.19). */
    unsigned long flags[] = {SECCOMP_FILTER_FLAG_NEW_LISTENER | 1UL << 5, SECCOMP_FILTER_FLAG_NEW_LISTENER};
    for (int i = 0; i < 2; i++) {
        int found = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags[i], &program);
        if (found >= 0) return found;
    }
    fail("clock: seccomp");
    return -1;
}

static long shift(void) {
    char text[32] = {0};
    int file = open(shift_file, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        if (read(file, text, sizeof text - 1) < 0) *text = 0;
        close(file);
    }
    return atol(text);
}

static void answer(const struct seccomp_notif *asked, struct seccomp_notif_resp *told) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += shift();
    struct timeval coarse = {now.tv_sec, now.tv_nsec / 1000};
    struct iovec from = {&now, sizeof now}, to = {(void *)asked->data.args[0], 0};
    switch (asked->data.nr) {
    case SYS_clock_gettime: to.iov_base = (void *)asked->data.args[1]; break;
    case SYS_gettimeofday: from = (struct iovec){&coarse, sizeof coarse}; break;
    default: from.iov_len = sizeof now.tv_sec; told->val = now.tv_sec; break;
    }
    to.iov_len = from.iov_len;
    if (to.iov_base && process_vm_writev(asked->pid, &from, 1, &to, 1, 0) != (ssize_t)to.iov_len) {
        told->val = 0;
        told->error = -EFAULT;
    }
}

static void *answers(void *nothing) {
    struct seccomp_notif asked;
    for (;;) {
        memset(&asked, 0, sizeof asked);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked)) {
            if (errno == EINTR || errno == ENOENT) continue;
            return nothing;
        }
        struct seccomp_notif_resp told = {.id = asked.id};
        answer(&asked, &told);
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &told);
    }
}

/* Takes AT_SYSINFO_EHDR out of what a program finds above its stack when it starts. */
static void hide_vdso(pid_t process) {
    struct user_regs_struct registers;
    struct iovec into = {&registers, sizeof registers};
    if (ptrace(PTRACE_GETREGSET, process, NT_PRSTATUS, &into)) return;
    unsigned long at = registers.STACK_POINTER, key;
    at += sizeof at * (ptrace(PTRACE_PEEKDATA, process, at, 0) + 2); /* argc, argv, NULL */
    while (ptrace(PTRACE_PEEKDATA, process, at, 0)) at += sizeof at; /* envp */
    for (at += sizeof at; (key = ptrace(PTRACE_PEEKDATA, process, at, 0)) != AT_NULL; at += 2 * sizeof at)
        if (key == AT_SYSINFO_EHDR) ptrace(PTRACE_POKEDATA, process, at, AT_IGNORE);
}

/* Goes along with all of them until the last has ended; the status of the first. */
static int follow(pid_t first) {
    int status, last = 0;
    pid_t process;
    while ((process = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
        if (process < 0) continue;
        if (!WIFSTOPPED(status)) {
            if (process == first) last = status;
            continue;
        }
        int signal = WSTOPSIG(status), event = status >> 16;
        if (event == PTRACE_EVENT_EXEC) hide_vdso(process);
        if (event == PTRACE_EVENT_STOP && signal != SIGTRAP) {
            ptrace(PTRACE_LISTEN, process, 0, 0); /* stopped by a signal: it stays so */
            continue;
        }
        ptrace(PTRACE_CONT, process, 0, event ? 0 : signal);
    }
    return WIFEXITED(last) ? WEXITSTATUS(last) : 128 + WTERMSIG(last);
}

int main(int count, char **words) {
    if (count < 3) {
        fputs("clock FILE COMMAND WORD...\n", stderr);
        return 2;
    }
    shift_file = words[1];
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) fail("clock: socketpair");
    pid_t first = fork();
    if (first < 0) fail("clock: fork");
    if (!first) {
        char byte;
        if (read(pair[1], &byte, 1) != 1) _exit(125);
        listener = filter();
        pass(pair[1], &listener, sends);
        close(listener);
        execvp(words[2], words + 2);
        perror(words[2]);
        _exit(127);
    }
    long events = PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
    if (ptrace(PTRACE_SEIZE, first, 0, events | PTRACE_O_EXITKILL)) fail("clock: ptrace");
    if (write(pair[0], "", 1) != 1) fail("clock: write");
    pass(pair[0], &listener, receives);
    fcntl(listener, F_SETFD, FD_CLOEXEC);
    pthread_t thread;
    if (pthread_create(&thread, NULL, answers, NULL)) fail("clock: a thread");
    return follow(first);
}
